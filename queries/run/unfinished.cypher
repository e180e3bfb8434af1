// Unfinished runs
// purpose: runs that were cut off while being written
// params: none
// returns: id
// access: read
MATCH (r:Run {status: 'writing'})
RETURN r.id AS id
