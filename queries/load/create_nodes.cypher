// Create nodes
// purpose: add nodes known not to be there
// params: rows (list of property maps); slot LABEL (node label)
// returns: nothing
// access: write
UNWIND $rows AS row
CREATE (n:__LABEL__)
SET n = row
