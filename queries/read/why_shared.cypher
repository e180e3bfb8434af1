// What two stores share
// purpose: every identifier both stores use, and who holds accounts of both, with who says so and what the published run made of it
// params: a, b (Seller node ids)
// returns: identifier, label, name, accounts (names of those held; null: used directly), twice (a holder known by one account only), aTypes, bTypes, aFirst, aLast, bFirst, bLast (dates), aOpened, aClosed, bOpened, bClosed, sources, hubProbability, weight, stores, service
// access: read
MATCH (a:Seller {id: $a}), (b:Seller {id: $b})
CALL (a, b) {
  MATCH (a)-[x:SHIPS_FROM|RETURNS_TO|REGISTERED_AT|PAID_TO|STOCKS_AT|USES_PHONE|USES_EMAIL|LICENSED_AS|REGISTERED_BY]->(i)
  MATCH (i)<-[y:SHIPS_FROM|RETURNS_TO|REGISTERED_AT|PAID_TO|STOCKS_AT|USES_PHONE|USES_EMAIL|LICENSED_AS|REGISTERED_BY]-(b)
  RETURN i, null AS accounts, false AS twice, collect(DISTINCT type(x)) AS aTypes, collect(DISTINCT type(y)) AS bTypes,
         min(x.firstSeen) AS aFirst, max(x.lastSeen) AS aLast, min(y.firstSeen) AS bFirst, max(y.lastSeen) AS bLast,
         collect(DISTINCT x.source) + collect(DISTINCT y.source) AS sources
  UNION
  // Who holds an account that serves the public serves the public.
  MATCH (a)-[x:PAID_TO]->(m:PaymentAccount)-[:HELD_BY]->(i:Person)
  MATCH (b)-[y:PAID_TO]->(n:PaymentAccount)-[:HELD_BY]->(i)
  WHERE m.service IS NULL AND n.service IS NULL
  WITH i, collect(DISTINCT m) AS ms, collect(DISTINCT n) AS ns, min(x.firstSeen) AS aFirst, max(x.lastSeen) AS aLast,
       min(y.firstSeen) AS bFirst, max(y.lastSeen) AS bLast, collect(DISTINCT x.source) + collect(DISTINCT y.source) AS sources
  RETURN i, COLLECT { UNWIND ms + ns AS one RETURN DISTINCT coalesce(one.name, one.id) AS name ORDER BY name } AS accounts,
         NOT EXISTS { (i)<-[:HELD_BY]-(other:PaymentAccount)
                      WHERE other <> ms[0] AND other.service IS NULL AND EXISTS { (other)<-[:PAID_TO]-(:Seller) } } AS twice,
         ['HELD_BY', 'PAID_TO'] AS aTypes, ['HELD_BY', 'PAID_TO'] AS bTypes, aFirst, aLast, bFirst, bLast, sources
}
OPTIONAL MATCH (:Published {id: 'published'})-[:CURRENT]->(run:Run)
OPTIONAL MATCH (i)<-[z:ASSESSED]-(run)
RETURN i.id AS identifier, labels(i)[0] AS label, i.name AS name, accounts, twice, aTypes, bTypes, aFirst, aLast, bFirst,
       bLast, a.openedOn AS aOpened, a.closedOn AS aClosed, b.openedOn AS bOpened, b.closedOn AS bClosed, sources,
       z.hubProbability AS hubProbability, z.weight AS weight, z.stores AS stores, i.service AS service
ORDER BY coalesce(weight, 0.0) DESC, identifier, accounts IS NOT NULL
