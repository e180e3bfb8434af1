// What the store holds
// purpose: number of nodes by label
// params: none
// returns: kind, nodes
// access: read
RETURN 'Seller' AS kind, COUNT { (:Seller) } AS nodes LIMIT 1
UNION ALL
RETURN 'Address' AS kind, COUNT { (:Address) } AS nodes LIMIT 1
UNION ALL
RETURN 'PaymentAccount' AS kind, COUNT { (:PaymentAccount) } AS nodes LIMIT 1
UNION ALL
RETURN 'Warehouse' AS kind, COUNT { (:Warehouse) } AS nodes LIMIT 1
UNION ALL
RETURN 'Phone' AS kind, COUNT { (:Phone) } AS nodes LIMIT 1
UNION ALL
RETURN 'Email' AS kind, COUNT { (:Email) } AS nodes LIMIT 1
UNION ALL
RETURN 'Licence' AS kind, COUNT { (:Licence) } AS nodes LIMIT 1
UNION ALL
RETURN 'Person' AS kind, COUNT { (:Person) } AS nodes LIMIT 1
UNION ALL
RETURN 'Brand' AS kind, COUNT { (:Brand) } AS nodes LIMIT 1
UNION ALL
RETURN 'Listing' AS kind, COUNT { (:Listing) } AS nodes LIMIT 1
UNION ALL
RETURN 'TestBuy' AS kind, COUNT { (:TestBuy) } AS nodes LIMIT 1
UNION ALL
RETURN 'Notice' AS kind, COUNT { (:Notice) } AS nodes LIMIT 1
UNION ALL
RETURN 'Operation' AS kind, COUNT { (:Operation) } AS nodes LIMIT 1
