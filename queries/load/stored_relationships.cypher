// Stored relationships
// purpose: read all properties of statements that a load may change
// params: rows (list of maps with start, end, id); slots TYPE, START, END (relationship type and labels of its ends)
// returns: properties
// access: read
UNWIND $rows AS row
MATCH (a:__START__ {id: row.start})
MATCH (b:__END__ {id: row.end})
MATCH (a)-[r:__TYPE__]->(b)
WHERE r.id = row.id
RETURN properties(r) AS properties
