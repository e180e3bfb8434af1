// Ranked rackets of a run
// purpose: a page of the list, by rank, within what the reader may see
// params: run, after, limit, jurisdiction, brand, minScore, status, withinJurisdictions, withinBrands
// returns: the rackets' columns
// access: read
MATCH (r:Racket {runId: $run})
WHERE r.rank > $after
  AND ($minScore IS NULL OR r.score >= $minScore)
  AND ($status IS NULL OR r.status = $status)
  AND ($jurisdiction IS NULL OR any(j IN r.jurisdictions WHERE j STARTS WITH $jurisdiction))
  AND ($brand IS NULL OR any(b IN r.brands WHERE toLower(b) = $brand))
  AND (size($withinJurisdictions) = 0 OR any(j IN r.jurisdictions WHERE any(p IN $withinJurisdictions WHERE j STARTS WITH p)))
  AND (size($withinBrands) = 0 OR any(b IN r.brands WHERE toLower(b) IN $withinBrands))
WITH r ORDER BY r.rank LIMIT $limit
RETURN r.racketId AS id, r.runId AS run_id, r.rank AS rank, r.score AS score, r.confidence AS confidence, r.size AS size,
       r.jurisdictions AS jurisdictions, r.brands AS brands, r.estimatedValue AS estimated_value, r.status AS status,
       r.name AS name, r.why AS why
ORDER BY rank
