// Drop a projection
// purpose: frees the memory of a projected graph; says nothing if it is not there
// params: name (string)
// returns: name
// access: write
CALL gds.graph.drop($name, false) YIELD graphName
RETURN graphName AS name
