// Compare relationships
// purpose: tell which statements of a batch are not in the store, or are there with another content, and with which
// params: starts, ends, ids, digests (lists in the same order); slots TYPE, START, END (relationship type and labels of its ends)
// returns: one row: found, a list of [place in the batch from 0, element id or null, properties or null] of the statements that are missing or differ
// access: read
UNWIND range(0, size($ids) - 1) AS i
OPTIONAL MATCH (a:__START__ {id: $starts[i]})
OPTIONAL MATCH (b:__END__ {id: $ends[i]})
OPTIONAL MATCH (a)-[r:__TYPE__]->(b)
WHERE r.id = $ids[i]
WITH i, r
WHERE r.digest IS NULL OR r.digest <> $digests[i]
RETURN collect([i, elementId(r), properties(r)]) AS found
