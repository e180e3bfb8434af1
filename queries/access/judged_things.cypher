// What a judgement may be about
// purpose: tell which of the given ids exist, as stores or as identifiers
// params: ids
// returns: id, seller, identifier
// access: read
UNWIND $ids AS id
RETURN id, EXISTS { MATCH (:Seller {id: id}) } AS seller,
       EXISTS { MATCH (:Address|PaymentAccount|Warehouse|Phone|Email|Licence|Person {id: id}) } AS identifier
