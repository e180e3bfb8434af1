// All API keys
// purpose: list keys, oldest first
// params: none
// returns: the keys' columns
// access: read
MATCH (k:ApiKey)
RETURN k.prefix AS prefix, k.name AS name, k.hash AS hash, k.role AS role, k.jurisdictions AS jurisdictions,
       k.brands AS brands, k.createdAt AS createdAt, k.expiresAt AS expiresAt, k.revokedAt AS revokedAt
ORDER BY createdAt, prefix
