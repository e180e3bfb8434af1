// Rackets of a jurisdiction
// purpose: suspect groups with sites in a province, city or district, by rank
// params: adcode (two, four or six digits)
// returns: racket, rank, racketId, stores, estimatedValue, jurisdictions
// access: read
// example: :param adcode => '3503'
MATCH (:Published {id: 'published'})-[:CURRENT]->(run:Run)<-[:FOUND_IN]-(racket:Racket)
WHERE racket.status = 'suspect' AND any(code IN racket.jurisdictions WHERE code STARTS WITH $adcode)
RETURN racket, racket.rank AS rank, racket.racketId AS racketId, racket.size AS stores,
  racket.estimatedValue AS estimatedValue, racket.jurisdictions AS jurisdictions
ORDER BY rank
LIMIT 100
