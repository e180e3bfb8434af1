// Choke points of a racket
// purpose: what a raid or a freeze should take first: identifiers whose removal cuts most of the group's evidence
// params: racket (racketId)
// returns: racket, relies, identifier, cut, pieces, members, share, hubProbability
// access: read
// example: :param racket => 'R-000001'
MATCH (:Published {id: 'published'})-[:CURRENT]->(run:Run)
WITH run
MATCH (racket:Racket {id: $racket + '@' + run.id})-[relies:RELIES_ON]->(identifier)
USING INDEX SEEK racket:Racket(id)
WITH run, racket, relies, identifier
ORDER BY relies.cut DESC, identifier.id
LIMIT 40
OPTIONAL MATCH (identifier)<-[said:ASSESSED]-()
WHERE said.runId = run.id
RETURN racket, relies, identifier, relies.cut AS cut, relies.pieces AS pieces, relies.members AS members,
  relies.share AS share, said.hubProbability AS hubProbability
ORDER BY cut DESC
LIMIT 40
