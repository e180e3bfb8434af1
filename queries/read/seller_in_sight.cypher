// A store somebody may see
// purpose: find a store by its id or its id as received, within what the reader may see
// params: seller, withinJurisdictions, withinBrands
// returns: id (two rows at most: not unique)
// access: read
CALL () {
  MATCH (s:Seller {id: $seller}) RETURN s
  UNION
  MATCH (s:Seller {sellerId: $seller}) RETURN s
}
WITH s
WHERE (size($withinJurisdictions) = 0
    OR EXISTS { (s)-[:SHIPS_FROM|RETURNS_TO|REGISTERED_AT]->(a:Address) WHERE any(p IN $withinJurisdictions WHERE a.adcode STARTS WITH p) }
    OR EXISTS { (s)-[:STOCKS_AT]->(:Warehouse)-[:LOCATED_AT]->(a:Address) WHERE any(p IN $withinJurisdictions WHERE a.adcode STARTS WITH p) }
    OR EXISTS { (s)-[:MEMBER_OF]->(r:Racket)-[:FOUND_IN]->(:Run)<-[:CURRENT]-(:Published)
                WHERE any(j IN r.jurisdictions WHERE any(p IN $withinJurisdictions WHERE j STARTS WITH p)) })
  AND (size($withinBrands) = 0
    OR EXISTS { (s)-[:OFFERS]->(b:Brand) WHERE b.id IN $withinBrands }
    OR EXISTS { (s)<-[:BOUGHT_FROM|AGAINST]-()-[:OF_BRAND]->(b:Brand) WHERE b.id IN $withinBrands })
WITH s, s.id = $seller AS exact
ORDER BY exact DESC, s.id
LIMIT 2
WITH collect({id: s.id, exact: exact}) AS found
UNWIND CASE WHEN size(found) > 0 AND found[0].exact THEN found[..1] ELSE found END AS one
RETURN one.id AS id
