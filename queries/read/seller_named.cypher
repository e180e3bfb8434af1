// Find a store
// purpose: finds a store by node id, or by the id as received
// params: seller (string)
// returns: id, name
// access: read
CALL () {
  MATCH (s:Seller {id: $seller}) RETURN s
  UNION
  MATCH (s:Seller {sellerId: $seller}) RETURN s
}
RETURN s.id AS id, coalesce(s.storeName, s.name, s.id) AS name
ORDER BY id LIMIT 5
