// What the store holds
// purpose: number of nodes by label
// params: none
// returns: kind, nodes
// access: read
MATCH (n:Seller) RETURN 'Seller' AS kind, count(n) AS nodes LIMIT 1
UNION ALL
MATCH (n:Address) RETURN 'Address' AS kind, count(n) AS nodes LIMIT 1
UNION ALL
MATCH (n:PaymentAccount) RETURN 'PaymentAccount' AS kind, count(n) AS nodes LIMIT 1
UNION ALL
MATCH (n:Warehouse) RETURN 'Warehouse' AS kind, count(n) AS nodes LIMIT 1
UNION ALL
MATCH (n:Phone) RETURN 'Phone' AS kind, count(n) AS nodes LIMIT 1
UNION ALL
MATCH (n:Email) RETURN 'Email' AS kind, count(n) AS nodes LIMIT 1
UNION ALL
MATCH (n:Licence) RETURN 'Licence' AS kind, count(n) AS nodes LIMIT 1
UNION ALL
MATCH (n:Person) RETURN 'Person' AS kind, count(n) AS nodes LIMIT 1
UNION ALL
MATCH (n:Brand) RETURN 'Brand' AS kind, count(n) AS nodes LIMIT 1
UNION ALL
MATCH (n:Listing) RETURN 'Listing' AS kind, count(n) AS nodes LIMIT 1
UNION ALL
MATCH (n:TestBuy) RETURN 'TestBuy' AS kind, count(n) AS nodes LIMIT 1
UNION ALL
MATCH (n:Notice) RETURN 'Notice' AS kind, count(n) AS nodes LIMIT 1
UNION ALL
MATCH (n:Operation) RETURN 'Operation' AS kind, count(n) AS nodes LIMIT 1
