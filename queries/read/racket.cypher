// One racket of a run
// purpose: read a racket by its lasting id, within what the reader may see
// params: run, racket, withinJurisdictions, withinBrands
// returns: the racket's columns (no row: not in this run, or out of sight)
// access: read
MATCH (r:Racket {id: $racket + '@' + $run})
WHERE (size($withinJurisdictions) = 0 OR any(j IN r.jurisdictions WHERE any(p IN $withinJurisdictions WHERE j STARTS WITH p)))
  AND (size($withinBrands) = 0 OR any(b IN r.brands WHERE toLower(b) IN $withinBrands))
RETURN r.racketId AS id, r.runId AS run_id, r.rank AS rank, r.score AS score, r.confidence AS confidence, r.size AS size,
       r.jurisdictions AS jurisdictions, r.brands AS brands, r.estimatedValue AS estimated_value, r.status AS status,
       r.name AS name, r.why AS why
