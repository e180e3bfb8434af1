"""Every named statement: a complete header, names of the model only, and a plan on both supported servers."""

from __future__ import annotations

import re
from pathlib import Path

import neo4j
import pytest
from hypothesis import given
from hypothesis import strategies as st

from graphsvc.model.graph import IDENTIFIER_LABELS, NODE, REL, Label, Property, Rel, Type
from graphsvc.store import queries
from graphsvc.store.driver import Store

NAMES = queries.names()
SLOTS: dict[str, queries.Slot] = {
    "LABEL": Label.SELLER,
    "START": Label.SELLER,
    "END": Label.ADDRESS,
    "TYPE": Rel.SHIPS_FROM,
    "IDENTIFIER": IDENTIFIER_LABELS,
    "PROPERTIES": (Property("id", Type.STRING), Property("at", Type.DATE), Property("place", Type.POINT)),
}
"""Slots a statement may have, each with a filling that makes sense."""
_STRINGS = re.compile(r"'(?:[^'\\]|\\.)*'|\"(?:[^\"\\]|\\.)*\"|//[^\n]*")
_LABELS = re.compile(r"\(\s*\w*\s*:\s*([^(){}\[\]]*?)\s*(?:\{|\)|WHERE\b)")
_TYPES = re.compile(r"\[\s*\w*\s*:\s*([^\]{*]*)")
_NAME = re.compile(r"[A-Za-z]\w*")


def slots(name: str) -> set[str]:
    return set(re.findall(r"__([A-Z_]+?)__", queries.load(name).text))


def code(name: str) -> str:
    """Return a statement without comments and texts."""
    return _STRINGS.sub("''", queries.load(name).text)


def parameters(name: str) -> set[str]:
    return set(re.findall(r"\$(\w+)", code(name)))


def filled(name: str) -> str:
    return queries.statement(name, **{slot: SLOTS[slot] for slot in slots(name)})


@pytest.mark.parametrize("name", NAMES)
def test_header_is_complete(name: str) -> None:
    query = queries.load(name)
    assert query.title, "the first line is // Title"
    missing = {"purpose", "params", "returns", "access"} - query.header.keys()
    assert not missing
    assert all(query.header[key] for key in query.header)
    assert query.header["access"] in {"read", "write"}


@pytest.mark.parametrize("name", NAMES)
def test_parameters_are_those_of_the_header(name: str) -> None:
    declared = queries.load(name).header["params"]
    undeclared = {parameter for parameter in parameters(name) if not re.search(rf"\b{parameter}\b", declared)}
    assert not undeclared
    if not parameters(name):
        assert declared.lower().startswith("none")


@pytest.mark.parametrize("name", NAMES)
def test_access_is_what_the_statement_does(name: str) -> None:
    writes = re.search(r"\b(CREATE|MERGE|DELETE|SET|REMOVE)\b", code(name)) is not None
    projects = "gds.graph." in code(name)  # changes what the server holds in memory, not the store
    assert queries.load(name).writes == (writes or projects)


@pytest.mark.parametrize("name", NAMES)
def test_slots_and_names_are_of_the_model(name: str) -> None:
    assert slots(name) <= SLOTS.keys()
    text = re.sub(r"__[A-Z_]+?__", "", code(name))
    labels = {label for group in _LABELS.findall(text) for label in _NAME.findall(group)}
    types = {rel for group in _TYPES.findall(text) for rel in _NAME.findall(group)}
    assert labels <= {label.value for label in NODE}
    assert types <= {rel.value for rel in REL}


@pytest.mark.parametrize("name", NAMES)
def test_is_one_statement_without_pasted_values(name: str) -> None:
    text = code(name).strip()
    assert ";" not in text.rstrip(";")


@pytest.mark.neo4j
def test_every_statement_has_a_plan(any_store: Store) -> None:
    address = any_store.address
    refused: dict[str, str] = {}
    with (
        neo4j.GraphDatabase.driver(
            address.uri, auth=(address.user, address.password), notifications_min_severity="OFF"
        ) as driver,
        driver.session(database=address.database) as session,
    ):
        for name in NAMES:
            try:
                session.run(f"EXPLAIN {filled(name)}", dict.fromkeys(parameters(name))).consume()
            except neo4j.exceptions.Neo4jError as error:
                refused[name] = str(error.message)
    assert refused == {}


def test_an_open_slot_and_an_unknown_name_are_errors() -> None:
    with pytest.raises(KeyError, match="no statement"):
        queries.load("read/nothing")
    with pytest.raises(KeyError):
        queries.load("../README")


def test_slots_take_names_of_the_model(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    text = (
        "// T\n// purpose: p\n// params: none\n// returns: n\n// access: read\nMATCH (n:__LABEL__) RETURN n"
    )
    (tmp_path / "probe.cypher").write_text(text, encoding="utf-8")
    monkeypatch.setattr(queries, "root", lambda: tmp_path)
    queries.load.cache_clear()
    try:
        assert queries.statement("probe", LABEL=Label.SELLER).endswith("MATCH (n:Seller) RETURN n")
        both = queries.statement("probe", LABEL=(Label.SELLER, Label.ADDRESS))
        assert both.endswith("MATCH (n:Seller|Address) RETURN n")
        read = queries.statement("probe", LABEL=(Property("id", Type.STRING), Property("on", Type.DATE)))
        assert read.endswith("MATCH (n:id: row[0], on: date(row[1])) RETURN n")
        with pytest.raises(KeyError):
            queries.statement("probe")
        assert queries.names() == ["probe"]
    finally:
        queries.load.cache_clear()


@given(st.lists(st.sampled_from(NAMES), min_size=1))
def test_loading_is_the_same_each_time(names: list[str]) -> None:
    assert [queries.load(name) for name in names] == [queries.load(name) for name in names]
