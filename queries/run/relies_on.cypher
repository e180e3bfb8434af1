// Write what a run's groups rely on
// purpose: identifiers that hold each group together
// params: run, rows (racketId, identifier, members, share, cut, pieces); slot LABEL (node label)
// returns: written
// access: write
UNWIND $rows AS row
MATCH (k:Racket {id: row.racketId + '@' + $run})
MATCH (i:__LABEL__ {id: row.identifier})
CREATE (k)-[r:RELIES_ON {runId: $run, members: row.members, share: row.share, cut: row.cut, pieces: row.pieces}]->(i)
RETURN count(r) AS written
