// Market: authorisations
// purpose: stores that a brand lets sell it
// params: none
// returns: seller, brand, validFrom, validTo
// access: read
MATCH (b:Brand)-[r:AUTHORISES]->(s:Seller)
RETURN s.id AS seller, b.id AS brand, toString(r.validFrom) AS validFrom, toString(r.validTo) AS validTo
