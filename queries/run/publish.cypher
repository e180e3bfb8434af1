// Switch the pointer
// purpose: makes a run the published one, in one transaction
// params: run, finished
// returns: run
// access: write
MATCH (run:Run {id: $run})
MERGE (p:Published {id: 'published'})
  ON CREATE SET p.name = 'published'
WITH run, p
OPTIONAL MATCH (p)-[c:CURRENT]->(old:Run)
SET old.status = 'retired'
DELETE c
WITH DISTINCT run, p
CREATE (p)-[:CURRENT]->(run)
SET run.status = 'published', run.finishedAt = $finished
RETURN run.id AS run
