// Compare nodes
// purpose: tell which nodes of a batch are not in the store, or are there with another content, and with which
// params: ids (list of node ids), digests (list, in the same order); slot LABEL (node label)
// returns: one row: found, a list of [place in the batch from 0, element id or null, properties or null] of the nodes that are missing or differ
// access: read
UNWIND range(0, size($ids) - 1) AS i
OPTIONAL MATCH (n:__LABEL__ {id: $ids[i]})
WITH i, n
WHERE n.digest IS NULL OR n.digest <> $digests[i]
RETURN collect([i, elementId(n), properties(n)]) AS found
