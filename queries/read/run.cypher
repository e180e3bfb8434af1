// One run
// purpose: read a run by id
// params: run
// returns: the run's columns (no row: unknown)
// access: read
MATCH (run:Run {id: $run})
RETURN run.id AS id, run.status AS status, run.engine AS engine, run.seed AS seed, run.startedAt AS started_at,
       run.finishedAt AS finished_at, run.dataDigest AS data_digest, run.parameters AS parameters,
       run.versions AS versions, run.figures AS figures, EXISTS { (:Published)-[:CURRENT]->(run) } AS current
