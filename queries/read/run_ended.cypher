// Rackets that ended with a run
// purpose: rackets of the run before that left nothing in this one
// params: run
// returns: earlier, sizeBefore
// access: read
MATCH (run:Run {id: $run})
MATCH (before:Run)
WHERE before.status IN ['published', 'retired'] AND before.startedAt < run.startedAt
WITH before ORDER BY before.startedAt DESC LIMIT 1
MATCH (old:Racket {runId: before.id})
WHERE NOT EXISTS { (old)<-[:SUCCEEDS {runId: $run}]-(:Racket) }
RETURN old.racketId AS earlier, old.size AS sizeBefore
ORDER BY earlier
