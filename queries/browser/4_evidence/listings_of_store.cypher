// Suspicious listings of a store
// purpose: what a store offers and of which brands, most suspicious sales first
// params: seller (id of a store)
// returns: store, lists, listing, of, brand
// access: read
// example: :param seller => 'taobao:s000001'
MATCH (store:Seller {id: $seller})-[lists:LISTS]->(listing:Listing)
WITH store, lists, listing
ORDER BY coalesce(listing.suspicion, 0) * coalesce(listing.unitPrice * listing.unitsSold30d, 0) DESC, listing.id
LIMIT 50
OPTIONAL MATCH (listing)-[of:OF_BRAND]->(brand:Brand)
RETURN store, lists, listing, of, brand
LIMIT 60
