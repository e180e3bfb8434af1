// Contents of relationships
// purpose: tell at once which statements of a large data set are in the store, and as they are to be, those of so many starts a record
// params: size; slots TYPE, START, END (relationship type and labels of its ends)
// returns: rows (lists of id, digest)
// access: read
MATCH (a:__START__)
WITH collect(a) AS found
UNWIND range(0, size(found) - 1, $size) AS first
CALL (found, first) {
  UNWIND found[first..first + $size] AS a
  MATCH (a)-[r:__TYPE__]->(:__END__)
  RETURN collect([r.id, r.digest]) AS rows
}
RETURN rows
