// Change nodes
// purpose: set the properties of nodes that are there
// params: rows (list of property maps with id); slot LABEL (node label)
// returns: nothing
// access: write
UNWIND $rows AS row
MATCH (n:__LABEL__ {id: row.id})
SET n += row
