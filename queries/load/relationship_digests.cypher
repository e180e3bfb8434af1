// Digests of relationships
// purpose: tell which statements of a batch are in the store already, and with which content
// params: rows (list of maps with start, end, id); slots TYPE, START, END (relationship type and labels of its ends)
// returns: id, digest; no row for a statement that is not there
// access: read
UNWIND $rows AS row
MATCH (a:__START__ {id: row.start})
MATCH (b:__END__ {id: row.end})
MATCH (a)-[r:__TYPE__]->(b)
WHERE r.id = row.id
RETURN r.id AS id, r.digest AS digest
