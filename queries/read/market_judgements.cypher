// Market: people's words
// purpose: judgements that stand: same, different, unsure, whitelist
// params: none
// returns: kind, a, b
// access: read
MATCH (j:Judgement)
WHERE j.kind <> 'revoked' AND NOT EXISTS { MATCH (r:Judgement {kind: 'revoked', a: j.id}) }
RETURN j.kind AS kind, j.a AS a, j.b AS b
