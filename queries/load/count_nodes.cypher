// How many nodes of a label
// purpose: tell whether a label is still empty, so that nothing need be looked up (answered from the count store)
// params: none; slot LABEL (node label)
// returns: count
// access: read
MATCH (n:__LABEL__)
RETURN count(n) AS count
