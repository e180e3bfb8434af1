// Market: identifiers
// purpose: every identifier of one label that a store uses, or that is known to serve the public
// params: none; slot LABEL (node label)
// returns: identifier, label, name, kind, service, adcode, level, buildingKey, compoundKey, holder
// access: read
MATCH (i:__LABEL__)
OPTIONAL MATCH (i)-[:HELD_BY]->(p:Person)
WITH i, min(p.id) AS holder
RETURN i.id AS identifier, labels(i)[0] AS label, i.name AS name, i.kind AS kind, i.service AS service, i.adcode AS adcode,
       i.level AS level, i.buildingKey AS buildingKey, i.compoundKey AS compoundKey, holder AS holder
