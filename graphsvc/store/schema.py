"""Constraints and indexes, generated from the model."""

from __future__ import annotations

from typing import TYPE_CHECKING

from graphsvc.model.graph import NODES, Label

if TYPE_CHECKING:
    from graphsvc.store.driver import Store

_POINTS = (Label.ADDRESS,)


def statements() -> list[str]:
    """Return idempotent schema statements for every node type, in order.

    ``id`` is unique on every label; further indexed properties get a range index; places get a point index.
    """
    out: list[str] = []
    for node in NODES:
        low = node.label.lower()
        out.append(f"CREATE CONSTRAINT {low}_id IF NOT EXISTS FOR (n:{node.label}) REQUIRE n.id IS UNIQUE")
        out += [
            f"CREATE INDEX {low}_{name.lower()} IF NOT EXISTS FOR (n:{node.label}) ON (n.{name})"
            for name in node.indexed
        ]
    out += [
        f"CREATE POINT INDEX {label.lower()}_location IF NOT EXISTS FOR (n:{label}) ON (n.location)"
        for label in _POINTS
    ]
    out.append("CALL db.awaitIndexes(120)")
    return out


def apply(store: Store) -> None:
    """Make sure that every constraint and index is there and online."""
    for text in statements():
        store.run_schema(text)
