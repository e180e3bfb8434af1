// Drop a projection
// purpose: frees the memory of a projected graph; says nothing if it is not there
// params: graph (string)
// returns: name
// access: write
CALL gds.graph.drop($graph, false) YIELD graphName
RETURN graphName AS name
