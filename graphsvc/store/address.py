"""Where a server is: apart from the driver, which is slow to import and often not needed to know it."""

from __future__ import annotations

from dataclasses import dataclass, field


@dataclass(frozen=True)
class ServerAddress:
    """Where a Neo4j server is and how to sign in."""

    uri: str
    user: str = "neo4j"
    password: str = field(default="", repr=False)
    database: str | None = None
