// Audit of one thing
// purpose: who read, exported or changed a thing, in order
// params: subject, limit
// returns: sequence, at, by, action, details
// access: read
MATCH (e:AuditEntry {subject: $subject})
RETURN e.sequence AS sequence, e.at AS at, e.by AS by, e.action AS action, e.details AS details
ORDER BY e.sequence
LIMIT $limit
