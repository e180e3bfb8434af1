// Where the rackets of a run come from
// purpose: one row a racket and earlier racket its stores come from; `born` where there is none
// params: run
// returns: racketId, change (continues, merged, split, born), earlier, shared, size, sizeBefore
// access: read
MATCH (k:Racket {runId: $run})
OPTIONAL MATCH (k)-[s:SUCCEEDS]->(old:Racket)
RETURN k.racketId AS racketId, coalesce(s.kind, 'born') AS change, old.racketId AS earlier, s.shared AS shared,
       k.size AS size, old.size AS sizeBefore
ORDER BY k.rank, earlier
