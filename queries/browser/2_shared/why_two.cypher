// Why these two are linked
// purpose: the shortest chains of shared identifiers between two stores, hubs left out
// params: a, b (ids of two stores)
// returns: path
// access: read
// example: :param a => 'taobao:s000001'
// example: :param b => 'taobao:s000002'
OPTIONAL MATCH (:Published {id: 'published'})-[:CURRENT]->(run:Run)
WITH run
MATCH (a:Seller {id: $a})
WITH run, a LIMIT 1
MATCH (b:Seller {id: $b})
WITH run, a, b LIMIT 1
MATCH path = SHORTEST 5 (a)
  ((x:Seller)-[:SHIPS_FROM|RETURNS_TO|REGISTERED_AT|PAID_TO|STOCKS_AT|USES_PHONE|USES_EMAIL|LICENSED_AS|REGISTERED_BY]->(i)<-[:SHIPS_FROM|RETURNS_TO|REGISTERED_AT|PAID_TO|STOCKS_AT|USES_PHONE|USES_EMAIL|LICENSED_AS|REGISTERED_BY]-(y:Seller)
    WHERE NOT EXISTS { (i)<-[verdict:ASSESSED]-() WHERE verdict.runId = run.id AND verdict.hubProbability >= 0.5 }){1,4}
  (b)
RETURN path
LIMIT 5
