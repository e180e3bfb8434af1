// Change nodes
// purpose: set the properties of nodes that are there
// params: rows (list of lists of values, the element id last), loadId; slots LABEL (node label), PROPERTIES (what a row holds, in order)
// returns: nothing
// access: write
UNWIND $rows AS row
MATCH (n:__LABEL__)
WHERE elementId(n) = row[-1]
SET n += {__PROPERTIES__, loadId: $loadId}
