// Market: what stores sell
// purpose: the last scan's roll-up per store and brand, those of so many stores a record
// params: size
// returns: rows (lists of seller, brand, listings, suspectListings, unitsSold30d, sales30d, priceRatio)
// access: read
MATCH (s:Seller)
WITH collect(s) AS found
UNWIND range(0, size(found) - 1, $size) AS first
CALL (found, first) {
  UNWIND found[first..first + $size] AS s
  MATCH (s)-[r:OFFERS]->(b:Brand)
  RETURN collect([s.id, b.id, r.listings, r.suspectListings, r.unitsSold30d, r.sales30d, r.priceRatio]) AS rows
}
RETURN rows
