// Contents of relationships
// purpose: tell at once which statements of a large data set are in the store as they are to be
// params: none; slots TYPE, START, END (relationship type and labels of its ends)
// returns: id, digest
// access: read
MATCH (:__START__)-[r:__TYPE__]->(:__END__)
RETURN r.id AS id, r.digest AS digest
