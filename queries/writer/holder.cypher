// Who writes
// purpose: read who holds the lock
// params: id
// returns: title, started; no row if nobody said
// access: read
MATCH (l:Load {id: $id})
RETURN l.name AS title, l.startedAt AS started
