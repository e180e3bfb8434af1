// What speaks against a link
// purpose: authorisations, genuine samples, differing papers and judgements that stand about two stores
// params: a, b (Seller node ids)
// returns: what, about
// access: read
CALL () {
  MATCH (b:Brand)-[:AUTHORISES]->(s:Seller) WHERE s.id IN [$a, $b]
  RETURN 'authorised by ' + b.name AS what, s.id AS about
  UNION
  MATCH (t:TestBuy {verdict: 'genuine'})-[:BOUGHT_FROM]->(s:Seller) WHERE s.id IN [$a, $b]
  RETURN 'sample found genuine (weak: sellers filter known testers)' AS what, s.id AS about
  UNION
  MATCH (:Seller {id: $a})-[:LICENSED_AS]->(x:Licence)
  MATCH (:Seller {id: $b})-[:LICENSED_AS]->(y:Licence)
  WHERE x <> y
  RETURN 'different business licences' AS what, $a + ', ' + $b AS about
  UNION
  MATCH (j:Judgement {kind: 'different'})
  WHERE ((j.a = $a AND j.b = $b) OR (j.a = $b AND j.b = $a)) AND NOT EXISTS { MATCH (:Judgement {kind: 'revoked', a: j.id}) }
  RETURN 'judged different by ' + j.by + coalesce(' on ' + toString(date(j.at)), '') AS what, $a + ', ' + $b AS about
}
RETURN what, about ORDER BY what, about
