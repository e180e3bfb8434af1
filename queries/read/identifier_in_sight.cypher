// Whether somebody may see an identifier
// purpose: a store within the reader's sight uses it, or an account that it holds; looks at a bounded number of its stores
// params: identifier, limit, withinJurisdictions, withinBrands
// returns: seen
// access: read
CALL () {
  MATCH (i:Address|PaymentAccount|Warehouse|Phone|Email|Licence|Person {id: $identifier})
    <-[:SHIPS_FROM|RETURNS_TO|REGISTERED_AT|PAID_TO|STOCKS_AT|USES_PHONE|USES_EMAIL|LICENSED_AS|REGISTERED_BY]-(s:Seller)
  RETURN s LIMIT $limit
  UNION
  MATCH (:Person {id: $identifier})<-[:HELD_BY]-(:PaymentAccount)<-[:PAID_TO]-(s:Seller)
  RETURN s LIMIT $limit
}
WITH s
WHERE (size($withinJurisdictions) = 0
    OR EXISTS { (s)-[:SHIPS_FROM|RETURNS_TO|REGISTERED_AT]->(a:Address) WHERE any(p IN $withinJurisdictions WHERE a.adcode STARTS WITH p) }
    OR EXISTS { (s)-[:STOCKS_AT]->(:Warehouse)-[:LOCATED_AT]->(a:Address) WHERE any(p IN $withinJurisdictions WHERE a.adcode STARTS WITH p) }
    OR EXISTS { (s)-[:MEMBER_OF]->(r:Racket)-[:FOUND_IN]->(:Run)<-[:CURRENT]-(:Published)
                WHERE any(j IN r.jurisdictions WHERE any(p IN $withinJurisdictions WHERE j STARTS WITH p)) })
  AND (size($withinBrands) = 0 OR EXISTS { (s)-[:OFFERS]->(b:Brand) WHERE b.id IN $withinBrands })
RETURN count(s) > 0 AS seen
