// Takedown notices
// purpose: a page of notices by id, within what the reader may see
// params: after, limit, id, seller, brand, outcome, withinJurisdictions, withinBrands
// returns: id, seller, seller_name, brand, listing_id, filed_on, outcome, reason, source
// access: read
MATCH (n:Notice)
WHERE n.id > $after AND ($id IS NULL OR n.id = $id) AND ($outcome IS NULL OR n.outcome = $outcome)
MATCH (n)-[:AGAINST]->(s:Seller)
WHERE ($seller IS NULL OR s.id = $seller)
  AND (size($withinBrands) = 0 OR EXISTS { (n)-[:OF_BRAND]->(b:Brand) WHERE b.id IN $withinBrands })
  AND ($brand IS NULL OR EXISTS { (n)-[:OF_BRAND]->(:Brand {id: $brand}) })
  AND (size($withinJurisdictions) = 0
    OR EXISTS { (s)-[:SHIPS_FROM|RETURNS_TO|REGISTERED_AT]->(a:Address) WHERE any(p IN $withinJurisdictions WHERE a.adcode STARTS WITH p) }
    OR EXISTS { (s)-[:STOCKS_AT]->(:Warehouse)-[:LOCATED_AT]->(a:Address) WHERE any(p IN $withinJurisdictions WHERE a.adcode STARTS WITH p) }
    OR EXISTS { (s)-[:MEMBER_OF]->(r:Racket)-[:FOUND_IN]->(:Run)<-[:CURRENT]-(:Published)
                WHERE any(j IN r.jurisdictions WHERE any(p IN $withinJurisdictions WHERE j STARTS WITH p)) })
WITH n, s ORDER BY n.id LIMIT $limit
RETURN n.id AS id, s.id AS seller, coalesce(s.storeName, s.name, s.id) AS seller_name,
       head(COLLECT { MATCH (n)-[:OF_BRAND]->(b:Brand) RETURN coalesce(b.name, b.id) ORDER BY b.id }) AS brand,
       n.listingId AS listing_id, n.filedOn AS filed_on, n.outcome AS outcome, n.reason AS reason, n.source AS source
ORDER BY id
