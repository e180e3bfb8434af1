// Follow the money of a racket
// purpose: accounts that a group's stores are paid through and who holds them, hubs left out
// params: racket (racketId)
// returns: store, paid, account, held, holder
// access: read
// example: :param racket => 'R-000001'
MATCH (:Published {id: 'published'})-[:CURRENT]->(run:Run)
WITH run
MATCH (racket:Racket {id: $racket + '@' + run.id})<-[:MEMBER_OF]-(store:Seller)-[paid:PAID_TO]->(account:PaymentAccount)
USING INDEX SEEK racket:Racket(id)
WHERE NOT EXISTS { (account)<-[verdict:ASSESSED]-() WHERE verdict.runId = run.id AND verdict.hubProbability >= 0.5 }
WITH store, paid, account
LIMIT 95
OPTIONAL MATCH (account)-[held:HELD_BY]->(holder:Person)
RETURN store, paid, account, held, holder
LIMIT 95
