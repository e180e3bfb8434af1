"""Why: on a small market by hand whose answers are known, published by a run."""

from __future__ import annotations

import csv
from collections.abc import Iterator, Sequence
from pathlib import Path

import pytest

from graphsvc.model.errors import NotFound
from graphsvc.rackets.explain import WhyLinked, identifier, why_linked, why_member
from graphsvc.rackets.run import run
from graphsvc.store import schema
from graphsvc.store.driver import Store
from graphsvc.store.local import LocalNeo4j
from ingest.load import load
from ingest.stage import stage
from tests.conftest import wipe

pytestmark = pytest.mark.neo4j
TABLES: dict[str, Sequence[Sequence[str]]] = {
    "sellers.csv": [("seller_id", "marketplace", "phone", "licence_no")]
    + [(f"r{n}", "tao", f"1380013800{n // 2}", f"33010600000{n:04d}") for n in range(6)]
    + [("lone", "tao", "13900139000", ""), ("same", "tao", "", ""), ("same", "jing", "", "")]
    + [(f"x{n}", "tao", f"1370013{n:04d}", "") for n in range(20)],
    "payment_accounts.csv": [("seller_id", "marketplace", "kind", "account_no", "holder")]
    + [(f"r{n}", "tao", "other", "ACCT-RACKET-1", "陈建国") for n in range(5)]
    + [(f"r{n}", "tao", "other", "ACCT-RACKET-2", "陈建国") for n in (4, 5)]
    + [(f"x{n}", "tao", "other", f"ACCT-OWN-{n}", "") for n in range(20)],
    "seller_addresses.csv": [("seller_id", "marketplace", "kind", "address")]
    + [(f"r{n}", "tao", "ship_from", "福建省莆田市城厢区霞林街道荔华东大道8号2栋301室") for n in (1, 2, 3, 4)],
    "test_buys.csv": [
        ("test_buy_id", "seller_id", "marketplace", "brand", "verdict"),
        ("t1", "r1", "tao", "Nordlauf", "counterfeit"), ("t2", "r2", "tao", "Nordlauf", "genuine"),
    ],
}  # fmt: skip


@pytest.fixture(scope="module")
def market(neo4j_2026: LocalNeo4j, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Store]:
    folder = tmp_path_factory.mktemp("tables")
    for name, rows in TABLES.items():
        with (folder / name).open("w", encoding="utf-8", newline="") as file:
            csv.writer(file).writerows(rows)
    address = neo4j_2026.start().address
    wipe(address)
    with Store(address) as store:
        schema.apply(store)
        load(stage([folder], tmp_path_factory.mktemp("work") / "staged", b"a key for explanations!"), store)
        run(store)
        yield store


def test_a_member_s_path_leads_to_the_core_by_what_it_shares(market: Store) -> None:
    why = why_member(market, "r5")
    assert why.seller == "tao:r5"
    assert why.racket.startswith("R-")
    assert 0 < why.confidence <= 1
    assert why.path
    assert why.path[0].seller == "tao:r5"
    assert all(one.to == other.seller for one, other in zip(why.path, why.path[1:], strict=False))
    assert why.path[0].identifier in {share.identifier for share in why.shares}
    assert {share.label for share in why.shares} == {"PaymentAccount", "Phone"}
    assert [i.identifier for i in why.if_innocent] == [share.identifier for share in why.shares]
    # r5 shares an account and a telephone, both with r4 alone: either may go, and r5 is still tied.
    assert all(item.stays for item in why.if_innocent)
    assert why.apart == 0


def test_what_falls_apart_is_said(market: Store) -> None:
    why = why_member(market, "tao:r0")  # its account, and its telephone that r1 uses as well
    account = next(s for s in why.shares if s.label == "PaymentAccount")
    assert account.stores == 5
    assert "5 of the group" in account.remark
    assert "ACCT-RACKET-1" not in account.name, "account numbers are masked"
    phone = next(s for s in why.shares if s.label == "Phone")
    assert {item.identifier: item.stays for item in why.if_innocent} == {
        account.identifier: True,
        phone.identifier: True,
    }


def test_two_stores_are_linked_the_same_way_round_and_back(market: Store) -> None:
    for a, b in (("r1", "r4"), ("r0", "r5"), ("r1", "r2"), ("r0", "lone")):
        there, back = why_linked(market, a, b), why_linked(market, b, a)
        assert (there.a, there.b) == (back.b, back.a)
        assert (there.same_racket, there.weight) == (back.same_racket, back.weight)
        assert [_facts(there, s) for s in range(len(there.shares))] == [
            _facts(back, s) for s in range(len(back.shares))
        ]
        assert {(n["aName"], n["bName"]) for n in there.nearly} == {
            (n["bName"], n["aName"]) for n in back.nearly
        }
        assert {a["what"] for a in there.against} == {a["what"] for a in back.against}
        assert [d["what"] for d in there.behaviour] == [d["what"] for d in back.behaviour]


