// Start from a payment account
// purpose: who is paid through an account, who holds it, and the groups of those stores
// params: account (id of an account; `graphsvc normalise account` tells it)
// returns: account, use, other, member, racket
// access: read
// example: :param account => 'id of a PaymentAccount node'
OPTIONAL MATCH (:Published {id: 'published'})-[:CURRENT]->(run:Run)
WITH run
MATCH (account:PaymentAccount {id: $account})-[use:PAID_TO|HELD_BY]-(other)
WITH run, account, use, other
LIMIT 120
OPTIONAL MATCH (other)-[member:MEMBER_OF]->(racket:Racket)
WHERE member.runId = run.id
RETURN account, use, other, member, racket
LIMIT 140
