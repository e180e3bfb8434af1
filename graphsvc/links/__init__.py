"""Shared identifiers to weighted, explained evidence between stores."""

from graphsvc.links.reading import read_market

__all__ = ["read_market"]
