// Sites of rackets in a district
// purpose: private addresses that groups of a place rely on, by the division code the address begins with
// params: adcode (two, four or six digits: province, city or district)
// returns: racket, relies, address
// access: read
// example: :param adcode => '3503'
MATCH (:Published {id: 'published'})-[:CURRENT]->(run:Run)<-[:FOUND_IN]-(racket:Racket)
WHERE racket.status = 'suspect' AND any(code IN racket.jurisdictions WHERE code STARTS WITH $adcode)
WITH run, racket
ORDER BY racket.rank
LIMIT 60
MATCH (racket)-[relies:RELIES_ON]->(address:Address)
WHERE address.adcode STARTS WITH $adcode AND NOT EXISTS { (address)<-[verdict:ASSESSED]-() WHERE verdict.runId = run.id AND verdict.hubProbability >= 0.5 }
RETURN racket, relies, address
LIMIT 140
