// Write lineage
// purpose: ties groups of a run to those of the run published before
// params: run, rows (racketId, earlier, kind, shared)
// returns: written
// access: write
MATCH (:Published {id: 'published'})-[:CURRENT]->(before:Run)
UNWIND $rows AS row
MATCH (k:Racket {id: row.racketId + '@' + $run})
MATCH (old:Racket {id: row.earlier + '@' + before.id})
CREATE (k)-[s:SUCCEEDS {runId: $run, kind: row.kind, shared: row.shared}]->(old)
RETURN count(s) AS written
