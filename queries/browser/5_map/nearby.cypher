// Sites near an address
// purpose: addresses within some metres of an address, and the stores there
// params: address (id of an address), metres (distance)
// returns: here, near, distance, use, store
// access: read
// example: :param address => 'id of an Address node'
// example: :param metres => 300
OPTIONAL MATCH (:Published {id: 'published'})-[:CURRENT]->(run:Run)
WITH run
MATCH (here:Address {id: $address})
MATCH (near:Address)
WHERE point.distance(near.location, here.location) <= $metres AND near <> here
WITH run, here, near, point.distance(near.location, here.location) AS distance
ORDER BY distance, near.id
LIMIT 40
CALL (run, near) {
  MATCH (near)<-[use:SHIPS_FROM|RETURNS_TO|REGISTERED_AT]-(store:Seller)
  WHERE NOT EXISTS { (near)<-[verdict:ASSESSED]-() WHERE verdict.runId = run.id AND verdict.hubProbability >= 0.5 }
  RETURN use, store
  LIMIT 10
}
RETURN here, near, distance, use, store
LIMIT 140
