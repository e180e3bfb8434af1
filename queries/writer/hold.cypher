// Say who writes
// purpose: tell others who holds the lock, and since when
// params: id, title, started (datetime)
// returns: nothing
// access: write
MERGE (l:Load {id: $id})
SET l.name = $title, l.startedAt = $started
