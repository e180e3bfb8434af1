// Groups found and judged harmless
// purpose: families, chains and authorised distributors: looks like a racket, is none
// params: none
// returns: racket, rank, racketId, stores, why
// access: read
MATCH (:Published {id: 'published'})-[:CURRENT]->(run:Run)<-[:FOUND_IN]-(racket:Racket)
WHERE racket.status = 'harmless'
RETURN racket, racket.rank AS rank, racket.racketId AS racketId, racket.size AS stores, racket.why AS why
ORDER BY rank
LIMIT 50
