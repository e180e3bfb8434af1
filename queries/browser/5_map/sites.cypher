// The map of a racket's sites
// purpose: private places a group ships from, returns to, registers or stocks at, with coordinates
// params: racket (racketId)
// returns: address, text, city, latitude, longitude, stores, uses
// access: read
// example: :param racket => 'R-000001'
MATCH (:Published {id: 'published'})-[:CURRENT]->(run:Run)
WITH run
MATCH (racket:Racket {id: $racket + '@' + run.id})<-[:MEMBER_OF]-(store:Seller)-[use:SHIPS_FROM|RETURNS_TO|REGISTERED_AT]->(address:Address)
USING INDEX SEEK racket:Racket(id)
WHERE NOT EXISTS { (address)<-[verdict:ASSESSED]-() WHERE verdict.runId = run.id AND verdict.hubProbability >= 0.5 }
WITH address, count(DISTINCT store) AS stores, collect(DISTINCT type(use)) AS uses
RETURN address, address.text AS text, address.city AS city, address.location.y AS latitude,
  address.location.x AS longitude, stores, uses
ORDER BY stores DESC, address.id
LIMIT 100
