// Runs to thin out
// purpose: retired runs older than the newest ones to keep
// params: keep (integer)
// returns: id
// access: read
MATCH (r:Run {status: 'retired'})
WITH r ORDER BY r.startedAt DESC
SKIP $keep
RETURN r.id AS id
