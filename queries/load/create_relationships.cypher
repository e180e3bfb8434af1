// Create relationships
// purpose: add statements known not to be there
// params: rows (list of lists of values, the last two the ids of both ends), loadId; slots TYPE, START, END (relationship type and labels of its ends), PROPERTIES (what a row holds, in order)
// returns: count of relationships created
// access: write
UNWIND $rows AS row
MATCH (a:__START__ {id: row[-2]})
MATCH (b:__END__ {id: row[-1]})
CREATE (a)-[r:__TYPE__ {__PROPERTIES__, loadId: $loadId}]->(b)
RETURN count(r) AS count
