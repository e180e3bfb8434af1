// Where a racket went
// purpose: follow the lineage of an id that the current run does not have
// params: run, racket, withinJurisdictions, withinBrands
// returns: known (an earlier run had it), successors (lasting ids in the current run, in order)
// access: read
OPTIONAL MATCH (old:Racket {racketId: $racket})
WITH collect(old) AS olds
RETURN size(olds) > 0 AS known,
       COLLECT {
         UNWIND olds AS old
         MATCH (old)<-[:SUCCEEDS*1..2000]-(r:Racket)
         WHERE r.runId = $run
           AND (size($withinJurisdictions) = 0 OR any(j IN r.jurisdictions WHERE any(p IN $withinJurisdictions WHERE j STARTS WITH p)))
           AND (size($withinBrands) = 0 OR any(b IN r.brands WHERE toLower(b) IN $withinBrands))
         RETURN DISTINCT r.racketId AS successor
         ORDER BY successor
       } AS successors
