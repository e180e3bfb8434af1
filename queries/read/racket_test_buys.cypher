// Test buys from a racket's stores
// purpose: samples bought from its stores, latest first, of the brands a reader may see
// params: node, limit, withinBrands
// returns: id, seller, seller_name, brand, bought_on, verdict, examiner, examined_on, origin_address, account, total
// access: read
MATCH (:Racket {id: $node})<-[:MEMBER_OF]-(s:Seller)<-[:BOUGHT_FROM]-(t:TestBuy)
WHERE size($withinBrands) = 0 OR EXISTS { (t)-[:OF_BRAND]->(b:Brand) WHERE b.id IN $withinBrands }
WITH collect({s: s, t: t}) AS found
UNWIND found AS f
WITH f.s AS s, f.t AS t, size(found) AS total
ORDER BY coalesce(toString(t.boughtOn), '') DESC, t.id
LIMIT $limit
RETURN t.id AS id, s.id AS seller, coalesce(s.storeName, s.name, s.id) AS seller_name,
       head(COLLECT { MATCH (t)-[:OF_BRAND]->(b:Brand) RETURN coalesce(b.name, b.id) ORDER BY b.id }) AS brand,
       t.boughtOn AS bought_on, t.verdict AS verdict, t.examiner AS examiner, t.examinedOn AS examined_on,
       head(COLLECT { MATCH (t)-[:SENT_FROM]->(a:Address) RETURN coalesce(a.text, a.name, a.id) ORDER BY a.id }) AS origin_address,
       head(COLLECT { MATCH (t)-[:PAID_TO]->(p:PaymentAccount) RETURN p.name ORDER BY p.id }) AS account, total
ORDER BY coalesce(toString(bought_on), '') DESC, id
