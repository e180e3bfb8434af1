// Notices of a period
// purpose: notices by outcome between two days, within what the reader may see
// params: first, last, withinJurisdictions, withinBrands
// returns: any (something of the kind was ever recorded), figure, value, unit
// access: read
OPTIONAL MATCH (n:Notice)
WHERE n.filedOn >= $first AND n.filedOn <= $last
  AND (size($withinBrands) = 0 OR EXISTS { (n)-[:OF_BRAND]->(b:Brand) WHERE b.id IN $withinBrands })
  AND (size($withinJurisdictions) = 0 OR EXISTS {
    (n)-[:AGAINST]->(:Seller)-[:SHIPS_FROM|RETURNS_TO|REGISTERED_AT]->(a:Address)
    WHERE any(p IN $withinJurisdictions WHERE a.adcode STARTS WITH p) })
WITH count(n) AS all, sum(CASE n.outcome WHEN 'removed' THEN 1 ELSE 0 END) AS removed,
     sum(CASE n.outcome WHEN 'rejected' THEN 1 ELSE 0 END) AS rejected
UNWIND [['notices', all], ['notices_removed', removed], ['notices_rejected', rejected]] AS pair
RETURN EXISTS { MATCH (:Notice) } AS any, pair[0] AS figure, toFloat(pair[1]) AS value, 'notices' AS unit
