// Notices against a racket's stores
// purpose: takedown notices, latest first, of the brands a reader may see
// params: node, limit, withinBrands
// returns: id, seller, seller_name, brand, filed_on, outcome, reason, total
// access: read
MATCH (:Racket {id: $node})<-[:MEMBER_OF]-(s:Seller)<-[:AGAINST]-(n:Notice)
WHERE size($withinBrands) = 0 OR EXISTS { (n)-[:OF_BRAND]->(b:Brand) WHERE b.id IN $withinBrands }
WITH collect({s: s, n: n}) AS found
UNWIND found AS f
WITH f.s AS s, f.n AS n, size(found) AS total
ORDER BY coalesce(toString(n.filedOn), '') DESC, n.id
LIMIT $limit
RETURN n.id AS id, s.id AS seller, coalesce(s.storeName, s.name, s.id) AS seller_name,
       head(COLLECT { MATCH (n)-[:OF_BRAND]->(b:Brand) RETURN coalesce(b.name, b.id) ORDER BY b.id }) AS brand,
       n.filedOn AS filed_on, n.outcome AS outcome, n.reason AS reason, total
ORDER BY coalesce(toString(filed_on), '') DESC, id
