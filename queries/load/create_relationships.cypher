// Create relationships
// purpose: add statements known not to be there
// params: rows (list of maps with start, end, properties); slots TYPE, START, END (relationship type and labels of its ends)
// returns: count of relationships created
// access: write
UNWIND $rows AS row
MATCH (a:__START__ {id: row.start})
MATCH (b:__END__ {id: row.end})
CREATE (a)-[r:__TYPE__]->(b)
SET r = row.properties
RETURN count(r) AS count
