// Sellers by the id as received
// purpose: find stores that a data set refers to without declaring them
// params: ids (list of seller ids as received)
// returns: sellerId, marketplace, id
// access: read
UNWIND $ids AS id
MATCH (s:Seller {sellerId: id})
RETURN s.sellerId AS sellerId, s.marketplace AS marketplace, s.id AS id
