// The last loads
// purpose: what was loaded, when, and how many rows were rejected
// params: none
// returns: load, startedAt, finishedAt, paths, counts
// access: read
MATCH (load:Load)
RETURN load, load.startedAt AS startedAt, load.finishedAt AS finishedAt, load.paths AS paths, load.counts AS counts
ORDER BY startedAt DESC
LIMIT 20
