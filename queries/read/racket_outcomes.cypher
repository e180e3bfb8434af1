// What operations led to at a racket's stores
// purpose: outcomes that concern its stores, latest first
// params: node, limit
// returns: id, operation, operation_name, authority, seller, kind, value, currency, count, on, total
// access: read
MATCH (:Racket {id: $node})<-[:MEMBER_OF]-(s:Seller)<-[:CONCERNS]-(o:Outcome)
WITH collect({s: s, o: o}) AS found
UNWIND found AS f
WITH f.s AS s, f.o AS o, size(found) AS total
ORDER BY coalesce(toString(o.on), '') DESC, o.id, s.id
LIMIT $limit
CALL (o) {
  OPTIONAL MATCH (o)<-[:LED_TO]-(op:Operation)
  RETURN op ORDER BY op.id LIMIT 1
}
RETURN o.id AS id, op.id AS operation, coalesce(op.name, op.id) AS operation_name,
       head(COLLECT { MATCH (op)-[:RUN_BY]->(a:Authority) RETURN coalesce(a.name, a.id) ORDER BY a.id }) AS authority,
       s.id AS seller, o.kind AS kind, o.value AS value, o.currency AS currency, o.count AS count, o.on AS on, total
ORDER BY coalesce(toString(on), '') DESC, id, seller
