// What a store uses
// purpose: the identifiers of a store with who says so, and how many stores use each
// params: seller, limit
// returns: id, label, name, type, source, first_seen, last_seen, count, stores, service
// access: read
MATCH (s:Seller {id: $seller})-[use:SHIPS_FROM|RETURNS_TO|REGISTERED_AT|PAID_TO|STOCKS_AT|USES_PHONE|USES_EMAIL|LICENSED_AS|REGISTERED_BY]->(i)
WITH use, i
ORDER BY type(use), i.id, use.source
LIMIT $limit
RETURN i.id AS id, labels(i)[0] AS label, coalesce(i.name, i.id) AS name, type(use) AS type, use.source AS source,
       use.firstSeen AS first_seen, use.lastSeen AS last_seen, use.count AS count,
       COUNT { (i)<-[:SHIPS_FROM|RETURNS_TO|REGISTERED_AT|PAID_TO|STOCKS_AT|USES_PHONE|USES_EMAIL|LICENSED_AS|REGISTERED_BY]-() } AS stores,
       i.service AS service
ORDER BY type, id, source
