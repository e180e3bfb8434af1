// Make an API key
// purpose: keep a new key; only its hash, never its secret
// params: prefix, title, hash, role, jurisdictions, brands, createdAt, expiresAt
// returns: the key's columns
// access: write
CREATE (k:ApiKey {
  id: $prefix, prefix: $prefix, name: $title, hash: $hash, role: $role, jurisdictions: $jurisdictions,
  brands: $brands, createdAt: $createdAt, expiresAt: $expiresAt
})
RETURN k.prefix AS prefix, k.name AS name, k.hash AS hash, k.role AS role, k.jurisdictions AS jurisdictions,
       k.brands AS brands, k.createdAt AS createdAt, k.expiresAt AS expiresAt, k.revokedAt AS revokedAt
