// Latest runs
// purpose: list runs, newest first
// params: limit
// returns: the runs' columns
// access: read
MATCH (run:Run)
RETURN run.id AS id, run.status AS status, run.engine AS engine, run.seed AS seed, run.startedAt AS started_at,
       run.finishedAt AS finished_at, run.dataDigest AS data_digest, run.parameters AS parameters,
       run.versions AS versions, run.figures AS figures, EXISTS { (:Published)-[:CURRENT]->(run) } AS current
ORDER BY coalesce(toString(started_at), '') DESC, id
LIMIT $limit
