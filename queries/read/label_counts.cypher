// Nodes per label
// purpose: say what the store holds
// params: none
// returns: label, count; sorted by label
// access: read
MATCH (n)
UNWIND labels(n) AS label
RETURN label, count(*) AS count
ORDER BY label
