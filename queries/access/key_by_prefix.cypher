// API key by prefix
// purpose: recognise a key
// params: prefix
// returns: the key's columns
// access: read
MATCH (k:ApiKey {prefix: $prefix})
RETURN k.prefix AS prefix, k.name AS name, k.hash AS hash, k.role AS role, k.jurisdictions AS jurisdictions,
       k.brands AS brands, k.createdAt AS createdAt, k.expiresAt AS expiresAt, k.revokedAt AS revokedAt
