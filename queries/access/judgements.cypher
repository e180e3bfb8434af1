// Judgements
// purpose: a page of people's words by id (ids sort by time), revocations included
// params: after, limit, id, about
// returns: id, kind, a, b, by, at, reason, revoked_by
// access: read
MATCH (j:Judgement)
WHERE j.id > $after AND ($id IS NULL OR j.id = $id) AND ($about IS NULL OR j.a = $about OR j.b = $about)
WITH j ORDER BY j.id LIMIT $limit
RETURN j.id AS id, j.kind AS kind, j.a AS a, j.b AS b, j.by AS by, j.at AS at, j.reason AS reason,
       head(COLLECT { MATCH (w:Judgement {kind: 'revoked', a: j.id}) RETURN w.id ORDER BY w.at, w.id }) AS revoked_by
ORDER BY id
