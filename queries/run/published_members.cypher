// Members of the published run
// purpose: the groups that readers see now, to carry their ids over to the next run
// params: none
// returns: racketId, seller, role
// access: read
MATCH (:Published {id: 'published'})-[:CURRENT]->(:Run)<-[:FOUND_IN]-(k:Racket)<-[m:MEMBER_OF]-(s:Seller)
RETURN k.racketId AS racketId, s.id AS seller, m.role AS role
