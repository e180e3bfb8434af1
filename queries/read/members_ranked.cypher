// All members of the published run
// purpose: one row a store in a group, for exports
// params: none
// returns: racket_id, rank, score, confidence, marketplace, seller_id, member_confidence
// access: read
MATCH (:Published {id: 'published'})-[:CURRENT]->(:Run)<-[:FOUND_IN]-(k:Racket)<-[m:MEMBER_OF]-(s:Seller)
RETURN k.racketId AS racket_id, k.rank AS rank, k.score AS score, k.confidence AS confidence,
       s.marketplace AS marketplace, s.sellerId AS seller_id, m.confidence AS member_confidence
