// Hubs this store uses
// purpose: identifiers of this store that serve the public, with how many stores use them: never evidence on their own
// params: seller (id of a store)
// returns: store, use, hub, hubProbability, stores, groups, service
// access: read
// example: :param seller => 'taobao:s000001'
OPTIONAL MATCH (:Published {id: 'published'})-[:CURRENT]->(run:Run)
WITH run
MATCH (store:Seller {id: $seller})-[use:SHIPS_FROM|RETURNS_TO|REGISTERED_AT|PAID_TO|STOCKS_AT|USES_PHONE|USES_EMAIL|LICENSED_AS|REGISTERED_BY]->(hub)<-[said:ASSESSED]-()
WHERE said.runId = run.id AND said.hubProbability >= 0.5
RETURN store, use, hub, said.hubProbability AS hubProbability, said.stores AS stores, said.groups AS groups, hub.service AS service
ORDER BY hubProbability DESC, hub.id
LIMIT 50
