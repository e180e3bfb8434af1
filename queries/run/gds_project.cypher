// Project weighted pairs for Graph Data Science
// purpose: puts the pairs of stores of one partition into a named in-memory graph; nothing is stored
// params: graph (string), pairs (list of [a, b, weight])
// returns: relationships
// access: write
UNWIND $pairs AS pair
WITH gds.graph.project(
  $graph, toInteger(pair[0]), toInteger(pair[1]),
  {relationshipProperties: {weight: toFloat(pair[2])}},
  {undirectedRelationshipTypes: ['*']}
) AS graph
RETURN graph.relationshipCount AS relationships
