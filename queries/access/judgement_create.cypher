// Record a judgement
// purpose: append a person's word; nothing is ever edited
// params: id, title, kind, a, b, by, at, reason
// returns: id, kind, a, b, by, at, reason, revoked_by
// access: write
CREATE (j:Judgement {id: $id, name: $title, kind: $kind, a: $a, b: $b, by: $by, at: $at, reason: $reason})
WITH j
RETURN j.id AS id, j.kind AS kind, j.a AS a, j.b AS b, j.by AS by, j.at AS at, j.reason AS reason,
       head(COLLECT { MATCH (w:Judgement {kind: 'revoked', a: j.id}) RETURN w.id ORDER BY w.at, w.id }) AS revoked_by
