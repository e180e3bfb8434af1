// The run that readers see
// purpose: follow the one pointer
// params: none
// returns: the run's columns (no row: nothing published)
// access: read
MATCH (:Published {id: 'published'})-[:CURRENT]->(run:Run)
RETURN run.id AS id, run.status AS status, run.engine AS engine, run.seed AS seed, run.startedAt AS started_at,
       run.finishedAt AS finished_at, run.dataDigest AS data_digest, run.parameters AS parameters,
       run.versions AS versions, run.figures AS figures, true AS current
