// Market: uncertain identities
// purpose: pairs of identifiers that are perhaps the same
// params: none
// returns: a, b, probability
// access: read
MATCH (a)-[r:SIMILAR_TO]->(b)
RETURN a.id AS a, b.id AS b, r.probability AS probability
