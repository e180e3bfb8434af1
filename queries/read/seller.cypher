// One store
// purpose: what is known of a store, and where the published run put it
// params: seller
// returns: id, seller_id, marketplace, name, registered_name, status, opened_on, closed_on, url, listings, suspect_listings, sales_30d, suspicion, racket, rank, member_confidence, brands
// access: read
MATCH (s:Seller {id: $seller})
OPTIONAL MATCH (:Published {id: 'published'})-[:CURRENT]->(run:Run)
CALL (s, run) {
  OPTIONAL MATCH (s)-[m:MEMBER_OF {runId: run.id}]->(r:Racket)
  RETURN m, r ORDER BY m.confidence DESC LIMIT 1
}
RETURN s.id AS id, coalesce(s.sellerId, s.id) AS seller_id, s.marketplace AS marketplace, coalesce(s.storeName, s.name, s.id) AS name,
       s.registeredName AS registered_name, s.status AS status, s.openedOn AS opened_on, s.closedOn AS closed_on, s.url AS url,
       s.listings AS listings, s.suspectListings AS suspect_listings, s.sales30d AS sales_30d, s.suspicion AS suspicion,
       r.racketId AS racket, r.rank AS rank, m.confidence AS member_confidence,
       COLLECT { MATCH (s)-[:OFFERS]->(b:Brand) RETURN b.id ORDER BY b.id LIMIT 200 } AS brands
