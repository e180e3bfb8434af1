// How much members of a racket share
// purpose: count identifiers at least two members use
// params: node
// returns: total
// access: read
MATCH (:Racket {id: $node})<-[:MEMBER_OF]-(s:Seller)-[:SHIPS_FROM|RETURNS_TO|REGISTERED_AT|PAID_TO|STOCKS_AT|USES_PHONE|USES_EMAIL|LICENSED_AS|REGISTERED_BY]->(i:__IDENTIFIER__)
WITH i, count(DISTINCT s) AS members
WHERE members >= 2
RETURN count(i) AS total
