// Test buys
// purpose: a page of test buys by id, within what the reader may see
// params: after, limit, id, seller, brand, verdict, withinJurisdictions, withinBrands
// returns: id, seller, seller_name, brand, listing_id, bought_on, verdict, examiner, examined_on, tracking_no, origin_address, account, source
// access: read
MATCH (t:TestBuy)
WHERE t.id > $after AND ($id IS NULL OR t.id = $id) AND ($verdict IS NULL OR t.verdict = $verdict)
MATCH (t)-[:BOUGHT_FROM]->(s:Seller)
WHERE ($seller IS NULL OR s.id = $seller)
  AND (size($withinBrands) = 0 OR EXISTS { (t)-[:OF_BRAND]->(b:Brand) WHERE b.id IN $withinBrands })
  AND ($brand IS NULL OR EXISTS { (t)-[:OF_BRAND]->(:Brand {id: $brand}) })
  AND (size($withinJurisdictions) = 0
    OR EXISTS { (s)-[:SHIPS_FROM|RETURNS_TO|REGISTERED_AT]->(a:Address) WHERE any(p IN $withinJurisdictions WHERE a.adcode STARTS WITH p) }
    OR EXISTS { (s)-[:STOCKS_AT]->(:Warehouse)-[:LOCATED_AT]->(a:Address) WHERE any(p IN $withinJurisdictions WHERE a.adcode STARTS WITH p) }
    OR EXISTS { (s)-[:MEMBER_OF]->(r:Racket)-[:FOUND_IN]->(:Run)<-[:CURRENT]-(:Published)
                WHERE any(j IN r.jurisdictions WHERE any(p IN $withinJurisdictions WHERE j STARTS WITH p)) })
WITH t, s ORDER BY t.id LIMIT $limit
RETURN t.id AS id, s.id AS seller, coalesce(s.storeName, s.name, s.id) AS seller_name,
       head(COLLECT { MATCH (t)-[:OF_BRAND]->(b:Brand) RETURN coalesce(b.name, b.id) ORDER BY b.id }) AS brand,
       t.listingId AS listing_id, t.boughtOn AS bought_on, t.verdict AS verdict, t.examiner AS examiner,
       t.examinedOn AS examined_on, t.trackingNo AS tracking_no,
       head(COLLECT { MATCH (t)-[:SENT_FROM]->(a:Address) RETURN coalesce(a.text, a.name, a.id) ORDER BY a.id }) AS origin_address,
       head(COLLECT { MATCH (t)-[:PAID_TO]->(p:PaymentAccount) RETURN p.name ORDER BY p.id }) AS account,
       t.source AS source
ORDER BY id
