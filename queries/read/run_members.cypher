// Members of a run
// purpose: the stores of one racket, or of all rackets of a run, surest first
// params: run, racket (null: all)
// returns: racketId, seller, sellerId, marketplace, name, confidence, role, counterfeit, stability, apart, sales30d, openedOn, status
// access: read
MATCH (k:Racket {runId: $run})<-[m:MEMBER_OF]-(s:Seller)
WHERE $racket IS NULL OR k.racketId = $racket
RETURN k.racketId AS racketId, s.id AS seller, s.sellerId AS sellerId, s.marketplace AS marketplace, s.name AS name,
       m.confidence AS confidence, m.role AS role, m.counterfeit AS counterfeit, m.stability AS stability, m.apart AS apart,
       s.sales30d AS sales30d, toString(s.openedOn) AS openedOn, s.status AS status
ORDER BY k.rank, confidence DESC, seller
