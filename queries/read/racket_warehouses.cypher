// Warehouses of a racket
// purpose: where its goods lie; most used by its stores and least public first
// params: node, run, limit
// returns: the columns of racket_sites
// access: read
MATCH (:Racket {id: $node})<-[:MEMBER_OF]-(s:Seller)-[use:STOCKS_AT]->(w:Warehouse)
WITH w, count(DISTINCT s) AS stores, sum(use.count) AS parcels, min(use.firstSeen) AS first_seen, max(use.lastSeen) AS last_seen
WITH collect({w: w, stores: stores, parcels: parcels, first_seen: first_seen, last_seen: last_seen}) AS found
UNWIND found AS f
WITH f.w AS w, f, size(found) AS total
CALL (w) {
  OPTIONAL MATCH (w)<-[on:ASSESSED {runId: $run}]-(:Run)
  RETURN on.hubProbability AS hub LIMIT 1
}
CALL (w) {
  OPTIONAL MATCH (w)-[:LOCATED_AT]->(a:Address)
  RETURN a ORDER BY a.id LIMIT 1
}
RETURN w.id AS id, 'warehouse' AS kind,
       CASE WHEN a IS NULL THEN coalesce(w.name, w.id) ELSE coalesce(w.name, w.id) + ' · ' + coalesce(a.text, a.name, '') END AS text,
       a.adcode AS adcode, a.province AS province, a.city AS city, a.district AS district,
       a.location.latitude AS latitude, a.location.longitude AS longitude, ['STOCKS_AT'] AS roles, f.stores AS stores,
       CASE f.parcels WHEN 0 THEN null ELSE f.parcels END AS parcels, f.first_seen AS first_seen, f.last_seen AS last_seen,
       hub AS hub_probability, w.service AS service, total
ORDER BY stores * (1.0 - coalesce(hub_probability, 0.0)) DESC, stores DESC, id
LIMIT $limit
