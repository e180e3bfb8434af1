// Write what a run made of shared identifiers
// purpose: hub probability and weight per identifier
// params: run, rows (identifier, hubProbability, stores, groups, weight); slot LABEL (node label)
// returns: written
// access: write
MATCH (run:Run {id: $run})
UNWIND $rows AS row
MATCH (i:__LABEL__ {id: row.identifier})
CREATE (run)-[a:ASSESSED {
  runId: $run, hubProbability: row.hubProbability, stores: row.stores, groups: row.groups, weight: row.weight
}]->(i)
RETURN count(a) AS written
