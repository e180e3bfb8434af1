"""Small data sets that touch every table, and ways to write them."""

from __future__ import annotations

import gzip
import json
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import polars as pl
import pytest
import zstandard

from graphsvc.store.driver import Store
from ingest.stage import stage
from ingest.staged import Staged

Tables = dict[str, list[dict[str, Any]]]
KEY = b"0123456789abcdef"


def market_tables() -> Tables:
    """Return a market that has something in every table."""
    sellers = [
        {
            "seller_id": f"s{i}",
            "store_name": f'店铺{i}, "best"',
            "registered_name": f"杭州{'甲乙丙丁'[i % 4]}某贸易有限公司",
            "licence_no": f"33010600000{i:04d}",
            "phone": f"+86 138 0000 {i % 5:04d}",
            "email": f"Shop{i % 7}@Example.com",
            "opened_on": f"2016-0{1 + i % 9}-1{i % 9}",
            "status": ["active", "Closed", "removed"][i % 3],
            "url": "",
            "observed_at": "2016-12-01",
        }
        for i in range(30)
    ]
    addresses = [
        {
            "seller_id": f"s{i}",
            "kind": ["ship_from", "return", "registered"][i % 3],
            "address": f"浙江省杭州市西湖区文三路{100 + i % 6}号{1 + i % 2}栋{i % 4}室",
            "postcode": "310012",
            "lat": "30.2741" if i % 2 else "",
            "lon": "120.1551" if i % 2 else "",
            "first_seen": f"2016-01-{1 + i:02d}",
            "last_seen": f"2016-06-{1 + i:02d}",
            "shipments": str(i),
        }
        for i in range(28)
    ]
    accounts = [
        {
            "seller_id": f"s{i}",
            "kind": "bank",
            "account_no": f"6222 0210 0100 {1000 + i % 8}",
            "holder": f"张{'三四五'[i % 3]}",
            "institution": "工商银行",
            "first_seen": "2016-02-01",
            "last_seen": f"2016-03-{1 + i:02d}",
            "transactions": str(i),
            "source": ["", "bank report"][i % 2],
        }
        for i in range(30)
    ]
    listings = [
        {
            "listing_id": f"l{i}",
            "seller_id": f"s{i % 30}",
            "brand": ["Acme", "ACME", "Orbit"][i % 3],
            "category": "shoes",
            "title": f"正品 鞋 {i}",
            "unit_price": "20" if i % 30 == 3 else str(100 + i % 7),
            "currency": "CNY",
            "units_sold_30d": str(i % 50),
            "listed_on": "2016-11-01",
        }
        for i in range(240)
    ]
    return {
        "sellers": sellers,
        "seller_addresses": addresses,
        "payment_accounts": accounts,
        "warehouses": [
            {
                "warehouse_id": "w1",
                "name": "一号仓",
                "operator": "某物流",
                "kind": "third_party",
                "address": "上海市浦东新区张江路1号",
            }
        ],
        "seller_warehouses": [
            {"seller_id": f"s{i}", "warehouse_id": f"w{1 + i % 2}", "parcels": "3"} for i in range(6)
        ],
        "listings": listings,
        "test_buys": [
            {
                "test_buy_id": "t1",
                "seller_id": "s1",
                "listing_id": "l1",
                "brand": "Acme",
                "bought_on": "2016-10-01",
                "verdict": "counterfeit",
                "origin_address": "浙江省杭州市西湖区文三路105号1栋2室",
                "payment_account_no": "6222021001009999",
            }
        ],
        "notices": [
            {
                "notice_id": "n1",
                "seller_id": "s2",
                "listing_id": "l2",
                "brand": "orbit",
                "filed_on": "2016-09-01",
                "outcome": "removed",
                "reason": "假货",
            }
        ],
        "operations": [
            {
                "operation_id": "o1",
                "name": "云剑",
                "authority": "浙江省公安厅",
                "jurisdiction": "330000",
                "started_on": "2016-04-01",
            }
        ],
        "outcomes": [
            {
                "operation_id": "o1",
                "kind": "store_closed",
                "seller_id": "s1",
                "value": "",
                "count": "",
                "on": "2016-05-01",
                "address": "",
            },
            {
                "operation_id": "o1",
                "kind": "goods_seized",
                "seller_id": "",
                "value": "1000.5",
                "count": "7",
                "on": "2016-05-02",
                "address": "上海市浦东新区张江路1号",
            },
        ],
        "known_services": [
            {"kind": "address", "value": "上海市浦东新区张江路1号", "service": "云仓"},
            {"kind": "phone", "value": "13800000001", "service": ""},
            {"kind": "payment_account", "value": "6222021001001001", "service": "代收"},
            {"kind": "warehouse", "value": "w2", "service": "云仓"},
        ],
        "authorisations": [{"seller_id": "s4", "brand": "Acme", "valid_from": "2016-01-01", "valid_to": ""}],
    }


