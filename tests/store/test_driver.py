"""The driver: rows, columns, batches, and errors that say what to do."""

from __future__ import annotations

import polars as pl
import pytest

from graphsvc.model.errors import BadInput, StoreUnavailable
from graphsvc.store.address import ServerAddress
from graphsvc.store.driver import Store
from graphsvc.store.local import Running, process


@pytest.mark.neo4j
def test_wrong_password(local: Running) -> None:
    address = ServerAddress(local.address.uri, "nobody", "not-the-password")
    with (
        Store(address) as store,
        pytest.raises(StoreUnavailable, match=r"refuses the user or password.*NEO4J_PASSWORD"),
    ):
        store.verify()
    assert "not-the-password" not in repr(address)


def test_unreachable_server() -> None:
    port = process.choose_port(0, 0, "")
    with (
        Store(ServerAddress(f"bolt://127.0.0.1:{port}", password="x"), timeout=2.0) as store,
        pytest.raises(StoreUnavailable, match=rf"127\.0\.0\.1:{port} cannot be reached.*NEO4J_URI"),
    ):
        store.verify()


@pytest.mark.parametrize("uri", ["foo://x", "127.0.0.1:7687", ""])
def test_what_is_no_address_is_told(uri: str) -> None:
    with pytest.raises(BadInput, match=rf"'{uri}' is not the address of a Neo4j server.*bolt://"):
        Store(ServerAddress(uri))


@pytest.mark.neo4j
def test_unknown_database(local: Running) -> None:
    address = ServerAddress(local.address.uri, local.address.user, local.address.password, "nowhere")
    with (
        Store(address) as store,
        pytest.raises(StoreUnavailable, match=r"no database 'nowhere'.*NEO4J_DATABASE"),
    ):
        store.version()


@pytest.mark.neo4j
@pytest.mark.parametrize("text", ["RETURN gds.nothing()", "CALL gds.nothing()"])
def test_a_server_without_graph_data_science(any_store: Store, text: str) -> None:
    # A name that GDS lacks is answered as any GDS name is where GDS is missing.
    with pytest.raises(StoreUnavailable, match=r"no Graph Data Science.*--engine native"):
        any_store.run_schema(text)


@pytest.mark.neo4j
def test_reads_rows_and_columns(any_store: Store) -> None:
    assert any_store.read("read/is_empty") == [{"empty": True}]
    any_store.run_schema("UNWIND range(1, 3) AS i CREATE (:Seller {id: toString(i)})")
    any_store.run_schema("CREATE (:Brand {id: 'b'})")
    assert any_store.read("read/is_empty") == [{"empty": False}]
    frame = any_store.frame("read/label_counts", pl.Schema({"label": pl.String, "count": pl.Int64}))
    assert frame.to_dict(as_series=False) == {"label": ["Brand", "Seller"], "count": [1, 3]}


@pytest.mark.neo4j
def test_no_rows_are_columns_without_rows(any_store: Store) -> None:
    schema = pl.Schema({"label": pl.String, "count": pl.Int64})
    assert any_store.frame("read/label_counts", schema).schema == schema


@pytest.mark.neo4j
def test_what_the_indexes_hold_is_counted_at_once_or_later(any_store: Store) -> None:
    assert any_store.refresh_statistics()

    def counted_without_waiting(round_: int) -> bool:
        with any_store._driver.session(database=any_store.address.database) as session:
            stores = "UNWIND range(1, 2000) AS n CREATE (:Seller {id: 'store-' + $round + '-' + n})"
            session.run(stores, round=str(round_)).consume()
        return any_store.refresh_statistics(patience=-1)

    # The server counts by itself, too, now and then just between the write and the question.
    assert not all(counted_without_waiting(round_) for round_ in range(5))
