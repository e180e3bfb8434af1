// What two stores share
// purpose: every identifier both stores use, with who says so and what the published run made of it
// params: a, b (Seller node ids)
// returns: identifier, label, name, aTypes, bTypes, aFirst, aLast, bFirst, bLast, sources, hubProbability, weight, stores, groups, service
// access: read
MATCH (a:Seller {id: $a})-[x:SHIPS_FROM|RETURNS_TO|REGISTERED_AT|PAID_TO|STOCKS_AT|USES_PHONE|USES_EMAIL|LICENSED_AS|REGISTERED_BY]->(i)
MATCH (i)<-[y:SHIPS_FROM|RETURNS_TO|REGISTERED_AT|PAID_TO|STOCKS_AT|USES_PHONE|USES_EMAIL|LICENSED_AS|REGISTERED_BY]-(b:Seller {id: $b})
WITH i, collect(DISTINCT type(x)) AS aTypes, collect(DISTINCT type(y)) AS bTypes, min(x.firstSeen) AS aFirst,
     max(x.lastSeen) AS aLast, min(y.firstSeen) AS bFirst, max(y.lastSeen) AS bLast,
     collect(DISTINCT x.source) + collect(DISTINCT y.source) AS sources
OPTIONAL MATCH (:Published {id: 'published'})-[:CURRENT]->(run:Run)
OPTIONAL MATCH (i)<-[z:ASSESSED]-(run)
RETURN i.id AS identifier, labels(i)[0] AS label, i.name AS name, aTypes, bTypes, toString(aFirst) AS aFirst,
       toString(aLast) AS aLast, toString(bFirst) AS bFirst, toString(bLast) AS bLast, sources,
       z.hubProbability AS hubProbability, z.weight AS weight, z.stores AS stores, z.groups AS groups, i.service AS service
ORDER BY coalesce(weight, 0.0) DESC, identifier
