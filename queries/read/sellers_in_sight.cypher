// Which of some stores somebody may see
// purpose: keep of a list of stores those within the reader's jurisdictions
// params: sellers, withinJurisdictions
// returns: id
// access: read
UNWIND $sellers AS seller
MATCH (s:Seller {id: seller})
WHERE (size($withinJurisdictions) = 0
    OR EXISTS { (s)-[:SHIPS_FROM|RETURNS_TO|REGISTERED_AT]->(a:Address) WHERE any(p IN $withinJurisdictions WHERE a.adcode STARTS WITH p) }
    OR EXISTS { (s)-[:STOCKS_AT]->(:Warehouse)-[:LOCATED_AT]->(a:Address) WHERE any(p IN $withinJurisdictions WHERE a.adcode STARTS WITH p) }
    OR EXISTS { (s)-[:MEMBER_OF]->(r:Racket)-[:FOUND_IN]->(:Run)<-[:CURRENT]-(:Published)
                WHERE any(j IN r.jurisdictions WHERE any(p IN $withinJurisdictions WHERE j STARTS WITH p)) })
RETURN s.id AS id
ORDER BY id
