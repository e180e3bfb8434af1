// Contents of nodes
// purpose: tell at once which nodes of a large data set are in the store, and as they are to be, those of so many a record
// params: size; slot LABEL (node label)
// returns: rows (lists of id, digest)
// access: read
MATCH (n:__LABEL__)
WITH collect(n) AS found
UNWIND range(0, size(found) - 1, $size) AS first
CALL (found, first) {
  UNWIND found[first..first + $size] AS n
  RETURN collect([n.id, n.digest]) AS rows
}
RETURN rows
