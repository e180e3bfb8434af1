from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import neo4j
import pytest

from graphsvc.casework.chain import AUDIT, GENESIS, append, custody, entries, verify
from graphsvc.store.driver import Store


def change(store: Store, text: str) -> None:
    address = store.address
    with neo4j.GraphDatabase.driver(address.uri, auth=(address.user, address.password)) as driver:
        driver.execute_query(text)  # type: ignore[arg-type,unused-ignore]


def write(store: Store, count: int) -> None:
    for number in range(count):
        append(store, AUDIT, by="me", action="read", subject=f"r-{number}", details={"n": number, "名": "值"})


def test_an_empty_log_holds(store: Store) -> None:
    verdict = verify(store, AUDIT)
    assert (verdict.entries, verdict.head, verdict.broken) == (0, GENESIS, None)


def test_writers_at_once_make_one_chain(store: Store) -> None:
    with ThreadPoolExecutor(4) as pool:
        list(pool.map(lambda n: append(store, AUDIT, by=f"w{n}", action="read", subject="x"), range(12)))
    verdict = verify(store, AUDIT)
    assert (verdict.entries, verdict.broken) == (12, None)
    assert sorted(e.by for e in entries(store, AUDIT)) == sorted(f"w{n}" for n in range(12))


def test_logs_do_not_mix(store: Store) -> None:
    append(store, custody("a"), by="me", action="sealed", subject="a")
    append(store, custody("a#0000000001"), by="me", action="sealed", subject="a#0000000001")
    append(store, custody("a"), by="me", action="opened", subject="a")
    assert [e.action for e in entries(store, custody("a"))] == ["sealed", "opened"]
    assert verify(store, custody("a")).broken is None
    assert verify(store, custody("a#0000000001")).entries == 1


@pytest.mark.parametrize(
    ("tampering", "at"),
    [
        ("MATCH (e:AuditEntry {sequence: 2}) SET e.by = 'you'", 2),
        ("MATCH (e:AuditEntry {sequence: 2}) SET e.details = '{}'", 2),
        ("MATCH (e:AuditEntry {sequence: 3}) SET e.at = e.at + duration('PT1S')", 3),
        ("MATCH (e:AuditEntry {sequence: 2}) DELETE e", 2),
        ("MATCH (e:AuditEntry {sequence: 4}) DELETE e", 4),
        ("MATCH (c:Chain) SET c.head = 'x'", 4),
    ],
)
def test_tampering_shows_where(store: Store, tampering: str, at: int) -> None:
    write(store, 4)
    assert verify(store, AUDIT).broken is None
    change(store, tampering)
    broken = verify(store, AUDIT).broken
    assert broken is not None
    assert broken.sequence == at
