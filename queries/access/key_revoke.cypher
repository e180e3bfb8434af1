// Revoke an API key
// purpose: refuse a key from now on; the first moment of revocation stays
// params: prefix, at
// returns: the key's columns
// access: write
MATCH (k:ApiKey {prefix: $prefix})
SET k.revokedAt = coalesce(k.revokedAt, $at)
RETURN k.prefix AS prefix, k.name AS name, k.hash AS hash, k.role AS role, k.jurisdictions AS jurisdictions,
       k.brands AS brands, k.createdAt AS createdAt, k.expiresAt AS expiresAt, k.revokedAt AS revokedAt
