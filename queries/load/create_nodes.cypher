// Create nodes
// purpose: add nodes known not to be there
// params: rows (list of lists of values), loadId; slots LABEL (node label), PROPERTIES (what a row holds, in order)
// returns: nothing
// access: write
UNWIND $rows AS row
CREATE (:__LABEL__ {__PROPERTIES__, loadId: $loadId})
