// Gaps in a racket's data
// purpose: members of a group of which little is known: no identifier, no listing, no price
// params: racket (racketId)
// returns: store, identifiers, listings, suspicion, lacks
// access: read
// example: :param racket => 'R-000001'
MATCH (:Published {id: 'published'})-[:CURRENT]->(run:Run)
WITH run
MATCH (racket:Racket {id: $racket + '@' + run.id})<-[:MEMBER_OF]-(store:Seller)
USING INDEX SEEK racket:Racket(id)
WITH store, COUNT { (store)-[:SHIPS_FROM|RETURNS_TO|REGISTERED_AT|PAID_TO|STOCKS_AT|USES_PHONE|USES_EMAIL|LICENSED_AS|REGISTERED_BY]->() } AS identifiers
RETURN store, identifiers, store.listings AS listings, store.suspicion AS suspicion,
  [lack IN [
    CASE WHEN identifiers < 2 THEN 'identifiers' END,
    CASE WHEN coalesce(store.listings, 0) = 0 THEN 'listings' END,
    CASE WHEN store.suspicion IS NULL THEN 'prices' END
  ] WHERE lack IS NOT NULL] AS lacks
ORDER BY size(lacks) DESC, store.id
LIMIT 100
