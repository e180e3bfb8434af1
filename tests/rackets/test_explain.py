"""Why: on a small market by hand whose answers are known, published by a run."""

from __future__ import annotations

import csv
import math
from collections.abc import Iterator, Sequence
from datetime import date
from pathlib import Path

import pytest

from graphsvc.casework.judgements import Word, record, revoke
from graphsvc.model.errors import BadInput, NotFound
from graphsvc.rackets.explain import identifier, why_linked, why_member
from graphsvc.rackets.explained import Hop, Shared, WhyLinked
from graphsvc.rackets.paths import _episodes
from graphsvc.rackets.run import run
from graphsvc.store import schema
from graphsvc.store.driver import Store
from graphsvc.store.local import LocalNeo4j
from ingest.load import load
from ingest.stage import stage
from tests.conftest import wipe

pytestmark = pytest.mark.neo4j
TABLES: dict[str, Sequence[Sequence[str]]] = {
    "sellers.csv": [("seller_id", "marketplace", "phone", "licence_no", "store_name")]
    + [(f"r{n}", "tao", f"1380013800{n // 2}", f"33010600000{n:04d}", f"球鞋{n}号店") for n in range(6)]
    # r6 has nothing but an account of r4 and r5, whose holder holds that of r0 to r4 as well.
    + [("r6", "tao", "", "", "球鞋尾货")]
    + [("lone", "tao", "13900139000", "", ""), ("same", "tao", "", "", ""), ("same", "jing", "", "", "")]
    + [(f"x{n}", "tao", f"1370013{n:04d}", "", f"杂货{n}号店") for n in range(26)],
    "payment_accounts.csv": [
        ("seller_id", "marketplace", "kind", "account_no", "holder", "first_seen", "last_seen")
    ]
    + [(f"r{n}", "tao", "other", "ACCT-RACKET-1", "陈建国", "", "") for n in range(5)]
    + [(f"r{n}", "tao", "other", "ACCT-RACKET-2", "陈建国", "", "") for n in (4, 5, 6)]
    + [(f"x{n}", "tao", "other", f"ACCT-OWN-{n}", "", "", "") for n in range(20)]
    # One account passed on after three years, one whose holder has no other.
    + [("x18", "tao", "other", "ACCT-RECYCLED", "", "2012-01-01", "2013-06-01")]
    + [("x19", "tao", "other", "ACCT-RECYCLED", "", "2016-06-01", "2016-12-01")]
    + [(f"x{n}", "tao", "other", "ACCT-COUPLE", "欧阳震华", "", "") for n in (20, 21)]
    + [(f"x{n}", "tao", "other", "ACCT-PAIR", "", "", "") for n in (24, 25)],
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
        record(store, Word("same", "tao:x0", "tao:x1", "one landlord for both"), "li")
        record(store, Word("same", "tao:x22", "tao:x23", "one keeper"), "li")
        run(store)
        yield store


def _innocent(market: Store, seller: str) -> dict[str, tuple[bool, int, int]]:
    """Return for each thing a store shares, by its name: whether it stays, what it keeps and what it loses."""
    return {i.name: (i.stays, i.keeps, i.loses) for i in why_member(market, seller).if_innocent}


def _one(shares: Sequence[Shared], label: str) -> Shared:
    return next(share for share in shares if share.label == label)


def test_an_attached_store_s_path_leads_to_the_core_by_what_it_shares(market: Store) -> None:
    why = why_member(market, "r6")
    assert (why.seller, why.name, why.role, why.tied_to) == ("tao:r6", "球鞋尾货", "attached", "core")
    assert why.racket.startswith("R-")
    assert 0 < why.confidence <= 1
    assert [hop.seller for hop in why.path] == ["tao:r6"], "the nearest store of the core is one step away"
    assert why_member(market, why.path[-1].to).role == "core"
    assert why.path[0].identifier in {share.identifier for share in why.shares}
    assert {share.label for share in why.shares} == {"PaymentAccount", "Person"}
    assert why.apart == 0


def test_a_store_of_the_core_is_tied_to_the_rest(market: Store) -> None:
    why = why_member(market, "r5")
    assert (why.role, why.tied_to) == ("core", "rest")
    assert why.path[0].seller == "tao:r5"
    assert why.path[-1].to == "tao:r4", "the best-connected of the others"
    assert {share.label for share in why.shares} == {"PaymentAccount", "Person", "Phone"}
    assert [i.identifier for i in why.if_innocent] == [share.identifier for share in why.shares]
    assert all(item.stays for item in why.if_innocent)


def test_what_falls_apart_is_said(market: Store) -> None:
    shares = why_member(market, "tao:r0").shares
    account, holder = _one(shares, "PaymentAccount"), _one(shares, "Person")
    assert account.stores == 5
    assert "5 of the group" in account.remark
    assert "ACCT-RACKET-1" not in account.name, "account numbers are masked"
    assert holder.remark == "holds accounts of 7 of the group's stores"
    # r0 is tied to r1 by a telephone, to four by an account, and to all by its holder.
    assert set(_innocent(market, "r0").values()) == {(True, 6, 0)}


def test_an_innocent_account_clears_the_holder_that_is_known_by_it_alone(market: Store) -> None:
    fate = _innocent(market, "r6")
    account = next(name for name in fate if name != "陈建国")
    assert fate == {account: (False, 0, 6), "陈建国": (True, 6, 0)}
    # To r4 and r5 the same account is one of many ties, but with it r6 is lost.
    assert _innocent(market, "r4")[account] == _innocent(market, "r5")[account] == (True, 5, 1)


def test_what_one_account_alone_tells_of_its_holder_counts_once(market: Store) -> None:
    why = why_linked(market, "x20", "x21")
    account, holder = _one(why.shares, "PaymentAccount"), _one(why.shares, "Person")
    assert (holder.name, holder.weight, holder.through) == ("欧阳震华", None, ("HELD_BY", "PAID_TO"))
    assert "one thing seen twice" in holder.remark
    assert why.weight == account.weight
    assert {share.label for share in why_member(market, "x20").shares} == {"PaymentAccount"}


def test_stores_of_one_racket_are_led_to_each_other(market: Store) -> None:
    why = why_linked(market, "r0", "r6")
    assert [(hop.seller, hop.name, hop.to) for hop in why.path] == [("tao:r0", "陈建国", "tao:r6")]
    assert why.path[0].weight == why.shares[0].weight
    assert why_linked(market, "r0", "lone").path == ()


def test_what_people_judged_is_what_joined_two_stores(market: Store) -> None:
    member, linked = why_member(market, "x0"), why_linked(market, "x0", "x1")
    assert (member.shares, member.apart, member.by_people) == ((), 0, 1)
    for judged, path in ((member.judged, member.path), (linked.judged, linked.path)):
        assert [(word.kind, word.by, word.reason, word.bound) for word in judged] == [
            ("same", "li", "one landlord for both", True)
        ]
        assert path == (
            Hop("tao:x0", judged[0].id, "Judgement", judged[0].text, "tao:x1", 0.0, "one landlord for both"),
        )
        assert judged[0].at is not None
        assert judged[0].text == f"judged the same by li on {judged[0].at[:10]}"
    assert "behaviour" not in " ".join(item["what"] for item in linked.against)
    assert why_member(market, "r0").by_people == 0


def test_what_is_judged_after_the_run_has_not_joined_anybody(market: Store) -> None:
    record(market, Word("same", "tao:x10", "tao:x11", "said later"), "wang")
    why = why_linked(market, "x10", "x11")
    assert (why.same_racket, why.path, [word.bound for word in why.judged]) == (None, (), [False])
    assert any(
        "judged the same by wang" in item["what"] and "next run" in item["what"] for item in why.against
    )
    # A word to the contrary speaks against a link until it is taken back, and within the racket does not tie.
    word = record(market, Word("different", "tao:x20", "tao:x21", "two families"), "wang")
    assert any(
        item["what"].startswith("judged different by wang on ")
        for item in why_linked(market, "x20", "x21").against
    )
    revoke(market, word.id, "wang", "mistaken")
    why = why_linked(market, "x20", "x21")
    assert not any("judged" in item["what"] for item in why.against)
    assert [(word.kind, word.revoked is not None) for word in why.judged] == [("different", True)]
    assert why.judged[0].text.endswith("taken back since")
    assert why_member(market, "x20").path[0].label == "PaymentAccount"


def test_an_operation_that_found_something_at_both_ties_them(market: Store) -> None:
    market.run_schema(_OPERATION)
    found = {word.kind: word for word in why_linked(market, "r1", "r2").judged}
    assert found["operation"].text == "operation Cloud Sword found something at both on 2016-05-01"
    assert found["operation"].bound
    assert [word.bound for word in why_linked(market, "r1", "x2").judged] == [False], (
        "the run left them apart"
    )
    assert why_linked(market, "x2", "x3").judged == (), "nothing was found at x3"


_OPERATION = """
MATCH (r1:Seller {id: 'tao:r1'}), (r2:Seller {id: 'tao:r2'}), (x2:Seller {id: 'tao:x2'}), (x3:Seller {id: 'tao:x3'})
CREATE (o:Operation {id: 'op', name: 'Cloud Sword', startedOn: date('2016-04-01')})
CREATE (o)-[:LED_TO {id: 'l1'}]->(one:Outcome {id: 'o1', kind: 'goods_seized', on: date('2016-05-01')})
CREATE (o)-[:LED_TO {id: 'l2'}]->(other:Outcome {id: 'o2', kind: 'no_finding', on: date('2016-05-02')})
CREATE (one)-[:CONCERNS {id: 'c1'}]->(r1), (one)-[:CONCERNS {id: 'c2'}]->(r2)
CREATE (one)-[:CONCERNS {id: 'c3'}]->(x2), (other)-[:CONCERNS {id: 'c4'}]->(x3)
"""


def test_an_identifier_passed_on_is_said_to_have_lain_idle(market: Store) -> None:
    why = why_linked(market, "x18", "x19")
    assert (why.same_racket, why.shares[0].idle_days) == (None, 1096)
    assert why.shares[0].remark == "idle for 1096 days between the two"
    assert why.weight < 0.02, "lowered, as the run lowered it"
    assert identifier(market, why.shares[0].identifier)["weight"] > 1, "which is what it says of others"
    said = {item["what"]: item["about"] for item in why.against}
    assert said["neither is in a racket"] == "tao:x18 in none, tao:x19 in none"
    assert said["idle for 1096 days between the two: perhaps passed on"] == why.shares[0].name


def test_within_a_racket_a_path_tells_of_idle_days_and_ends_where_too_many(market: Store) -> None:
    def apart(last: str, first: str) -> WhyLinked:
        market.run_schema(_USED.format(last=last, first=first))
        return why_linked(market, "x24", "x25")

    fresh = apart("2016-01-01", "2016-04-01")
    assert [(hop.remark, hop.weight) for hop in fresh.path] == [("", fresh.weight)]
    later = apart("2016-01-01", "2016-10-27")
    assert [hop.remark for hop in later.path] == ["idle for 300 days between the two"]
    assert later.path[0].weight == later.weight
    assert 0.02 < later.weight < fresh.weight / 2
    gone = apart("2010-01-01", "2016-01-01")
    assert (gone.path, why_member(market, "x24").path) == ((), ())
    assert gone.same_racket is not None
    assert any(
        item["what"] == "nothing private leads from one to the other: behaviour joined them"
        for item in gone.against
    )


_USED = """
MATCH (account:PaymentAccount)
MATCH (:Seller {{id: 'tao:x24'}})-[a:PAID_TO]->(account)<-[b:PAID_TO]-(:Seller {{id: 'tao:x25'}})
SET a.firstSeen = date('2010-01-01'), a.lastSeen = date('{last}')
SET b.firstSeen = date('{first}'), b.lastSeen = date('2016-12-31')
"""


def test_users_are_parted_where_a_thing_lay_idle() -> None:
    def year(first: int | None, last: int | None) -> tuple[date | None, date | None]:
        return (date(first, 1, 1) if first else None, date(last, 12, 31) if last else None)

    def parted(**spans: tuple[date | None, date | None]) -> list[list[str]]:
        return [users for users, _, _ in _episodes(spans, gap_days=120)]

    assert parted(a=year(2010, 2011), b=year(2014, 2016), c=year(2012, 2012)) == [["a", "c"], ["b"]]
    assert parted(a=year(2010, None), b=year(2014, 2016)) == [["a", "b"]], (
        "it may have been used all the time"
    )
    assert parted(a=year(None, 2011), b=year(2014, 2016), c=year(None, None)) == [["a", "c", "b"]]


def test_why_two_stores_are_not_in_one_racket_is_said(market: Store) -> None:
    said = {item["what"]: item["about"] for item in why_linked(market, "r1", "x0").against}
    at = {seller: why_member(market, seller).racket for seller in ("tao:r1", "tao:x0")}
    assert said["each is in its own racket"] == ", ".join(f"{seller} in {r}" for seller, r in at.items())
    assert "only one is in a racket" in {item["what"] for item in why_linked(market, "r0", "lone").against}
    market.run_schema(_PUBLIC)
    said = {item["what"]: item["about"] for item in why_linked(market, "x14", "x15").against}
    assert said["serves the public with probability 0.98, 400 stores use it"] == "菜鸟驿站"
    assert "nothing is shared that means anything" in said
    assert said["they sell no brand in common"] == "tao:x14, tao:x15"
    assert said["their titles have no usual word in common"] == "tao:x14, tao:x15"
    one = {item["what"]: item["about"] for item in why_linked(market, "x15", "x16").against}
    assert one["one thing alone is shared that means anything"] == "荔城区一号仓"


_PUBLIC = """
MATCH (:Published)-[:CURRENT]->(run:Run)
MATCH (a:Seller {id: 'tao:x14'}), (b:Seller {id: 'tao:x15'}), (c:Seller {id: 'tao:x16'})
SET a.titleWords = '户外', b.titleWords = '内存'
CREATE (hub:Warehouse {id: 'w1', name: '菜鸟驿站'}), (own:Warehouse {id: 'w2', name: '荔城区一号仓'})
CREATE (a)-[:STOCKS_AT {id: 'w11'}]->(hub), (b)-[:STOCKS_AT {id: 'w12'}]->(hub)
CREATE (b)-[:STOCKS_AT {id: 'w21'}]->(own), (c)-[:STOCKS_AT {id: 'w22'}]->(own)
CREATE (run)-[:ASSESSED {runId: run.id, hubProbability: 0.98, weight: 0.0, stores: 400, groups: 300}]->(hub)
CREATE (run)-[:ASSESSED {runId: run.id, hubProbability: 0.3, weight: 1.2, stores: 2, groups: 2}]->(own)
CREATE (a)-[:OFFERS {id: 'p1', listings: 1}]->(:Brand {id: 'p-1', name: 'Eins'})
CREATE (b)-[:OFFERS {id: 'p2', listings: 1}]->(:Brand {id: 'p-2', name: 'Zwei'})
"""


def test_what_is_perhaps_the_same_leads_on(market: Store) -> None:
    market.run_schema(_SIMILAR)
    why = why_linked(market, "x22", "x23")
    assert [near["through"] for near in why.nearly] == ["perhaps the same"]
    shared = _one(why_member(market, "x22").shares, "Address")
    assert (shared.identifier, shared.name) == ("ad-1~ad-2", "霞林街道1号 ~ 霞林1号")
    assert shared.remark.startswith("perhaps the same (probability 0.90)")
    assert shared.weight == pytest.approx(-math.log(0.1))
    assert [(item.identifier, item.keeps) for item in why_member(market, "x22").if_innocent] == [
        ("ad-1~ad-2", 1)
    ]
    assert why_member(market, "x22").by_people == 0, "not by people's word alone any more"


_SIMILAR = """
MATCH (x22:Seller {id: 'tao:x22'}), (x23:Seller {id: 'tao:x23'})
CREATE (a:Address {id: 'ad-1', name: '霞林街道1号'}), (b:Address {id: 'ad-2', name: '霞林1号'})
CREATE (x22)-[:SHIPS_FROM {id: 'u1'}]->(a), (x23)-[:SHIPS_FROM {id: 'u2'}]->(b)
CREATE (b)-[:SIMILAR_TO {id: 's1', probability: 0.9}]->(a)
"""


def test_a_store_is_not_compared_with_itself(market: Store) -> None:
    with pytest.raises(BadInput, match="two different stores"):
        why_linked(market, "r1", "tao:r1")


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
        assert [hop.identifier for hop in there.path] == [hop.identifier for hop in back.path[::-1]]
        assert [d["what"] for d in there.behaviour] == [d["what"] for d in back.behaviour]


def _facts(why: WhyLinked, place: int) -> tuple[object, ...]:
    share = why.shares[place]
    return share.identifier, share.weight, share.hub_probability, share.through, share.sources


def test_what_two_stores_share_almost_share_and_what_speaks_against(market: Store) -> None:
    why = why_linked(market, "r1", "r2")
    assert why.same_racket is not None
    assert {share.label for share in why.shares} == {"PaymentAccount", "Address", "Person"}
    best = {share.label: share.weight or 0.0 for share in why.shares}
    assert why.weight == pytest.approx(best["Address"] + max(best["PaymentAccount"], best["Person"]))
    assert {item["what"] for item in why.against} == {
        "sample found genuine (weak: sellers filter known testers)", "different business licences",
    }  # fmt: skip
    # r0 and r5 use different accounts that one person holds.
    holder = why_linked(market, "r0", "r5").shares
    assert [(s.label, s.name, s.through) for s in holder] == [("Person", "陈建国", ("HELD_BY", "PAID_TO"))]
    assert (holder[0].weight or 0) > 1
    assert holder[0].remark.startswith("their accounts are held by 陈建国: ")


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


def test_a_holder_is_used_by_those_whose_accounts_it_holds(market: Store) -> None:
    found = identifier(market, "陈建国")
    assert found["users"] == [f"tao:r{n}" for n in range(7)]
    assert (found["label"], found["stores"]) == ("Person", 7)
    assert found["weight"] == _one(why_linked(market, "r0", "r5").shares, "Person").weight


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
