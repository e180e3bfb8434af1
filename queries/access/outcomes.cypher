// Outcomes of an operation
// purpose: what came of an operation, in order of date
// params: operation, limit
// returns: id, operation, kind, seller, address, value, currency, count, on, source
// access: read
MATCH (:Operation {id: $operation})-[:LED_TO]->(o:Outcome)
WITH o ORDER BY coalesce(toString(o.on), ''), o.id LIMIT $limit
RETURN o.id AS id, $operation AS operation, o.kind AS kind,
       head(COLLECT { MATCH (o)-[:CONCERNS]->(s:Seller) RETURN s.id ORDER BY s.id }) AS seller,
       head(COLLECT { MATCH (o)-[:CONCERNS]->(a:Address) RETURN coalesce(a.text, a.name, a.id) ORDER BY a.id }) AS address,
       o.value AS value, o.currency AS currency, o.count AS count, o.on AS on, o.source AS source
ORDER BY coalesce(toString(on), ''), id
