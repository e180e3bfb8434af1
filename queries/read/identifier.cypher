// An identifier
// purpose: what it is, who uses it (of a person: whose accounts it holds, too), and what the published run made of it
// params: identifier (node id); slot LABEL (alternatives of node labels)
// returns: identifier, label, name, kind, service, stores, users, hubProbability, weight, groups, run
// access: read
MATCH (i:__LABEL__ {id: $identifier})
CALL (i) {
  CALL (i) {
    MATCH (i)<-[:SHIPS_FROM|RETURNS_TO|REGISTERED_AT|PAID_TO|STOCKS_AT|USES_PHONE|USES_EMAIL|LICENSED_AS|REGISTERED_BY]-(s:Seller)
    RETURN s
    UNION
    MATCH (i)<-[:HELD_BY]-(:PaymentAccount)<-[:PAID_TO]-(s:Seller)
    RETURN s
  }
  WITH s.id AS seller ORDER BY seller
  RETURN count(seller) AS stores, collect(seller)[..100] AS users
}
OPTIONAL MATCH (:Published {id: 'published'})-[:CURRENT]->(run:Run)
OPTIONAL MATCH (i)<-[a:ASSESSED]-(run)
RETURN i.id AS identifier, labels(i)[0] AS label, i.name AS name, i.kind AS kind, i.service AS service, stores, users,
       a.hubProbability AS hubProbability, a.weight AS weight, a.groups AS groups, run.id AS run
