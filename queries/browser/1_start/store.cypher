// Start from a store
// purpose: the store, what it uses (hubs left out), what it sells and the group it is in
// params: seller (id of a store)
// returns: store, use, identifier
// access: read
// example: :param seller => 'taobao:s000001'
OPTIONAL MATCH (:Published {id: 'published'})-[:CURRENT]->(run:Run)
WITH run
MATCH (store:Seller {id: $seller})-[use:SHIPS_FROM|RETURNS_TO|REGISTERED_AT|PAID_TO|STOCKS_AT|USES_PHONE|USES_EMAIL|LICENSED_AS|REGISTERED_BY|OFFERS|MEMBER_OF]->(identifier)
WHERE CASE type(use)
  WHEN 'MEMBER_OF' THEN use.runId = run.id
  WHEN 'OFFERS' THEN true
  ELSE NOT EXISTS { (identifier)<-[verdict:ASSESSED]-() WHERE verdict.runId = run.id AND verdict.hubProbability >= 0.5 }
END
RETURN store, use, identifier
LIMIT 100
