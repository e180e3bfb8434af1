// Change relationships
// purpose: set the properties of statements that are there
// params: rows (list of lists of values, the element id last), loadId; slots TYPE, START, END (relationship type and labels of its ends), PROPERTIES (what a row holds, in order)
// returns: nothing
// access: write
UNWIND $rows AS row
MATCH (:__START__)-[r:__TYPE__]->(:__END__)
WHERE elementId(r) = row[-1]
SET r += {__PROPERTIES__, loadId: $loadId}
