// How many relationships of a type
// purpose: tell whether a type is still empty, so that nothing need be looked up (answered from the count store)
// params: none; slot TYPE (relationship type)
// returns: count
// access: read
MATCH ()-[r:__TYPE__]->()
RETURN count(r) AS count
