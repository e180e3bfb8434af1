// Payment accounts of a racket
// purpose: where its money goes, masked, with who holds the account; most used and least public first
// params: node, run, limit
// returns: id, name, kind, institution, holders, stores, transactions, first_seen, last_seen, hub_probability, service, total
// access: read
MATCH (:Racket {id: $node})<-[:MEMBER_OF]-(s:Seller)-[use:PAID_TO]->(p:PaymentAccount)
WITH p, count(DISTINCT s) AS stores, sum(use.count) AS transactions, min(use.firstSeen) AS first_seen, max(use.lastSeen) AS last_seen
WITH collect({p: p, stores: stores, transactions: transactions, first_seen: first_seen, last_seen: last_seen}) AS found
UNWIND found AS f
WITH f.p AS p, f, size(found) AS total
CALL (p) {
  OPTIONAL MATCH (p)<-[on:ASSESSED {runId: $run}]-(:Run)
  RETURN on.hubProbability AS hub LIMIT 1
}
RETURN p.id AS id, coalesce(p.name, 'account') AS name, p.kind AS kind, p.institution AS institution,
       COLLECT { MATCH (p)-[:HELD_BY]->(h:Person) RETURN DISTINCT coalesce(h.name, h.id) AS holder ORDER BY holder LIMIT 5 } AS holders,
       f.stores AS stores, CASE f.transactions WHEN 0 THEN null ELSE f.transactions END AS transactions,
       f.first_seen AS first_seen, f.last_seen AS last_seen, hub AS hub_probability, p.service AS service, total
ORDER BY stores * (1.0 - coalesce(hub_probability, 0.0)) DESC, stores DESC, id
LIMIT $limit
