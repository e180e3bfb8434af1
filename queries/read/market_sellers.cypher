// Market: stores
// purpose: every store with the roll-up of its last scan, as detection reads it, so many stores a record
// params: size
// returns: rows (lists of seller, name, marketplace, openedOn, closedOn, status, listings, suspectListings, sales30d, suspicion, titleWords)
// access: read
MATCH (s:Seller)
WITH collect(s) AS found
UNWIND range(0, size(found) - 1, $size) AS first
CALL (found, first) {
  UNWIND found[first..first + $size] AS s
  RETURN collect([s.id, s.name, s.marketplace, toString(s.openedOn), toString(s.closedOn), s.status, s.listings,
                  s.suspectListings, s.sales30d, s.suspicion, s.titleWords]) AS rows
}
RETURN rows
