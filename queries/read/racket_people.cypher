// People behind a racket
// purpose: who registered its stores and who holds its accounts; namesakes share one node
// params: node, run, limit
// returns: id, name, registered, accounts, hub_probability, total
// access: read
MATCH (:Racket {id: $node})<-[:MEMBER_OF]-(s:Seller)
CALL (s) {
  MATCH (s)-[:REGISTERED_BY]->(h:Person) RETURN h, s.id AS registered, null AS account
  UNION
  MATCH (s)-[:PAID_TO]->(p:PaymentAccount)-[:HELD_BY]->(h:Person) RETURN h, null AS registered, p.id AS account
}
WITH h, count(DISTINCT registered) AS registered, count(DISTINCT account) AS accounts
WITH collect({h: h, registered: registered, accounts: accounts}) AS found
UNWIND found AS f
WITH f.h AS h, f, size(found) AS total
CALL (h) {
  OPTIONAL MATCH (h)<-[on:ASSESSED {runId: $run}]-(:Run)
  RETURN on.hubProbability AS hub LIMIT 1
}
RETURN h.id AS id, coalesce(h.name, h.id) AS name, f.registered AS registered, f.accounts AS accounts, hub AS hub_probability, total
ORDER BY (registered + accounts) * (1.0 - coalesce(hub_probability, 0.0)) DESC, registered + accounts DESC, id
LIMIT $limit
