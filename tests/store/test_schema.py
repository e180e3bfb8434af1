"""Constraints and indexes come from the model, on both supported servers."""

from __future__ import annotations

import pytest

from graphsvc.model.errors import Conflict
from graphsvc.model.graph import NODES
from graphsvc.store import schema
from graphsvc.store.driver import Store


def test_one_constraint_a_label_and_one_index_a_declared_property() -> None:
    statements = schema.statements()
    constraints = [text for text in statements if text.startswith("CREATE CONSTRAINT")]
    ranges = [text for text in statements if text.startswith("CREATE INDEX")]
    assert len(constraints) == len(NODES)
    assert len(ranges) == sum(len(node.indexed) for node in NODES)
    assert len(set(statements)) == len(statements)
    assert all("IF NOT EXISTS" in text for text in statements if text.startswith("CREATE"))


@pytest.mark.neo4j
def test_applies_twice_and_holds(any_store: Store) -> None:
    schema.apply(any_store)
    schema.apply(any_store)
    any_store.run_schema("CREATE (:Seller {id: 's1'})")
    with pytest.raises(Conflict, match="already holds this"):
        any_store.run_schema("CREATE (:Seller {id: 's1'})")
