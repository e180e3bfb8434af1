// The published run
// purpose: when and how the groups were found, and how many
// params: none
// returns: run, finishedAt, engine, seed, figures, parameters, rackets
// access: read
MATCH (:Published {id: 'published'})-[:CURRENT]->(run:Run)
RETURN run, run.finishedAt AS finishedAt, run.engine AS engine, run.seed AS seed, run.figures AS figures,
  run.parameters AS parameters, COUNT { (run)<-[:FOUND_IN]-() } AS rackets
LIMIT 1
