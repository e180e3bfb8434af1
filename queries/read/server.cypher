// Server version
// purpose: which Neo4j answers
// params: none
// returns: version
// access: read
CALL dbms.components() YIELD versions
RETURN versions[0] AS version
