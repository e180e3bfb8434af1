// Market: what stores use
// purpose: every statement that a store uses an identifier of one relationship type
// params: none; slot TYPE (relationship type)
// returns: seller, identifier, label, type, firstSeen, lastSeen
// access: read
MATCH (s:Seller)-[r:__TYPE__]->(i)
RETURN s.id AS seller, i.id AS identifier, labels(i)[0] AS label, type(r) AS type,
       toString(r.firstSeen) AS firstSeen, toString(r.lastSeen) AS lastSeen
