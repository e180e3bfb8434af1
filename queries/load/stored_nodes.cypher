// Stored nodes
// purpose: read all properties of nodes that a load may change
// params: ids (list of node ids); slot LABEL (node label)
// returns: properties
// access: read
UNWIND $ids AS id
MATCH (n:__LABEL__ {id: id})
RETURN properties(n) AS properties
