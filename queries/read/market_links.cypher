// Market: what stores use
// purpose: every statement that a store uses an identifier of one relationship type, those of so many stores a record
// params: size; slot TYPE (relationship type)
// returns: rows (lists of seller, identifier, label, type, firstSeen, lastSeen)
// access: read
MATCH (s:Seller)
WITH collect(s) AS found
UNWIND range(0, size(found) - 1, $size) AS first
CALL (found, first) {
  UNWIND found[first..first + $size] AS s
  MATCH (s)-[r:__TYPE__]->(i)
  RETURN collect([s.id, i.id, labels(i)[0], type(r), toString(r.firstSeen), toString(r.lastSeen)]) AS rows
}
RETURN rows
