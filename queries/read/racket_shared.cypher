// What members of a racket share
// purpose: identifiers at least two members use, with what the run made of them; hubs last
// params: node, run, limit
// returns: id, label, name, members, kinds, sources, first_seen, last_seen, hub_probability, stores, groups, weight
// access: read
MATCH (:Racket {id: $node})<-[:MEMBER_OF]-(s:Seller)-[use:SHIPS_FROM|RETURNS_TO|REGISTERED_AT|PAID_TO|STOCKS_AT|USES_PHONE|USES_EMAIL|LICENSED_AS|REGISTERED_BY]->(i:__IDENTIFIER__)
WITH i, count(DISTINCT s) AS members, collect(DISTINCT type(use)) AS kinds, collect(DISTINCT use.source) AS sources,
     min(use.firstSeen) AS first_seen, max(use.lastSeen) AS last_seen
WHERE members >= 2
CALL (i) {
  OPTIONAL MATCH (i)<-[a:ASSESSED {runId: $run}]-(:Run)
  RETURN a LIMIT 1
}
WITH i, members, kinds, sources, first_seen, last_seen, a, coalesce(a.weight, 0.0) AS weight
ORDER BY weight * members DESC, members DESC, i.id
LIMIT $limit
RETURN i.id AS id, [l IN labels(i)][0] AS label, coalesce(i.name, i.id) AS name, members,
       COLLECT { UNWIND kinds AS k RETURN k ORDER BY k } AS kinds,
       COLLECT { UNWIND sources AS x RETURN x ORDER BY x } AS sources,
       first_seen, last_seen, a.hubProbability AS hub_probability, a.stores AS stores, a.groups AS groups, a.weight AS weight
ORDER BY coalesce(weight, 0.0) * members DESC, members DESC, id
