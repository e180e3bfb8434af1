// Entries of a hash-linked log
// purpose: a page of a log in order; ids sort as sequence numbers do
// params: chain, first, last, limit
// returns: chain, sequence, at, by, action, subject, details, previous, hash
// access: read
MATCH (e:__LABEL__)
WHERE e.id >= $first AND e.id <= $last AND e.chain = $chain
RETURN e.chain AS chain, e.sequence AS sequence, e.at AS at, e.by AS by, e.action AS action,
       e.subject AS subject, e.details AS details, e.previous AS previous, e.hash AS hash
ORDER BY e.id
LIMIT $limit
