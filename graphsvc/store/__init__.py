"""The only room that talks Bolt: driver, named queries, schema, transactions, the local Neo4j."""
