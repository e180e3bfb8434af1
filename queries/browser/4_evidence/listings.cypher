// Most suspicious listings of the top rackets
// purpose: listings of the stores of the first twenty groups, most suspicious sales first
// params: none
// returns: racketId, store, listing, brand, unitPrice, priceRatio, unitsSold30d, suspicion
// access: read
MATCH (:Published {id: 'published'})-[:CURRENT]->(run:Run)<-[:FOUND_IN]-(racket:Racket)
WHERE racket.status = 'suspect'
WITH racket
ORDER BY racket.rank
LIMIT 20
MATCH (racket)<-[:MEMBER_OF]-(seller:Seller)-[:LISTS]->(item:Listing)
WITH racket, seller, item
ORDER BY coalesce(item.suspicion, 0) * coalesce(item.unitPrice * item.unitsSold30d, 0) DESC, item.id
LIMIT 50
OPTIONAL MATCH (item)-[:OF_BRAND]->(label:Brand)
RETURN racket.racketId AS racketId, seller.name AS store, item.title AS listing, label.name AS brand,
  item.unitPrice AS unitPrice, item.priceRatio AS priceRatio, item.unitsSold30d AS unitsSold30d,
  item.suspicion AS suspicion
LIMIT 50