def written(tables: Tables, folder: Path, form: str = "csv") -> Path:
    """Write tables as ``csv``, ``ndjson`` or ``parquet``, with ``.gz`` or ``.zst`` behind it if asked for."""
    folder.mkdir(parents=True, exist_ok=True)
    kind, _, packed = form.partition(".")
    for name, rows in tables.items():
        content = _content(rows, kind)
        if packed == "gz":
            content = gzip.compress(content)
        elif packed == "zst":
            content = zstandard.compress(content)
        (folder / f"{name}.{form}").write_bytes(content)
    return folder


def _content(rows: Sequence[dict[str, Any]], kind: str) -> bytes:
    columns = list(dict.fromkeys(name for row in rows for name in row))
    frame = pl.DataFrame([{name: row.get(name, "") for name in columns} for row in rows])
    if kind == "csv":
        return frame.write_csv().encode()
    if kind == "ndjson":
        return b"".join(json.dumps(row, ensure_ascii=False).encode() + b"\n" for row in rows)
    import io

    out = io.BytesIO()
    frame.write_parquet(out)
    return out.getvalue()


@pytest.fixture
def tables() -> Tables:
    """A market that has something in every table."""
    return market_tables()


@pytest.fixture
def write() -> Callable[..., Path]:
    """Write tables: ``write(tables, folder, form)``."""
    return written


@pytest.fixture
def staging(tmp_path: Path) -> Callable[..., Staged]:
    """Stage tables: ``staging(tables)``, each in folders of its own."""
    made: list[int] = []

    def make(given: Tables, form: str = "csv", **options: Any) -> Staged:
        made.append(1)
        folder = written(given, tmp_path / f"data{len(made)}", form)
        return stage([folder], tmp_path / f"staged{len(made)}", KEY, **options)

    return make


Graph = tuple[list[tuple[str, dict[str, Any]]], list[tuple[str, str, str, dict[str, Any]]]]


def whole_graph(store: Store) -> Graph:
    """Return every node and relationship with all properties, but Load nodes, which tell the time."""
    with store._driver.session(database=store.address.database) as session:
        nodes = [
            (record["label"], record["properties"])
            for record in session.run(
                "MATCH (n) WHERE NOT n:Load RETURN labels(n)[0] AS label, properties(n) AS properties "
                "ORDER BY label, n.id"
            )
        ]
        relationships = [
            (record["start"], record["type"], record["end"], record["properties"])
            for record in session.run(
                "MATCH (a)-[r]->(b) "
                "RETURN a.id AS start, type(r) AS type, b.id AS end, properties(r) AS properties "
                "ORDER BY type, start, end, r.id"
            )
        ]
    return nodes, relationships


@pytest.fixture
def graph_of() -> Callable[[Store], Graph]:
    """Read a whole graph: ``graph_of(store)``."""
    return whole_graph
