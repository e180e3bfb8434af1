"""The offline importer on a home of its own, for each supported release."""

from __future__ import annotations

import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

from graphsvc.model.errors import BadInput, Conflict
from graphsvc.model.graph import Label, Rel
from graphsvc.store.driver import Store
from graphsvc.store.local import LocalNeo4j

NewServer = Callable[..., LocalNeo4j]
Tables = tuple[dict[Label, list[Path]], dict[Rel, list[Path]]]


@pytest.fixture
def tables(tmp_path: Path) -> Tables:
    """Two stores that ship from one address, written as the importer reads it."""

    def write(name: str, text: str) -> Path:
        path = tmp_path / name
        path.write_text(text, encoding="utf-8")
        return path

    sellers = [write("s-head.csv", "id:ID(Seller)\n"), write("s-1.csv", "s1\n"), write("s-2.csv", "s2\n")]
    addresses = [write("a-head.csv", "id:ID(Address),name\n"), write("a.csv", 'a1,"杭州市, 1号"\n')]
    ships = [write("r-head.csv", ":START_ID(Seller),:END_ID(Address)\n"), write("r.csv", "s1,a1\ns2,a1\n")]
    return {Label.SELLER: sellers, Label.ADDRESS: addresses}, {Rel.SHIPS_FROM: ships}


def contents(server: LocalNeo4j) -> dict[str, int]:
    with Store(server.start().address) as store:
        return {row["label"]: row["count"] for row in store.read("read/label_counts")}


@pytest.mark.neo4j
@pytest.mark.parametrize("version", ["2026.08", "5.26"])
def test_import_into_a_store_never_started(new_server: NewServer, tables: Tables, version: str) -> None:
    server = new_server(version=version)
    server.import_full(*tables)
    assert server.status() is None
    assert contents(server) == {"Address": 1, "Seller": 2}
    assert (server.config.home / "neo4j" / "importing").exists() is False

    running = server.start()
    with pytest.raises(Conflict, match="not empty"):
        server.import_full(*tables)
    assert contents(server) == {"Address": 1, "Seller": 2}

    server.import_full(*tables, overwrite=True)
    again = server.status()
    assert again is not None, "a server that ran before runs after"
    assert again.address == running.address, "whoever was connected finds it at the same place"
    assert contents(server) == {"Address": 1, "Seller": 2}


@pytest.mark.neo4j
def test_refused_files_leave_an_empty_store_that_works(
    new_server: NewServer, tables: Tables, tmp_path: Path
) -> None:
    server = new_server()
    server.start()
    nodes, relationships = tables
    stray = tmp_path / "stray.csv"
    stray.write_text("s1,nowhere\n", encoding="utf-8")
    with pytest.raises(BadInput, match="importer"):
        server.import_full(nodes, {Rel.SHIPS_FROM: [*relationships[Rel.SHIPS_FROM], stray]})
    assert contents(server) == {}
    server.import_full(*tables)
    assert contents(server) == {"Address": 1, "Seller": 2}


@pytest.mark.neo4j
def test_an_import_cut_off_leaves_nothing(new_server: NewServer, tables: Tables) -> None:
    server = new_server()
    command = server.import_command(*tables)
    subprocess.run(command.arguments, env=dict(command.environment), cwd=command.folder, check=True)
    (server.config.home / "neo4j" / "importing").touch()  # as if killed before the end was noted
    assert contents(server) == {}


def test_a_missing_file_is_named_before_anything_happens(new_server: NewServer, tmp_path: Path) -> None:
    server = new_server()
    with pytest.raises(BadInput, match=r"none\.csv"):
        server.import_full({Label.SELLER: [tmp_path / "none.csv"]}, {})
    assert not (server.config.home / "neo4j" / "importing").exists()
