// Perhaps the same address or person
// purpose: identifiers of this store that may be another's, written differently: weak evidence
// params: seller (id of a store)
// returns: store, use, mine, similar, theirs, otherUse, other, probability
// access: read
// example: :param seller => 'taobao:s000001'
MATCH (store:Seller {id: $seller})-[use:SHIPS_FROM|RETURNS_TO|REGISTERED_AT|REGISTERED_BY]->(mine)-[similar:SIMILAR_TO]-(theirs)
WITH store, use, mine, similar, theirs
ORDER BY similar.probability DESC, theirs.id
LIMIT 30
CALL (theirs) {
  MATCH (theirs)<-[otherUse:SHIPS_FROM|RETURNS_TO|REGISTERED_AT|REGISTERED_BY]-(other:Seller)
  RETURN otherUse, other
  LIMIT 5
}
RETURN store, use, mine, similar, theirs, otherUse, other, similar.probability AS probability
LIMIT 90
