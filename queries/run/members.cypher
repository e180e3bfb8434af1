// Write a run's members
// purpose: ties stores to the groups of a run
// params: run, rows (seller, racketId, confidence, role, counterfeit, stability, apart)
// returns: written
// access: write
UNWIND $rows AS row
MATCH (s:Seller {id: row.seller})
MATCH (k:Racket {id: row.racketId + '@' + $run})
CREATE (s)-[m:MEMBER_OF {runId: $run, confidence: row.confidence, role: row.role, counterfeit: row.counterfeit,
                        stability: row.stability, apart: row.apart}]->(k)
RETURN count(m) AS written
