// Brands a racket sells
// purpose: what its stores offer of each brand, from the last scan, and what test buys said
// params: node, limit
// returns: id, name, stores, listings, suspect_listings, units_30d, sales_30d, lowest_price_ratio, fakes, test_buys
// access: read
MATCH (:Racket {id: $node})<-[:MEMBER_OF]-(s:Seller)
CALL (s) {
  MATCH (s)-[o:OFFERS]->(b:Brand)
  RETURN b, s.id AS offering, o.listings AS listings, o.suspectListings AS suspect, o.unitsSold30d AS units, o.sales30d AS sales,
         o.priceRatio AS ratio, null AS verdict, null AS bought
  UNION ALL
  MATCH (s)<-[:BOUGHT_FROM]-(t:TestBuy)-[:OF_BRAND]->(b:Brand)
  RETURN b, null AS offering, null AS listings, null AS suspect, null AS units, null AS sales, null AS ratio, t.verdict AS verdict, t.id AS bought
}
WITH b, count(DISTINCT offering) AS stores, sum(listings) AS listings, sum(suspect) AS suspect_listings, sum(units) AS units_30d,
     sum(sales) AS sales, min(ratio) AS lowest_price_ratio, count(DISTINCT CASE verdict WHEN 'counterfeit' THEN bought END) AS fakes,
     count(DISTINCT bought) AS test_buys
RETURN b.id AS id, coalesce(b.name, b.id) AS name, stores, listings, suspect_listings, units_30d, toFloat(sales) AS sales_30d,
       lowest_price_ratio, fakes, test_buys
ORDER BY fakes DESC, suspect_listings DESC, sales_30d DESC, id
LIMIT $limit
