// Outcomes of a period
// purpose: what operations led to between two days, counted by kind, and what was seized by currency
// params: first, last, withinJurisdictions
// returns: any (something of the kind was ever recorded), figure, value, unit
// access: read
CALL () {
  UNWIND ['arrest', 'site_closed', 'store_closed', 'goods_seized', 'no_finding'] AS kind
  OPTIONAL MATCH (n:Outcome {kind: kind})<-[:LED_TO]-(o:Operation)
  WHERE n.on >= $first AND n.on <= $last
    AND (size($withinJurisdictions) = 0 OR any(p IN $withinJurisdictions WHERE o.jurisdiction STARTS WITH p))
  RETURN 'outcomes_' + kind AS figure, toFloat(sum(CASE WHEN n IS NULL THEN 0 ELSE coalesce(n.count, 1) END)) AS value, 'outcomes' AS unit
  UNION
  MATCH (n:Outcome {kind: 'goods_seized'})<-[:LED_TO]-(o:Operation)
  WHERE n.on >= $first AND n.on <= $last AND n.value IS NOT NULL
    AND (size($withinJurisdictions) = 0 OR any(p IN $withinJurisdictions WHERE o.jurisdiction STARTS WITH p))
  RETURN 'value_seized' AS figure, sum(n.value) AS value, coalesce(n.currency, 'unknown currency') AS unit
}
RETURN EXISTS { MATCH (:Outcome) } AS any, figure, value, unit
ORDER BY figure, unit
