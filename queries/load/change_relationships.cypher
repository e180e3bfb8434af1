// Change relationships
// purpose: set the properties of statements that are there
// params: rows (list of maps with start, end, id, properties); slots TYPE, START, END (relationship type and labels of its ends)
// returns: nothing
// access: write
UNWIND $rows AS row
MATCH (a:__START__ {id: row.start})
MATCH (b:__END__ {id: row.end})
MATCH (a)-[r:__TYPE__]->(b)
WHERE r.id = row.id
SET r += row.properties
