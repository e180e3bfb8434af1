// Discard a run
// purpose: removes an unfinished run and its groups
// params: run
// returns: removed
// access: write
MATCH (run:Run {id: $run})
OPTIONAL MATCH (run)<-[:FOUND_IN]-(k:Racket)
DETACH DELETE k
WITH DISTINCT run
DETACH DELETE run
RETURN count(*) AS removed
