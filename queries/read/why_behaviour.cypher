// What two stores do
// purpose: behaviour to be compared: it is weighed between groups, and may have joined stores that share nothing private
// params: a, b (Seller node ids)
// returns: known (what both sell), brands (both sell), aWords, bWords (of most titles), days (between openings), aPrice, bPrice (to the usual one)
// access: read
UNWIND range(0, 1) AS place
MATCH (store:Seller {id: [$a, $b][place]})
CALL (store) {
  OPTIONAL MATCH (store)-[offer:OFFERS]->(brand:Brand)
  WITH offer, brand, CASE WHEN offer.priceRatio IS NOT NULL THEN toFloat(offer.listings) END AS weight
  ORDER BY offer.listings DESC, brand.name
  WITH collect(brand.name) AS brands, sum(offer.priceRatio * weight) AS prices, sum(weight) AS weights
  RETURN brands, CASE WHEN weights > 0 THEN prices / weights END AS price
}
WITH store, brands, price
ORDER BY place
WITH collect({brands: brands, price: price, words: store.titleWords, opened: store.openedOn}) AS found
WITH found[0] AS a, found[1] AS b
RETURN size(a.brands) > 0 AND size(b.brands) > 0 AS known,
       [name IN a.brands WHERE name IN b.brands] AS brands, a.words AS aWords, b.words AS bWords,
       abs(duration.inDays(a.opened, b.opened).days) AS days, a.price AS aPrice, b.price AS bPrice
