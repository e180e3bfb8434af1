// Market: takedown notices
// purpose: notices against stores and what became of them
// params: none
// returns: seller, brand, outcome, filedOn
// access: read
MATCH (n:Notice)-[:AGAINST]->(s:Seller)
OPTIONAL MATCH (n)-[:OF_BRAND]->(b:Brand)
RETURN s.id AS seller, b.id AS brand, n.outcome AS outcome, toString(n.filedOn) AS filedOn
