// Market: identifiers
// purpose: every identifier of one label that a store uses, or that is known to serve the public, so many a record
// params: size; slot LABEL (node label)
// returns: rows (lists of identifier, label, name, kind, service, adcode, level, buildingKey, compoundKey, holder)
// access: read
MATCH (i:__LABEL__)
WITH collect(i) AS found
UNWIND range(0, size(found) - 1, $size) AS first
CALL (found, first) {
  UNWIND found[first..first + $size] AS i
  OPTIONAL MATCH (i)-[:HELD_BY]->(p:Person)
  WITH i, min(p.id) AS holder
  RETURN collect([i.id, labels(i)[0], i.name, i.kind, i.service, i.adcode, i.level, i.buildingKey, i.compoundKey,
                  holder]) AS rows
}
RETURN rows
