// An identifier
// purpose: what it is, who uses it, and what the published run made of it
// params: identifier (node id); slot LABEL (alternatives of node labels)
// returns: identifier, label, name, kind, service, stores, users, hubProbability, weight, groups, run
// access: read
MATCH (i:__LABEL__ {id: $identifier})
OPTIONAL MATCH (:Published {id: 'published'})-[:CURRENT]->(run:Run)
OPTIONAL MATCH (i)<-[a:ASSESSED]-(run)
RETURN i.id AS identifier, labels(i)[0] AS label, i.name AS name, i.kind AS kind, i.service AS service,
       COUNT { (i)<-[:SHIPS_FROM|RETURNS_TO|REGISTERED_AT|PAID_TO|STOCKS_AT|USES_PHONE|USES_EMAIL|LICENSED_AS|REGISTERED_BY]-(:Seller) } AS stores,
       COLLECT { MATCH (i)<-[:SHIPS_FROM|RETURNS_TO|REGISTERED_AT|PAID_TO|STOCKS_AT|USES_PHONE|USES_EMAIL|LICENSED_AS|REGISTERED_BY]-(s:Seller)
                 RETURN DISTINCT s.id ORDER BY s.id LIMIT 100 } AS users,
       a.hubProbability AS hubProbability, a.weight AS weight, a.groups AS groups, run.id AS run
