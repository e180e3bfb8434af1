// The rackets, most worth a raid first
// purpose: the published run's ranking
// params: none
// returns: rank, racketId, score, confidence, stores, estimatedValue, brands, jurisdictions
// access: read
MATCH (:Published {id: 'published'})-[:CURRENT]->(run:Run)<-[:FOUND_IN]-(racket:Racket)
WHERE racket.status = 'suspect'
RETURN racket.rank AS rank, racket.racketId AS racketId, racket.score AS score, racket.confidence AS confidence,
  racket.size AS stores, racket.estimatedValue AS estimatedValue, racket.brands[..5] AS brands,
  racket.jurisdictions[..5] AS jurisdictions
ORDER BY rank
LIMIT 50
