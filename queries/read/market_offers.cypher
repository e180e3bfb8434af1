// Market: what stores sell
// purpose: the last scan's roll-up per store and brand
// params: none
// returns: seller, brand, listings, suspectListings, unitsSold30d, sales30d, priceRatio
// access: read
MATCH (s:Seller)-[r:OFFERS]->(b:Brand)
RETURN s.id AS seller, b.id AS brand, r.listings AS listings, r.suspectListings AS suspectListings,
       r.unitsSold30d AS unitsSold30d, r.sales30d AS sales30d, r.priceRatio AS priceRatio
