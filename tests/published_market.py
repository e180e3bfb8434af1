# ruff: noqa: E501 - statements read best in one line
"""A small published run, written as a run would write it: two rackets, one harmless group, and an older run.

Northern racket r-001 (Putian, shoes; six stores on one account, one workshop and one phone, plus a public parcel
locker), r-002 (Shenzhen, memory; three stores on one warehouse), r-003 (a family in Putian, harmless). The older
run had r-900 (now part of r-001), r-901 (split into r-001 and r-002) and r-902 (dissolved).
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime
from typing import Any

import neo4j

from graphsvc.store import schema
from graphsvc.store.driver import Store
from graphsvc.store.local import LocalNeo4j
from tests.conftest import wipe

RUN, OLDER = "run-2017-01-20", "run-2017-01-13"
SEEN, LAST = date(2016, 9, 1), date(2017, 1, 15)
FACT = {"source": "marketplace", "firstSeen": SEEN, "lastSeen": LAST, "loadId": "load-1", "digest": "0"}

Row = dict[str, Any]


@contextmanager
def published(local: LocalNeo4j) -> Iterator[Store]:
    """Start a server, and put the small published run in place of what it holds."""
    address = local.start().address
    wipe(address)
    with Store(address) as store:
        schema.apply(store)
        write(store)
        yield store


def write(store: Store) -> None:
    """Write facts and findings into an empty store."""
    _nodes(store, "Seller", _sellers())
    _nodes(store, "Address", _addresses())
    _nodes(
        store,
        "PaymentAccount",
        [
            {"id": "pay-a", "name": "6222 **** **** 0417", "kind": "bank", "institution": "福建农信"},
            {"id": "pay-b", "name": "138****2210", "kind": "alipay", "institution": None},
        ],
    )
    _nodes(store, "Warehouse", [{"id": "wh-1", "name": "华强北三号仓", "operator": "own", "kind": "own"}])
    _nodes(store, "Phone", [{"id": "+8613800138000", "name": "+8613800138000"}])
    _nodes(store, "Person", [{"id": "陈某", "name": "陈某"}, {"id": "li", "name": "Li <b>Wei</b>"}])
    _nodes(store, "Brand", [{"id": "nordlauf", "name": "Nordlauf"}, {"id": "kernmem", "name": "KernMem"}])
    _nodes(
        store,
        "TestBuy",
        [
            {
                "id": "tb-1",
                "name": "tb-1",
                "verdict": "counterfeit",
                "boughtOn": date(2017, 1, 5),
                "examiner": "Nordlauf lab",
            },
            {"id": "tb-2", "name": "tb-2", "verdict": "genuine", "boughtOn": date(2017, 1, 6)},
            {"id": "tb-3", "name": "tb-3", "verdict": "counterfeit", "boughtOn": date(2016, 12, 6)},
        ],
    )
    _nodes(
        store,
        "Notice",
        [
            {
                "id": "n-1",
                "name": "n-1",
                "filedOn": date(2017, 1, 9),
                "outcome": "removed",
                "reason": "假冒商标",
            }
        ],
    )
    _nodes(
        store,
        "Operation",
        [
            {"id": "op-1", "name": "Cloud Sword", "jurisdiction": "350300", "startedOn": date(2017, 1, 2)},
            {"id": "op-2", "name": "Southern Net", "jurisdiction": "440300", "startedOn": date(2017, 1, 3)},
        ],
    )
    _nodes(store, "Authority", [{"id": "putian police", "name": "Putian police"}])
    _nodes(
        store,
        "Outcome",
        [{"id": "out-1", "name": "arrest", "kind": "arrest", "count": 2, "on": date(2017, 1, 12)}],
    )
    _facts(store)
    _findings(store)


def _sellers() -> list[Row]:
    names = ["莆田运动鞋行", "安福鞋城直营", "跑者之家", "Nordlauf outlet 旗舰", "=SUM(1) 鞋", "城厢鞋业"]
    rows = [_seller(f"s{n}", name, 52_000.0 / n) for n, name in enumerate(names, 1)]
    rows += [_seller(f"m{n}", f"内存条专卖{n}", 9_000.0) for n in (1, 2, 3)]
    return [*rows, _seller("f1", "阿婆糕点", 900.0), _seller("f2", "阿婆糕点二店", 700.0)]


def _seller(key: str, name: str, sales: float) -> Row:
    return {
        "id": f"tao:{key}",
        "sellerId": key,
        "marketplace": "tao",
        "name": name,
        "storeName": name,
        "status": "active",
        "openedOn": date(2016, 8, 20),
        "sales30d": sales,
        "listings": 40,
        "suspectListings": 31,
        "suspicion": 0.9,
    }


def _addresses() -> list[Row]:
    def place(key: str, text: str, adcode: str, parts: tuple[str, str, str], lat: float, lon: float) -> Row:
        return {
            "id": key,
            "name": text,
            "text": text,
            "adcode": adcode,
            "province": parts[0],
            "city": parts[1],
            "district": parts[2],
            "lat": lat,
            "lon": lon,
        }

    return [
        place(
            "ad-1",
            "福建省莆田市城厢区霞林街道荔华东大道8号2栋",
            "350302",
            ("福建省", "莆田市", "城厢区"),
            25.4,
            119.0,
        ),
        place(
            "ad-2",
            "福建省莆田市荔城区学园南街99号 菜鸟驿站",
            "350304",
            ("福建省", "莆田市", "荔城区"),
            25.43,
            119.01,
        ),
        place(
            "ad-3",
            "广东省深圳市福田区华强北路1019号",
            "440304",
            ("广东省", "深圳市", "福田区"),
            22.54,
            114.08,
        ),
        place("ad-4", "福建省莆田市涵江区前街5号", "350303", ("福建省", "莆田市", "涵江区"), 25.45, 119.1),
    ]


def _facts(store: Store) -> None:
    shoes, memory = [f"tao:s{n}" for n in range(1, 7)], [f"tao:m{n}" for n in (1, 2, 3)]
    _tie(
        store,
        "SHIPS_FROM",
        "Seller",
        "Address",
        [(s, "ad-1") for s in shoes[:4]] + [(m, "ad-3") for m in memory],
        count=120,
    )
    _tie(store, "RETURNS_TO", "Seller", "Address", [(s, "ad-2") for s in [*shoes[3:], "tao:f1"]])
    _tie(store, "REGISTERED_AT", "Seller", "Address", [("tao:f1", "ad-4"), ("tao:f2", "ad-4")])
    _tie(
        store,
        "PAID_TO",
        "Seller",
        "PaymentAccount",
        [(s, "pay-a") for s in shoes[2:]] + [("tao:s1", "pay-b")],
        count=310,
    )
    _tie(store, "HELD_BY", "PaymentAccount", "Person", [("pay-a", "陈某"), ("pay-b", "li")])
    _tie(store, "USES_PHONE", "Seller", "Phone", [(s, "+8613800138000") for s in shoes[:3]])
    _tie(store, "REGISTERED_BY", "Seller", "Person", [("tao:s1", "陈某"), ("tao:s2", "陈某")])
    _tie(store, "STOCKS_AT", "Seller", "Warehouse", [(m, "wh-1") for m in memory], count=88)
    _tie(store, "LOCATED_AT", "Warehouse", "Address", [("wh-1", "ad-3")])
    _tie(
        store,
        "OFFERS",
        "Seller",
        "Brand",
        [(s, "nordlauf") for s in shoes],
        listings=40,
        suspectListings=31,
        unitsSold30d=400,
        sales30d=20_000.0,
        priceRatio=0.31,
    )
    _tie(
        store,
        "OFFERS",
        "Seller",
        "Brand",
        [(m, "kernmem") for m in [*memory, "tao:s1"]],
        listings=10,
        suspectListings=9,
        unitsSold30d=50,
        sales30d=9_000.0,
        priceRatio=0.45,
    )
    _tie(
        store,
        "BOUGHT_FROM",
        "TestBuy",
        "Seller",
        [("tb-1", "tao:s1"), ("tb-2", "tao:s2"), ("tb-3", "tao:m1")],
    )
    _tie(
        store,
        "OF_BRAND",
        "TestBuy",
        "Brand",
        [("tb-1", "nordlauf"), ("tb-2", "nordlauf"), ("tb-3", "kernmem")],
    )
    _tie(store, "SENT_FROM", "TestBuy", "Address", [("tb-1", "ad-1")])
    _tie(store, "AGAINST", "Notice", "Seller", [("n-1", "tao:s2")])
    _tie(store, "OF_BRAND", "Notice", "Brand", [("n-1", "nordlauf")])
    _tie(store, "RUN_BY", "Operation", "Authority", [("op-1", "putian police")])
    _tie(store, "LED_TO", "Operation", "Outcome", [("op-1", "out-1")])
    _tie(store, "CONCERNS", "Outcome", "Seller", [("out-1", "tao:s4")])


def _findings(store: Store) -> None:
    for run, day, status in ((OLDER, 13, "retired"), (RUN, 20, "published")):
        _nodes(
            store,
            "Run",
            [
                {
                    "id": run,
                    "name": run,
                    "status": status,
                    "engine": "native",
                    "seed": 7,
                    "dataDigest": "d" * 16,
                    "startedAt": datetime(2017, 1, day, 3, tzinfo=UTC),
                    "finishedAt": datetime(2017, 1, day, 4, tzinfo=UTC),
                    "parameters": json.dumps({"resolution": 0.1}),
                    "versions": json.dumps({"graphsvc": "0.1.0"}),
                    "figures": json.dumps({"rackets": 3}),
                }
            ],
        )
    _nodes(store, "Published", [{"id": "published", "name": "published"}])
    _tie(store, "CURRENT", "Published", "Run", [("published", RUN)])
    shoes = [(f"tao:s{n}", 0.99 - 0.01 * n, "core" if n < 6 else "attached") for n in range(1, 7)]
    _racket(
        store, "r-001", 1, shoes, ["350302", "350304"], ["nordlauf", "kernmem"], 0.97, "suspect", 180_000.0
    )
    _racket(
        store,
        "r-002",
        2,
        [(f"tao:m{n}", 0.9, "core") for n in (1, 2, 3)],
        ["440304"],
        ["kernmem"],
        0.7,
        "suspect",
        27_000.0,
    )
    _racket(
        store,
        "r-003",
        3,
        [("tao:f1", 0.8, "core"), ("tao:f2", 0.8, "core")],
        ["350303"],
        [],
        0.6,
        "harmless",
        0.0,
    )
    for old in ("r-900", "r-901", "r-902"):
        _racket(store, old, 1, [], ["350302"], ["nordlauf"], 0.5, "suspect", 0.0, run=OLDER)
    _lineage(store, [("r-001", "r-900", "merged"), ("r-001", "r-901", "split"), ("r-002", "r-901", "split")])
    assessed = [
        ("ad-1", 0.02, 4, 1, 4.1),
        ("ad-2", 0.97, 900, 410, 0.0),
        ("ad-3", 0.2, 3, 1, 2.0),
        ("pay-a", 0.01, 4, 1, 5.2),
        ("+8613800138000", 0.05, 3, 1, 3.3),
        ("wh-1", 0.1, 3, 1, 3.0),
        ("陈某", 0.3, 2, 1, 1.1),
        ("ad-4", 0.1, 2, 1, 2.2),
    ]
    for id, hub, stores, groups, weight in assessed:
        _run(
            store,
            "MATCH (r:Run {id: $run}), (i {id: $id}) CREATE (r)-[:ASSESSED {runId: $run, hubProbability: $hub, stores: $stores, "
            "groups: $groups, weight: $weight}]->(i)",
            run=RUN,
            id=id,
            hub=hub,
            stores=stores,
            groups=groups,
            weight=weight,
        )
    relies = [("r-001", "pay-a", 4, 0.42, 3), ("r-001", "ad-1", 4, 0.33, 2), ("r-002", "wh-1", 3, 0.6, 3)]
    for racket, id, members, cut, pieces in relies:
        _run(
            store,
            "MATCH (r:Racket {id: $racket}), (i {id: $id}) CREATE (r)-[:RELIES_ON {runId: $run, members: $members, "
            "share: $members / toFloat(r.size), cut: $cut, pieces: $pieces}]->(i)",
            racket=f"{racket}@{RUN}",
            id=id,
            members=members,
            cut=cut,
            pieces=pieces,
            run=RUN,
        )


def _racket(
    store: Store,
    key: str,
    rank: int,
    members: list[tuple[str, float, str]],
    adcodes: list[str],
    brands: list[str],
    confidence: float,
    status: str,
    value: float,
    run: str = RUN,
) -> None:
    row = {
        "id": f"{key}@{run}",
        "racketId": key,
        "runId": run,
        "name": f"Racket {key} 莆田" if rank == 1 else f"Racket {key}",
        "rank": rank,
        "score": 100.0 / rank,
        "confidence": confidence,
        "size": len(members),
        "jurisdictions": adcodes,
        "brands": brands,
        "estimatedValue": value,
        "status": status,
        "why": json.dumps({"sales": value, "members": len(members)}),
    }
    _nodes(store, "Racket", [row])
    _tie(store, "FOUND_IN", "Racket", "Run", [(f"{key}@{run}", run)])
    for seller, sure, role in members:
        _run(
            store,
            "MATCH (s:Seller {id: $seller}), (r:Racket {id: $racket}) CREATE (s)-[:MEMBER_OF {runId: $run, confidence: $sure, "
            "role: $role, counterfeit: 0.9}]->(r)",
            seller=seller,
            racket=f"{key}@{run}",
            run=run,
            sure=sure,
            role=role,
        )


def _lineage(store: Store, lines: list[tuple[str, str, str]]) -> None:
    for new, old, kind in lines:
        _run(
            store,
            "MATCH (n:Racket {id: $new}), (o:Racket {id: $old}) CREATE (n)-[:SUCCEEDS {runId: $run, kind: $kind, shared: 3}]->(o)",
            new=f"{new}@{RUN}",
            old=f"{old}@{OLDER}",
            run=RUN,
            kind=kind,
        )


def _nodes(store: Store, label: str, rows: list[Row]) -> None:
    _run(
        store,
        f"UNWIND $rows AS row CREATE (n:{label}) SET n = row "
        "FOREACH (x IN CASE WHEN row.lat IS NULL THEN [] ELSE [1] END | SET n.location = point({latitude: row.lat, longitude: row.lon})) "
        "REMOVE n.lat, n.lon",
        rows=rows,
    )


def _tie(
    store: Store, type: str, start: str, end: str, pairs: list[tuple[str, str]], **properties: Any
) -> None:
    _run(
        store,
        f"UNWIND $pairs AS pair MATCH (a:{start} {{id: pair[0]}}), (b:{end} {{id: pair[1]}}) CREATE (a)-[r:{type}]->(b) "
        "SET r = $properties, r.id = pair[0] + ' ' + pair[1]",
        pairs=[list(p) for p in pairs],
        properties={**FACT, **properties},
    )


def _run(store: Store, text: str, **params: Any) -> None:
    address = store.address
    with neo4j.GraphDatabase.driver(address.uri, auth=(address.user, address.password)) as driver:
        driver.execute_query(text, params, database_=address.database)
