// Test buys, notices and outcomes of a racket
// purpose: what is already known of a group's stores
// params: racket (racketId)
// returns: racket, member, store, said, case
// access: read
// example: :param racket => 'R-000001'
MATCH (:Published {id: 'published'})-[:CURRENT]->(run:Run)
WITH run
MATCH (racket:Racket {id: $racket + '@' + run.id})<-[member:MEMBER_OF]-(store:Seller)<-[said:BOUGHT_FROM|AGAINST|CONCERNS]-(case)
USING INDEX SEEK racket:Racket(id)
RETURN racket, member, store, said, case
LIMIT 100
