// Who shares what with this store
// purpose: other stores that use the same identifiers, hubs left out, strongest evidence first
// params: seller (id of a store)
// returns: store, use, identifier, otherUse, other
// access: read
// example: :param seller => 'taobao:s000001'
OPTIONAL MATCH (:Published {id: 'published'})-[:CURRENT]->(run:Run)
WITH run
MATCH (store:Seller {id: $seller})-[use:SHIPS_FROM|RETURNS_TO|REGISTERED_AT|PAID_TO|STOCKS_AT|USES_PHONE|USES_EMAIL|LICENSED_AS|REGISTERED_BY]->(identifier)
WHERE NOT EXISTS { (identifier)<-[verdict:ASSESSED]-() WHERE verdict.runId = run.id AND verdict.hubProbability >= 0.5 }
OPTIONAL MATCH (identifier)<-[said:ASSESSED]-()
WHERE said.runId = run.id
WITH store, use, identifier, coalesce(said.weight, 0.0) AS weight
ORDER BY weight DESC, identifier.id
LIMIT 40
CALL (store, identifier) {
  MATCH (identifier)<-[otherUse:SHIPS_FROM|RETURNS_TO|REGISTERED_AT|PAID_TO|STOCKS_AT|USES_PHONE|USES_EMAIL|LICENSED_AS|REGISTERED_BY]-(other:Seller)
  WHERE other <> store
  RETURN otherUse, other
  LIMIT 25
}
RETURN store, use, identifier, otherUse, other
LIMIT 140
