// Why are these two linked?
// purpose: the shortest chains of shared identifiers between two stores, hubs left out
// params: a, b (ids of two stores)
// returns: path
// access: read
// example: :param a => 'taobao:s000001'
// example: :param b => 'taobao:s000002'
OPTIONAL MATCH (:Published {id: 'published'})-[:CURRENT]->(run:Run)
WITH run
MATCH path = SHORTEST 5 (a:Seller {id: $a})
  ((x:Seller)-[:SHIPS_FROM|RETURNS_TO|REGISTERED_AT|PAID_TO|STOCKS_AT|USES_PHONE|USES_EMAIL|LICENSED_AS|REGISTERED_BY]->(i)<-[:SHIPS_FROM|RETURNS_TO|REGISTERED_AT|PAID_TO|STOCKS_AT|USES_PHONE|USES_EMAIL|LICENSED_AS|REGISTERED_BY]-(y:Seller)
    WHERE NOT EXISTS { (i)<-[x:ASSESSED]-() WHERE x.runId = run.id AND x.hubProbability >= 0.5 }){1,4}
  (b:Seller {id: $b})
RETURN path
LIMIT 5
