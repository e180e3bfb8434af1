// Market: stores
// purpose: every store with the roll-up of its last scan, as detection reads it
// params: none
// returns: seller, name, marketplace, openedOn, closedOn, status, listings, suspectListings, sales30d, suspicion, titleWords
// access: read
MATCH (s:Seller)
RETURN s.id AS seller, s.name AS name, s.marketplace AS marketplace, toString(s.openedOn) AS openedOn,
       toString(s.closedOn) AS closedOn, s.status AS status, s.listings AS listings,
       s.suspectListings AS suspectListings, s.sales30d AS sales30d, s.suspicion AS suspicion, s.titleWords AS titleWords
