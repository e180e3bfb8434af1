// Operations of a period
// purpose: operations begun between two days, within the reader's jurisdictions
// params: first, last, withinJurisdictions
// returns: any (something of the kind was ever recorded), figure, value, unit
// access: read
OPTIONAL MATCH (o:Operation)
WHERE o.startedOn >= $first AND o.startedOn <= $last
  AND (size($withinJurisdictions) = 0 OR any(p IN $withinJurisdictions WHERE o.jurisdiction STARTS WITH p))
WITH count(o) AS begun
RETURN EXISTS { MATCH (:Operation) } AS any, 'operations_begun' AS figure, toFloat(begun) AS value, 'operations' AS unit
