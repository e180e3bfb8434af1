// Lock writing
// purpose: wait for, and keep others from, the right to write much: the constraint lets one open transaction at a time make this node; the transaction is rolled back in the end, so that the node never is
// params: id
// returns: nothing
// access: write
MERGE (:Load {id: $id})
