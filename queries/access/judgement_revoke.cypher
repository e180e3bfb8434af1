// Revoke a judgement
// purpose: append a revocation if the judgement stands; the lock on it keeps two from doing so at once
// params: id, title, a, by, at, reason
// returns: id, kind, a, b, by, at, reason, revoked_by (no row: unknown, a revocation itself, or revoked already)
// access: write
MATCH (word:Judgement {id: $a})
SET word.id = word.id
WITH word
WHERE word.kind <> 'revoked' AND NOT EXISTS { MATCH (:Judgement {kind: 'revoked', a: $a}) }
CREATE (j:Judgement {id: $id, name: $title, kind: 'revoked', a: $a, by: $by, at: $at, reason: $reason})
WITH j
RETURN j.id AS id, j.kind AS kind, j.a AS a, j.b AS b, j.by AS by, j.at AS at, j.reason AS reason,
       head(COLLECT { MATCH (w:Judgement {kind: 'revoked', a: j.id}) RETURN w.id ORDER BY w.at, w.id }) AS revoked_by
