// Append to a hash-linked log
// purpose: write one entry if the log still ends where the writer believes; the first SET takes the lock
// params: id, title, chain, sequence, at, by, action, subject, details, previous, hash
// returns: id (no row: the end has moved)
// access: write
MERGE (c:Chain {id: $chain})
  ON CREATE SET c.name = $chain, c.length = 0
// The lock is taken by writing something nobody reads: what is read next is then what was last committed.
SET c.locked = $id
WITH c
WHERE c.length = $sequence - 1 AND ($sequence = 1 OR c.head = $previous)
CREATE (e:__LABEL__ {
  id: $id, name: $title, chain: $chain, sequence: $sequence, at: $at, by: $by, action: $action,
  subject: $subject, details: $details, previous: $previous, hash: $hash
})
SET c.length = $sequence, c.head = $hash
RETURN e.id AS id
