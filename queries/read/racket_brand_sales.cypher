// Sales of given brands by a racket's stores
// purpose: what each store of a racket sells of the brands a reader may see
// params: node, brands
// returns: seller, sales_30d
// access: read
MATCH (:Racket {id: $node})<-[:MEMBER_OF]-(s:Seller)-[o:OFFERS]->(b:Brand)
WHERE b.id IN $brands
RETURN s.id AS seller, toFloat(sum(o.sales30d)) AS sales_30d
ORDER BY seller
