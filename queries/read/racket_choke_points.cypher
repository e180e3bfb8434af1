// Choke points of rackets
// purpose: what holds each racket together, the most telling first
// params: nodes, limit (per racket)
// returns: node, id, label, name, members, share, cut, pieces
// access: read
UNWIND $nodes AS node
MATCH (r:Racket {id: node})
CALL (r) {
  MATCH (r)-[on:RELIES_ON]->(i:__IDENTIFIER__)
  RETURN i, on
  ORDER BY on.cut DESC, on.members DESC, i.id
  LIMIT $limit
}
RETURN node, i.id AS id, [l IN labels(i)][0] AS label, coalesce(i.name, i.id) AS name, on.members AS members,
       on.share AS share, on.cut AS cut, on.pieces AS pieces
ORDER BY node, cut DESC, members DESC, id
