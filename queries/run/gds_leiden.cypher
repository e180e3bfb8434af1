// Leiden in Graph Data Science
// purpose: partitions a projected graph of pairs; seeded, hence on one thread
// params: graph (string), gamma (modularity resolution), seed (integer)
// returns: node, community
// access: read
CALL gds.leiden.stream($graph, {
  relationshipWeightProperty: 'weight', gamma: $gamma, randomSeed: $seed, concurrency: 1, maxLevels: 20
})
YIELD nodeId, communityId
RETURN nodeId AS node, communityId AS community
