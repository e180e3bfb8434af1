"""Tables to the staged graph: complete, the same in whatever form and order the rows came."""

from __future__ import annotations

import datetime as dt
import random
from collections.abc import Callable
from pathlib import Path
from typing import Any

import polars as pl
import pytest

from graphsvc.model import market as model
from graphsvc.model.errors import BadInput
from graphsvc.model.graph import Label, Rel
from graphsvc.model.tables import TABLES
from graphsvc.scan.kernel import scan
from ingest.formats.batch import Limits
from ingest.frames import Kind
from ingest.normalise import account
from ingest.spill import Spill
from ingest.stage import stage
from ingest.staged import Staged

Tables = dict[str, list[dict[str, Any]]]
Staging = Callable[..., Staged]
KEY = b"0123456789abcdef"


def content(staged: Staged) -> dict[str, list[Any]]:
    staged.with_scan(scan(staged.listings))
    found: dict[str, list[Any]] = {label: staged.nodes(label).sort("id").rows() for label in staged.labels}
    return found | {kind.folder: staged.relationships(kind).sort("id").rows() for kind in staged.kinds}


def test_the_fixture_has_every_table_and_is_clean(tables: Tables, staging: Staging) -> None:
    assert tables.keys() == {table.name for table in TABLES}
    staged = staging(tables)
    assert {name: count.read for name, count in staged.counts.items()} == {
        name: len(rows) for name, rows in tables.items()
    }
    assert not staged.problems
    assert pl.read_csv(staged.rejects).is_empty()


@pytest.mark.parametrize("form", ["csv.gz", "csv.zst", "ndjson", "ndjson.zst", "parquet", "parquet.gz"])
def test_formats_and_compressions_give_the_same_graph(tables: Tables, staging: Staging, form: str) -> None:
    assert content(staging(tables, form)) == content(staging(tables))


