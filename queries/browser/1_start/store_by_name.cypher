// Find a store by its name
// purpose: stores whose name begins so, most suspicious sales first
// params: name (beginning of the store's name)
// returns: store, id, suspicion, sales30d
// access: read
// example: :param name => '莆田'
MATCH (store:Seller)
WHERE store.storeName STARTS WITH $name
WITH store LIMIT 1000
RETURN store, store.id AS id, store.suspicion AS suspicion, store.sales30d AS sales30d
ORDER BY coalesce(store.suspicion, 0) * coalesce(store.sales30d, 0) DESC, id
LIMIT 50
