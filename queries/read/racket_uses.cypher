// Who uses what, among given stores and identifiers
// purpose: edges of a racket's picture; starts from the stores, so that a hub's other users are never walked
// params: sellers, identifiers
// returns: seller, identifier, types
// access: read
UNWIND $sellers AS seller
MATCH (s:Seller {id: seller})-[use:SHIPS_FROM|RETURNS_TO|REGISTERED_AT|PAID_TO|STOCKS_AT|USES_PHONE|USES_EMAIL|LICENSED_AS|REGISTERED_BY]->(i:__IDENTIFIER__)
WHERE i.id IN $identifiers
WITH seller, i.id AS identifier, type(use) AS type
ORDER BY seller, identifier, type
RETURN seller, identifier, collect(DISTINCT type) AS types
ORDER BY seller, identifier
