// Telephones, e-mails and licences of a racket
// purpose: how its stores are reached and licensed; most used first
// params: node, run, limit
// returns: id, label, name, stores, first_seen, last_seen, hub_probability, service, total
// access: read
MATCH (:Racket {id: $node})<-[:MEMBER_OF]-(s:Seller)-[use:USES_PHONE|USES_EMAIL|LICENSED_AS]->(i:Phone|Email|Licence)
WITH i, count(DISTINCT s) AS stores, min(use.firstSeen) AS first_seen, max(use.lastSeen) AS last_seen
WITH collect({i: i, stores: stores, first_seen: first_seen, last_seen: last_seen}) AS found
UNWIND found AS f
WITH f.i AS i, f, size(found) AS total
CALL (i) {
  OPTIONAL MATCH (i)<-[on:ASSESSED {runId: $run}]-(:Run)
  RETURN on.hubProbability AS hub LIMIT 1
}
RETURN i.id AS id, labels(i)[0] AS label, coalesce(i.name, i.id) AS name, f.stores AS stores, f.first_seen AS first_seen,
       f.last_seen AS last_seen, hub AS hub_probability, i.service AS service, total
ORDER BY stores * (1.0 - coalesce(hub_probability, 0.0)) DESC, stores DESC, label, id
LIMIT $limit
