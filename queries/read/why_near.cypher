// What two stores almost share
// purpose: identifiers of the two stores that are perhaps the same
// params: a, b (Seller node ids)
// returns: aIdentifier, aName, bIdentifier, bName, through, probability
// access: read
MATCH (:Seller {id: $a})-->(i)-[r:SIMILAR_TO]-(j)<--(:Seller {id: $b})
RETURN DISTINCT i.id AS aIdentifier, i.name AS aName, j.id AS bIdentifier, j.name AS bName,
       'perhaps the same' AS through, r.probability AS probability
ORDER BY aIdentifier, bIdentifier
