// Begin a run
// purpose: creates a run that nothing points to yet
// params: id, started, engine, seed, parameters, versions, figures, digest
// returns: id
// access: write
CREATE (r:Run {
  id: $id, name: $id, startedAt: $started, engine: $engine, seed: $seed, parameters: $parameters,
  versions: $versions, figures: $figures, dataDigest: $digest, status: 'writing'
})
RETURN r.id AS id
