// Record a load
// purpose: note when a load began, ended, what it read and what came of it
// params: id, title, started (datetime), finished (datetime or null), paths (list), counts (JSON or null)
// returns: nothing
// access: write
MERGE (l:Load {id: $id})
SET l.name = $title, l.startedAt = coalesce(l.startedAt, $started), l.finishedAt = coalesce(l.finishedAt, $finished),
    l.paths = coalesce(l.paths, $paths), l.counts = coalesce(l.counts, $counts)
