// Police operations
// purpose: a page of operations by id, within the reader's jurisdictions
// params: after, limit, id, withinJurisdictions
// returns: id, name, authority, jurisdiction, started_on, ended_on, outcomes, source
// access: read
MATCH (o:Operation)
WHERE o.id > $after AND ($id IS NULL OR o.id = $id)
  AND (size($withinJurisdictions) = 0 OR any(p IN $withinJurisdictions WHERE o.jurisdiction STARTS WITH p))
WITH o ORDER BY o.id LIMIT $limit
RETURN o.id AS id, coalesce(o.name, o.id) AS name,
       head(COLLECT { MATCH (o)-[:RUN_BY]->(a:Authority) RETURN coalesce(a.name, a.id) ORDER BY a.id }) AS authority,
       o.jurisdiction AS jurisdiction, o.startedOn AS started_on, o.endedOn AS ended_on,
       COUNT { (o)-[:LED_TO]->(:Outcome) } AS outcomes, o.source AS source
ORDER BY id
