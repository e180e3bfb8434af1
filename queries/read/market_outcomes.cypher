// Market: outcomes of operations
// purpose: what police found at stores
// params: none
// returns: operation, seller, kind, on
// access: read
MATCH (o:Operation)-[:LED_TO]->(x:Outcome)-[:CONCERNS]->(s:Seller)
RETURN o.id AS operation, s.id AS seller, x.kind AS kind, toString(x.on) AS on