def _facts(why: WhyLinked, place: int) -> tuple[object, ...]:
    share = why.shares[place]
    return share.identifier, share.weight, share.hub_probability, share.through, share.sources


def test_what_two_stores_share_almost_share_and_what_speaks_against(market: Store) -> None:
    why = why_linked(market, "r1", "r2")
    assert why.same_racket is not None
    assert {share.label for share in why.shares} == {"PaymentAccount", "Address"}
    assert why.weight > 0
    assert {item["what"] for item in why.against} == {
        "sample found genuine (weak: sellers filter known testers)", "different business licences",
    }  # fmt: skip
    # r0 and r5 use different accounts that one person holds.
    assert [near["through"] for near in why_linked(market, "r0", "r5").nearly] == ["held by 陈建国"]


def test_stores_with_nothing_in_common(market: Store) -> None:
    why = why_linked(market, "r0", "lone")
    assert (why.same_racket, why.weight, why.shares, why.nearly, why.behaviour) == (None, 0, (), (), ())


def test_what_two_stores_do_is_laid_out_as_far_as_it_is_known_of_both(market: Store) -> None:
    market.run_schema(_BEHAVIOUR)
    assert {item["what"]: item["about"] for item in why_linked(market, "x1", "x2").behaviour} == {
        "both sell": "Bergsport",
        "words of both's titles": "户外 正品",
        "opened": "12 days apart",
        "prices": "0.40 and 0.50 of the usual",
    }
    assert [item["what"] for item in why_linked(market, "x1", "x3").behaviour] == ["both sell", "opened"]


_BEHAVIOUR = """
MATCH (x1:Seller {id: 'tao:x1'}), (x2:Seller {id: 'tao:x2'}), (x3:Seller {id: 'tao:x3'})
SET x1.openedOn = date('2016-01-31'), x1.titleWords = '户外 正品 特价'
SET x2.openedOn = date('2016-01-19'), x2.titleWords = '正品 户外', x3.openedOn = date('2015-01-31')
CREATE (both:Brand {id: 'brand-1', name: 'Bergsport'}), (one:Brand {id: 'brand-2', name: 'Alpfell'})
CREATE (x1)-[:OFFERS {id: 'o1', listings: 1, priceRatio: 0.2}]->(both)
CREATE (x1)-[:OFFERS {id: 'o2', listings: 2, priceRatio: 0.5}]->(one)
CREATE (x2)-[:OFFERS {id: 'o3', listings: 4, priceRatio: 0.5}]->(both)
CREATE (x3)-[:OFFERS {id: 'o4', listings: 4}]->(both)
"""


def test_what_is_not_there_is_said_not_shown_as_nothing(market: Store) -> None:
    with pytest.raises(NotFound, match="no store 'nobody'"):
        why_member(market, "nobody")
    with pytest.raises(NotFound, match="no store 'nobody'"):
        why_linked(market, "r1", "nobody")
    with pytest.raises(NotFound, match="in no group"):
        why_member(market, "lone")
    with pytest.raises(NotFound, match="Several stores have the id 'same'") as caught:
        why_linked(market, "same", "r1")
    assert "jing:same" in caught.value.remedy
    with pytest.raises(NotFound, match="no identifier"):
        identifier(market, "nothing")


def test_an_identifier_tells_who_uses_it_and_what_the_run_made_of_it(market: Store) -> None:
    account = next(s for s in why_member(market, "r0").shares if s.label == "PaymentAccount")
    found = identifier(market, account.identifier)
    assert found["users"] == [f"tao:r{n}" for n in range(5)]
    assert (found["label"], found["stores"]) == ("PaymentAccount", 5)
    assert found["hubProbability"] == account.hub_probability
    assert found["run"]


def test_an_example_of_the_tables_is_what_ingest_reads(tmp_path: Path) -> None:
    """The hand-made tables have no row that ingest would refuse."""
    for name, rows in TABLES.items():
        with (tmp_path / name).open("w", encoding="utf-8", newline="") as file:
            csv.writer(file).writerows(rows)
    staged = stage([tmp_path], tmp_path / "staged", b"a key for explanations!")
    assert not staged.problems
    assert {name: count.rejected for name, count in staged.counts.items()} == {
        name.removesuffix(".csv"): 0 for name in TABLES
    }
