// Members of a racket
// purpose: the stores of a racket, surest first
// params: node, limit
// returns: id, seller_id, marketplace, name, status, confidence, role, counterfeit, stability, apart, sales_30d, opened_on, closed_on, suspicion, url
// access: read
MATCH (r:Racket {id: $node})<-[m:MEMBER_OF]-(s:Seller)
RETURN s.id AS id, coalesce(s.sellerId, s.id) AS seller_id, s.marketplace AS marketplace, coalesce(s.storeName, s.name, s.id) AS name,
       s.status AS status, m.confidence AS confidence, m.role AS role, m.counterfeit AS counterfeit,
       m.stability AS stability, m.apart AS apart,
       s.sales30d AS sales_30d, s.openedOn AS opened_on, s.closedOn AS closed_on, s.suspicion AS suspicion, s.url AS url
ORDER BY confidence DESC, id
LIMIT $limit
