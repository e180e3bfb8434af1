// What changed since the last run
// purpose: groups of the published run that are new, grew, shrank, merged or split, most worth a raid first
// params: none
// returns: racket, rank, racketId, stores, change, before, shared
// access: read
MATCH (:Published {id: 'published'})-[:CURRENT]->(run:Run)<-[:FOUND_IN]-(racket:Racket)
WHERE racket.status = 'suspect'
WITH racket
ORDER BY racket.rank
LIMIT 500
OPTIONAL MATCH (racket)-[lineage:SUCCEEDS]->(earlier:Racket)
WITH racket, lineage, earlier
WHERE lineage IS NULL OR lineage.kind <> 'continues' OR earlier.size <> racket.size
RETURN racket, racket.rank AS rank, racket.racketId AS racketId, racket.size AS stores,
  CASE WHEN lineage IS NULL THEN 'new' WHEN lineage.kind <> 'continues' THEN lineage.kind
    WHEN racket.size > earlier.size THEN 'grew' ELSE 'shrank' END AS change,
  earlier.racketId AS before, lineage.shared AS shared
ORDER BY rank, before
LIMIT 100
