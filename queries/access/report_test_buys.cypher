// Test buys of a period
// purpose: test buys by verdict between two days, within what the reader may see
// params: first, last, withinJurisdictions, withinBrands
// returns: any (something of the kind was ever recorded), figure, value, unit
// access: read
OPTIONAL MATCH (t:TestBuy)
WHERE t.boughtOn >= $first AND t.boughtOn <= $last
  AND (size($withinBrands) = 0 OR EXISTS { (t)-[:OF_BRAND]->(b:Brand) WHERE b.id IN $withinBrands })
  AND (size($withinJurisdictions) = 0 OR EXISTS {
    (t)-[:BOUGHT_FROM]->(:Seller)-[:SHIPS_FROM|RETURNS_TO|REGISTERED_AT]->(a:Address)
    WHERE any(p IN $withinJurisdictions WHERE a.adcode STARTS WITH p) })
WITH count(t) AS all, sum(CASE t.verdict WHEN 'counterfeit' THEN 1 ELSE 0 END) AS fakes,
     sum(CASE t.verdict WHEN 'genuine' THEN 1 ELSE 0 END) AS genuine
UNWIND [['test_buys', all], ['test_buys_counterfeit', fakes], ['test_buys_genuine', genuine]] AS pair
RETURN EXISTS { MATCH (:TestBuy) } AS any, pair[0] AS figure, toFloat(pair[1]) AS value, 'test buys' AS unit
