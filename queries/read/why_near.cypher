// What two stores almost share
// purpose: identifiers of the two stores that are perhaps the same, and holders that their accounts share
// params: a, b (Seller node ids)
// returns: aIdentifier, aName, bIdentifier, bName, through, probability
// access: read
CALL () {
  MATCH (:Seller {id: $a})-->(i)-[r:SIMILAR_TO]-(j)<--(:Seller {id: $b})
  RETURN i, j, 'perhaps the same' AS through, r.probability AS probability
  UNION
  MATCH (:Seller {id: $a})-[:PAID_TO]->(i)-[:HELD_BY]->(p:Person)<-[:HELD_BY]-(j)<-[:PAID_TO]-(:Seller {id: $b})
  WHERE i <> j
  RETURN i, j, 'held by ' + p.name AS through, null AS probability
}
RETURN DISTINCT i.id AS aIdentifier, i.name AS aName, j.id AS bIdentifier, j.name AS bName, through, probability
ORDER BY aIdentifier, bIdentifier
