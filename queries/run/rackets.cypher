// Write a run's groups
// purpose: creates the groups of a run
// params: run, rows (racketId, rank, score, confidence, size, status, jurisdictions, brands, estimatedValue, why)
// returns: written
// access: write
MATCH (run:Run {id: $run})
UNWIND $rows AS row
CREATE (k:Racket {id: row.racketId + '@' + $run, name: row.racketId, runId: $run})-[:FOUND_IN]->(run)
SET k += row
SET k.brands = [id IN row.brands | coalesce(COLLECT { MATCH (b:Brand {id: id}) RETURN b.name }[0], id)]
RETURN count(k) AS written
