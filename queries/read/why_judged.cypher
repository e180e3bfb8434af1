// What people know of some stores
// purpose: judgements on two of some stores, and operations that found something at several of them
// params: sellers (node ids)
// returns: id, kind (same, different, unsure or operation), a, b, by, at, reason, revoked (when it was taken back; null: it stands)
// access: read
CALL () {
  MATCH (j:Judgement) WHERE j.kind IN ['same', 'different', 'unsure'] AND j.a IN $sellers AND j.b IN $sellers
  RETURN j.id AS id, j.kind AS kind, j.a AS a, j.b AS b, j.by AS by, j.at AS at, j.reason AS reason,
         head(COLLECT { MATCH (w:Judgement {kind: 'revoked', a: j.id}) RETURN w.at ORDER BY w.at }) AS revoked
  UNION
  MATCH (s:Seller)<-[:CONCERNS]-(x:Outcome)<-[:LED_TO]-(o:Operation)
  WHERE s.id IN $sellers AND x.kind <> 'no_finding'
  WITH o, s.id AS seller, min(x.on) AS found
  ORDER BY seller
  WITH o, collect(seller) AS sellers, min(found) AS found
  UNWIND sellers[1..] AS b
  RETURN o.id AS id, 'operation' AS kind, sellers[0] AS a, b,
         coalesce(o.name, o.id) AS by, coalesce(found, o.startedOn) AS at, null AS reason, null AS revoked
}
RETURN id, kind, a, b, by, at, reason, revoked
ORDER BY kind, id, b
