// What a group's stores use
// purpose: every use, by a member of one group, of an identifier that the group's run assessed
// params: node (Racket node id), run (Run id)
// returns: seller, sellerName, identifier, label, name, type, source, firstSeen, lastSeen, hubProbability, weight, stores
// access: read
MATCH (k:Racket {id: $node})<-[:MEMBER_OF]-(s:Seller)
MATCH (s)-[r:SHIPS_FROM|RETURNS_TO|REGISTERED_AT|PAID_TO|STOCKS_AT|USES_PHONE|USES_EMAIL|LICENSED_AS|REGISTERED_BY]->(i)
MATCH (i)<-[a:ASSESSED {runId: $run}]-()
RETURN s.id AS seller, s.name AS sellerName, i.id AS identifier, labels(i)[0] AS label, i.name AS name,
       type(r) AS type, r.source AS source, toString(r.firstSeen) AS firstSeen, toString(r.lastSeen) AS lastSeen,
       a.hubProbability AS hubProbability, a.weight AS weight, a.stores AS stores
ORDER BY seller, identifier, type, source
