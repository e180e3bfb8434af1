// A store's group
// purpose: the group of the published run that a store belongs to
// params: seller (node id)
// returns: name, racket, node, run, rank, score, racketConfidence, status, size, confidence, role, counterfeit, stability, apart
// access: read
MATCH (:Published {id: 'published'})-[:CURRENT]->(run:Run)
MATCH (s:Seller {id: $seller})-[m:MEMBER_OF]->(k:Racket)-[:FOUND_IN]->(run)
RETURN coalesce(s.storeName, s.name, s.id) AS name, k.racketId AS racket, k.id AS node, run.id AS run,
       k.rank AS rank, k.score AS score,
       k.confidence AS racketConfidence, k.status AS status, k.size AS size, m.confidence AS confidence,
       m.role AS role, m.counterfeit AS counterfeit, m.stability AS stability, m.apart AS apart
