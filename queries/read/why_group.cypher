// What a group's stores use
// purpose: every use, by a member of one group, of an identifier that the group's run assessed; of who holds its accounts as well, if by more than one account
// params: node (Racket node id), run (Run id)
// returns: seller, identifier, label, name, type (HELD_BY: through account), account, source, firstSeen, lastSeen (dates), opened, closed, hubProbability, weight, stores
// access: read
MATCH (k:Racket {id: $node})<-[:MEMBER_OF]-(s:Seller)
CALL (s) {
  MATCH (s)-[r:SHIPS_FROM|RETURNS_TO|REGISTERED_AT|PAID_TO|STOCKS_AT|USES_PHONE|USES_EMAIL|LICENSED_AS|REGISTERED_BY]->(i)
  RETURN i, type(r) AS type, null AS account, r
  UNION
  MATCH (s)-[r:PAID_TO]->(x:PaymentAccount)-[:HELD_BY]->(i:Person)
  // Known by one account, a holder is that account seen twice. Who holds a public account serves the public.
  WHERE x.service IS NULL
    AND EXISTS { (i)<-[:HELD_BY]-(y:PaymentAccount) WHERE y <> x AND y.service IS NULL AND EXISTS { (y)<-[:PAID_TO]-(:Seller) } }
  RETURN i, 'HELD_BY' AS type, x.id AS account, r
}
MATCH (i)<-[a:ASSESSED {runId: $run}]-()
RETURN s.id AS seller, i.id AS identifier, labels(i)[0] AS label, i.name AS name, type, account, r.source AS source,
       r.firstSeen AS firstSeen, r.lastSeen AS lastSeen, s.openedOn AS opened, s.closedOn AS closed,
       a.hubProbability AS hubProbability, a.weight AS weight, a.stores AS stores
ORDER BY seller, identifier, type, account, source
