// Contents of nodes
// purpose: tell at once which nodes of a large data set are in the store as they are to be
// params: none; slot LABEL (node label)
// returns: id, digest
// access: read
MATCH (n:__LABEL__)
RETURN n.id AS id, n.digest AS digest
