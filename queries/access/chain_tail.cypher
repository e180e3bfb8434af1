// End of a hash-linked log
// purpose: how many entries a log has and the hash of its last; 0 and null for a log not begun
// params: chain
// returns: length, head
// access: read
OPTIONAL MATCH (c:Chain {id: $chain})
RETURN coalesce(c.length, 0) AS length, c.head AS head
