// Start from an address
// purpose: stores that ship from, return to or are registered at an address, or stock at a warehouse there
// params: address (id of an address)
// returns: address, use, user, member, racket
// access: read
// example: :param address => 'id of an Address node'
OPTIONAL MATCH (:Published {id: 'published'})-[:CURRENT]->(run:Run)
WITH run
MATCH (address:Address {id: $address})<-[use:SHIPS_FROM|RETURNS_TO|REGISTERED_AT|LOCATED_AT]-(user)
WITH run, address, use, user
LIMIT 120
OPTIONAL MATCH (user)-[member:MEMBER_OF]->(racket:Racket)
WHERE member.runId = run.id
RETURN address, use, user, member, racket
LIMIT 140