@pytest.mark.parametrize("seed", range(3))
def test_shuffled_rows_columns_and_small_buckets_give_the_same_graph(
    tables: Tables, staging: Staging, seed: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    expected = content(staging(tables))
    chance = random.Random(seed)
    shuffled: Tables = {}
    for name, rows in tables.items():
        again = [dict(chance.sample(list(row.items()), len(row))) for row in rows]
        again += chance.choices(again, k=5)  # repeated rows change nothing
        chance.shuffle(again)
        shuffled[name] = again
    monkeypatch.setattr("ingest.spill._ROWS", 7)
    monkeypatch.setattr("ingest.stage._BUCKET", 3_000)
    made = staging(shuffled, "csv", limits=Limits(block=300))
    assert made.buckets > 1
    assert content(made) == expected


def test_the_same_files_have_the_same_load_id_and_others_another(tables: Tables, staging: Staging) -> None:
    first = staging(tables).load_id
    assert staging(tables).load_id == first
    tables["sellers"][0]["store_name"] = "other"
    assert staging(tables).load_id != first


def test_of_contradicting_rows_the_last_observed_holds_and_it_is_told(staging: Staging) -> None:
    rows = [
        {"seller_id": "a", "store_name": "new", "url": "", "observed_at": "2016-03-01"},
        {"seller_id": "a", "store_name": "old", "url": "u", "observed_at": "2016-01-01"},
        {"seller_id": "b", "store_name": "one", "url": "", "observed_at": ""},
        {"seller_id": "b", "store_name": "one", "url": "", "observed_at": ""},
    ]
    staged = staging({"sellers": rows})
    assert staged.nodes(Label.SELLER).select("id", "storeName", "url").rows() == [
        ("a", "new", "u"),
        ("b", "one", None),
    ]
    assert staged.conflicts == {Label.SELLER: 1}
    assert staging({"sellers": rows[::-1]}).nodes(Label.SELLER).rows() == staged.nodes(Label.SELLER).rows()


def test_statements_repeated_in_a_data_set_are_one_with_the_widest_dates(staging: Staging) -> None:
    rows = [
        {"seller_id": "a", "kind": "bank", "account_no": number, "first_seen": first, "last_seen": last,
        "transactions": count} for number, first, last, count in (
            ("6222 0210 0100 9999", "2016-02-01", "2016-03-01", "5"), ("6222-0210-0100-9999", "2016-01-01",
            "", "9"), ("６２２２021001009999", "", "2016-04-01", ""),
        )
    ]  # fmt: skip
    staged = staging({"sellers": [{"seller_id": "a"}], "payment_accounts": rows})
    one = staged.relationships(Kind(Rel.PAID_TO, Label.SELLER, Label.PAYMENT_ACCOUNT)).row(0, named=True)
    assert (one["firstSeen"], one["lastSeen"], one["count"]) == (dt.date(2016, 1, 1), dt.date(2016, 4, 1), 9)
    assert staged.nodes(Label.PAYMENT_ACCOUNT).height == 1


def test_account_numbers_are_nowhere_on_disk_but_in_the_input(
    tables: Tables, staging: Staging, tmp_path: Path
) -> None:
    tables["payment_accounts"][0]["memo"] = "6222 0210 0100 1000"
    tables["payment_accounts"][1]["kind"] = "gold"
    staged = staging(tables)
    content(staged)
    seen = 0
    for path in staged.workdir.rglob("*"):
        if path.is_file():
            text = str(pl.read_parquet(path).rows()) if path.suffix == ".parquet" else path.read_text()
            assert "62220210010010" not in text.replace(" ", ""), path
            seen += 1
    assert seen > 20
    paid = staged.relationships(Kind(Rel.PAID_TO, Label.SELLER, Label.PAYMENT_ACCOUNT))
    expected = account.keyed(account.parse("bank", "6222021001001002").canonical, KEY)
    assert paid.filter(start="s2")["end"].to_list() == [expected]


def test_test_buys_tie_the_store_as_well(tables: Tables, staging: Staging) -> None:
    staged = staging(tables)
    bought = dt.date(2016, 10, 1)
    links = staged.market().links.filter(seller="s1", lastSeen=bought)
    assert sorted(links.select("type", "label", "lastSeen").rows()) == [
        ("PAID_TO", "PaymentAccount", bought),
        ("SHIPS_FROM", "Address", bought),
    ]
    sent = staged.relationships(Kind(Rel.SENT_FROM, Label.TEST_BUY, Label.ADDRESS))
    assert sent["end"].to_list() == links.filter(type="SHIPS_FROM")["identifier"].to_list()


def test_known_services_name_the_identifiers_whether_used_or_not(tables: Tables, staging: Staging) -> None:
    found = staging(tables).market().identifiers.filter(pl.col("service").is_not_null())
    assert sorted(found.select("label", "service").rows()) == [
        ("Address", "云仓"),
        ("PaymentAccount", "代收"),
        ("Phone", "public service"),
        ("Warehouse", "云仓"),
    ]
    assert found.filter(label="PaymentAccount")["kind"].to_list() == ["bank"], "it is the one that stores use"


def test_the_market_has_the_models_frames(tables: Tables, staging: Staging) -> None:
    staged = staging(tables)
    staged.with_scan(scan(staged.listings))
    market = staged.market()
    for name, schema in (
        ("sellers", model.SELLERS), ("links", model.LINKS), ("identifiers", model.IDENTIFIERS), ("similar",
        model.SIMILAR), ("offers", model.OFFERS), ("test_buys", model.TEST_BUYS), ("notices", model.NOTICES),
        ("authorisations", model.AUTHORISATIONS), ("outcomes", model.OUTCOMES), ("judgements",
        model.JUDGEMENTS),
    ):  # fmt: skip
        assert getattr(market, name).schema == schema, name
    assert market.sellers.height == 30
    assert market.sellers["listings"].sum() == 240
    assert set(market.offers["brand"]) == {"acme", "orbit"}
    assert market.identifiers.filter(label="PaymentAccount")["holder"].null_count() == 1, (
        "of the test buy's account nothing is known"
    )
    assert market.outcomes.select("operation", "seller", "kind").rows() == [("o1", "s1", "store_closed")]
    assert set(market.links["identifier"]) <= set(market.identifiers["identifier"])


def test_listings_that_were_bought_or_noticed_are_kept(tables: Tables, staging: Staging) -> None:
    staged = staging(tables)
    staged.with_scan(scan(staged.listings))
    assert {"s1/l1", "s2/l2"} <= set(staged.nodes(Label.LISTING)["id"])


def test_bad_rows_go_to_the_rejects_and_the_rest_goes_on(tables: Tables, staging: Staging) -> None:
    tables["listings"][0]["unit_price"] = "-5"
    tables["notices"][0]["seller_id"] = "nobody"
    staged = staging(tables)
    rejects = pl.read_csv(staged.rejects)
    assert rejects.select("table", "line", "column", "value").rows() == [
        ("listings", 2, "unit_price", "-5"),
        ("notices", 2, "seller_id", "nobody"),
    ]
    assert staged.counts["listings"].rejected == 1
    assert staged.listings.collect().height == 239
    assert staged.rejects.stat().st_mode & 0o777 == 0o600


def test_an_unreadable_table_is_a_problem_and_the_others_are_staged(
    tables: Tables, write: Callable[..., Path], tmp_path: Path
) -> None:
    folder = write(tables, tmp_path / "data")
    (folder / "notices.csv").write_text("notice,brand\nx,y\n")
    whole = (folder / "listings.csv").read_bytes()
    import gzip

    (folder / "listings.csv").unlink()
    (folder / "listings.csv.gz").write_bytes(gzip.compress(whole)[:-600])
    staged = stage([folder], tmp_path / "staged", KEY)
    said = [problem.message for problem in staged.problems]
    assert any("column 'notice_id' is missing" in message for message in said)
    assert any("ends early after line" in message for message in said)
    assert 0 < staged.counts["listings"].read < 240
    assert staged.nodes(Label.SELLER).height == 30


def test_nothing_to_read_is_told(tmp_path: Path) -> None:
    (tmp_path / "data").mkdir()
    with pytest.raises(BadInput, match="the folder is empty"):
        stage([tmp_path / "data"], tmp_path / "staged", KEY)


def test_merged_addresses_take_their_relationships_along(staging: Staging) -> None:
    addresses = ["浙江省杭州市西湖区文三路100号", "浙江省杭州市西湖区文二路200号"]
    rows = [{"seller_id": f"s{i}", "kind": "ship_from", "address": text} for i, text in enumerate(addresses)]
    service = [{"kind": "address", "value": addresses[0], "service": "locker"}]
    staged = staging(
        {
            "sellers": [{"seller_id": "s0"}, {"seller_id": "s1"}],
            "seller_addresses": rows,
            "known_services": service,
        },
        similar=False,
    )
    ships = Kind(Rel.SHIPS_FROM, Label.SELLER, Label.ADDRESS)
    old, kept = staged.relationships(ships).sort("start")["end"].to_list()
    staged.rename(Label.ADDRESS, pl.DataFrame({"old": [old], "kept": [kept]}))
    assert staged.relationships(ships)["end"].to_list() == [kept, kept]
    assert staged.nodes(Label.ADDRESS).select("id", "service").rows() == [(kept, "locker")]


def test_rows_put_aside_come_back_once_and_equal_keys_together(tmp_path: Path) -> None:
    spill = Spill(tmp_path / "s", ("id",), 4)
    frame = pl.DataFrame({"id": [f"{i % 50}" for i in range(500)], "n": range(500)})
    for part in frame.iter_slices(33):
        spill.add(part)
    parts = list(spill.read())
    assert pl.concat(parts).sort("n").rows() == frame.rows()
    ids = [set(part["id"]) for part in parts]
    assert len(ids) == 4
    assert sum(map(len, ids)) == 50
