// Two steps out from this store
// purpose: stores that share with those that share with this one, hubs left out
// params: seller (id of a store)
// returns: path
// access: read
// example: :param seller => 'taobao:s000001'
OPTIONAL MATCH (:Published {id: 'published'})-[:CURRENT]->(run:Run)
WITH run
MATCH (store:Seller {id: $seller})-[:SHIPS_FROM|RETURNS_TO|REGISTERED_AT|PAID_TO|STOCKS_AT|USES_PHONE|USES_EMAIL|LICENSED_AS|REGISTERED_BY]->(first)
WHERE NOT EXISTS { (first)<-[verdict:ASSESSED]-() WHERE verdict.runId = run.id AND verdict.hubProbability >= 0.5 }
CALL (run, store, first) {
  MATCH near = (store)-[:SHIPS_FROM|RETURNS_TO|REGISTERED_AT|PAID_TO|STOCKS_AT|USES_PHONE|USES_EMAIL|LICENSED_AS|REGISTERED_BY]->(first)<-[:SHIPS_FROM|RETURNS_TO|REGISTERED_AT|PAID_TO|STOCKS_AT|USES_PHONE|USES_EMAIL|LICENSED_AS|REGISTERED_BY]-(next:Seller)
  WHERE next <> store
  WITH run, near, next
  LIMIT 8
  MATCH far = (next)-[:SHIPS_FROM|RETURNS_TO|REGISTERED_AT|PAID_TO|STOCKS_AT|USES_PHONE|USES_EMAIL|LICENSED_AS|REGISTERED_BY]->(second)<-[:SHIPS_FROM|RETURNS_TO|REGISTERED_AT|PAID_TO|STOCKS_AT|USES_PHONE|USES_EMAIL|LICENSED_AS|REGISTERED_BY]-(last:Seller)
  WHERE NOT EXISTS { (second)<-[verdict:ASSESSED]-() WHERE verdict.runId = run.id AND verdict.hubProbability >= 0.5 } AND second <> first AND last <> next
  RETURN near, far
  LIMIT 12
}
WITH near, far
LIMIT 55
UNWIND [near, far] AS path
RETURN path
LIMIT 110
