// The racket around this store
// purpose: the group of a store: its members and the identifiers that hold it together, hubs left out
// params: seller (id of a store)
// returns: racket, member, store, uses, identifiers
// access: read
// example: :param seller => 'taobao:s000001'
MATCH (:Seller {id: $seller})-[:MEMBER_OF]->(racket:Racket)-[:FOUND_IN]->(run:Run)<-[:CURRENT]-(:Published {id: 'published'})
WITH run, racket
MATCH (racket)<-[member:MEMBER_OF]-(store:Seller)
WITH run, racket, member, store
ORDER BY member.confidence DESC, store.id
LIMIT 120
CALL (run, racket, store) {
  MATCH (racket)-[relies:RELIES_ON]->(identifier)
  WITH run, store, relies, identifier
  ORDER BY relies.cut DESC, identifier.id
  LIMIT 60
  MATCH (store)-[use:SHIPS_FROM|RETURNS_TO|REGISTERED_AT|PAID_TO|STOCKS_AT|USES_PHONE|USES_EMAIL|LICENSED_AS|REGISTERED_BY]->(identifier)
  WHERE NOT EXISTS { (identifier)<-[verdict:ASSESSED]-() WHERE verdict.runId = run.id AND verdict.hubProbability >= 0.5 }
  RETURN collect(use) AS uses, collect(identifier) AS identifiers
}
RETURN racket, member, store, uses, identifiers
LIMIT 120
