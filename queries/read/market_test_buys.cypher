// Market: test buys
// purpose: verdicts of samples bought from stores
// params: none
// returns: seller, brand, verdict, boughtOn
// access: read
MATCH (t:TestBuy)-[:BOUGHT_FROM]->(s:Seller)
OPTIONAL MATCH (t)-[:OF_BRAND]->(b:Brand)
RETURN s.id AS seller, b.id AS brand, t.verdict AS verdict, toString(t.boughtOn) AS boughtOn
