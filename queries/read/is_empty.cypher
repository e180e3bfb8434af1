// Is the store empty?
// purpose: refuse a first bulk load into a store that already holds something
// params: none
// returns: empty (boolean)
// access: read
OPTIONAL MATCH (n)
WITH n LIMIT 1
RETURN n IS NULL AS empty
