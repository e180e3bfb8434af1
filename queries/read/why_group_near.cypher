// What a group's stores almost share
// purpose: pairs of identifiers that are perhaps the same, and which members of one group use either
// params: node (Racket node id), run (Run id)
// returns: a, b (identifiers, a before b), aName, bName, label, probability, hubProbability (of the more public one; 0 where the run assessed neither), sellers
// access: read
MATCH (k:Racket {id: $node})<-[:MEMBER_OF]-(s:Seller)
MATCH (s)-[:SHIPS_FROM|RETURNS_TO|REGISTERED_AT|REGISTERED_BY]->(i)-[r:SIMILAR_TO]-(j)
WITH CASE WHEN i.id < j.id THEN i ELSE j END AS x, CASE WHEN i.id < j.id THEN j ELSE i END AS y,
     max(r.probability) AS probability, collect(DISTINCT s.id) AS sellers
WHERE size(sellers) > 1
CALL (x, y) {
  UNWIND [x, y] AS z
  OPTIONAL MATCH (z)<-[a:ASSESSED {runId: $run}]-()
  RETURN coalesce(max(a.hubProbability), 0.0) AS hubProbability
}
RETURN x.id AS a, y.id AS b, x.name AS aName, y.name AS bName, labels(x)[0] AS label, probability, hubProbability,
       COLLECT { UNWIND sellers AS seller RETURN seller ORDER BY seller } AS sellers
ORDER BY a, b
