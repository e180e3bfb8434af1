"""Errors of the server in our words."""

from __future__ import annotations

import pytest
from neo4j import exceptions

from graphsvc.store.address import ServerAddress
from graphsvc.store.driver import _of_server

CODE = "Neo.DatabaseError.Transaction.TransactionStartFailed"


@pytest.mark.parametrize(
    ("message", "told"),
    [
        # as Neo4j 2026.08 says it once a full disk has stopped its database
        (
            "The database has encountered a critical error, and needs to be restarted. Please see database logs "
            "for more details.",
            "Neo4j has shut its database after a critical error: most often its disk is full.",
        ),
        ("No space left on device", "Neo4j's disk is full or not writable."),
        ("Something else", "Neo4j answered: Something else"),
    ],
)
def test_what_only_a_restart_or_space_mends_is_said_so(message: str, told: str) -> None:
    address = ServerAddress("bolt://127.0.0.1:1", "neo4j", "secret", "neo4j")
    error = exceptions.Neo4jError._hydrate_neo4j(code=CODE, message=message)
    assert _of_server(error, address).message == told
