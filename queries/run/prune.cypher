// Thin out a run
// purpose: removes a run's ties to stores and identifiers, a batch at a time; groups and lineage stay
// params: run, batch (integer)
// returns: removed
// access: write
MATCH (run:Run {id: $run})
CALL (run) {
  MATCH (run)-[a:ASSESSED]->() RETURN a AS tie
  UNION ALL
  MATCH (run)<-[:FOUND_IN]-(:Racket)<-[m:MEMBER_OF]-() RETURN m AS tie
  UNION ALL
  MATCH (run)<-[:FOUND_IN]-(:Racket)-[r:RELIES_ON]->() RETURN r AS tie
}
WITH tie LIMIT $batch
DELETE tie
RETURN count(*) AS removed
