// Digests of nodes
// purpose: tell which nodes of a batch are in the store already, and with which content
// params: ids (list of node ids); slot LABEL (node label)
// returns: id, digest; no row for a node that is not there
// access: read
UNWIND $ids AS id
MATCH (n:__LABEL__ {id: id})
RETURN n.id AS id, n.digest AS digest
