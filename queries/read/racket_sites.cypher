// Places of a racket
// purpose: addresses its stores ship from, take returns at or are registered at; most used by them and least public first
// params: node, run, limit
// returns: id, kind, text, adcode, province, city, district, latitude, longitude, roles, stores, parcels, first_seen, last_seen, hub_probability, service, total
// access: read
MATCH (:Racket {id: $node})<-[:MEMBER_OF]-(s:Seller)-[use:SHIPS_FROM|RETURNS_TO|REGISTERED_AT]->(a:Address)
WITH a, count(DISTINCT s) AS stores, collect(DISTINCT type(use)) AS roles, sum(use.count) AS parcels,
     min(use.firstSeen) AS first_seen, max(use.lastSeen) AS last_seen
WITH collect({a: a, stores: stores, roles: roles, parcels: parcels, first_seen: first_seen, last_seen: last_seen}) AS found
UNWIND found AS f
WITH f.a AS a, f, size(found) AS total
CALL (a) {
  OPTIONAL MATCH (a)<-[on:ASSESSED {runId: $run}]-(:Run)
  RETURN on.hubProbability AS hub LIMIT 1
}
RETURN a.id AS id, 'address' AS kind, coalesce(a.text, a.name, a.id) AS text, a.adcode AS adcode, a.province AS province, a.city AS city,
       a.district AS district, a.location.latitude AS latitude, a.location.longitude AS longitude,
       COLLECT { UNWIND f.roles AS r RETURN r ORDER BY r } AS roles, f.stores AS stores,
       CASE f.parcels WHEN 0 THEN null ELSE f.parcels END AS parcels, f.first_seen AS first_seen, f.last_seen AS last_seen,
       hub AS hub_probability, a.service AS service, total
ORDER BY stores * (1.0 - coalesce(hub_probability, 0.0)) DESC, stores DESC, id
LIMIT $limit
