"""``graphsvc rackets`` and ``why`` on the small published run (``detect``: see test_detect.py)."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from typer.testing import Result

from graphsvc.store.driver import Store
from graphsvc.store.local import LocalNeo4j
from tests import published_market

pytestmark = pytest.mark.neo4j
Run = Callable[..., Result]


@pytest.fixture(scope="module")
def market(neo4j_2026: LocalNeo4j) -> Iterator[Store]:
    """The small published run."""
    with published_market.published(neo4j_2026) as store:
        yield store


@pytest.fixture
def run(market: Store, graphsvc: Callable[[Store], Run]) -> Run:
    return graphsvc(market)


def rows(result: Result) -> list[dict[str, Any]]:
    assert result.exit_code == 0, result.output
    return list(csv.DictReader(io.StringIO(result.stdout)))


def test_csv_has_all_rackets_by_rank(run: Run) -> None:
    found = rows(run("rackets", "--format", "csv"))
    assert [(row["racket_id"], row["rank"]) for row in found] == [
        ("r-001", "1"),
        ("r-002", "2"),
        ("r-003", "3"),
    ]
    assert found[0]["jurisdictions"] == "350302|350304"
    assert found[2]["status"] == "harmless"


def test_json_says_the_same_with_types(run: Run) -> None:
    plain = run("rackets", "--format", "json")
    found = json.loads(plain.stdout)
    assert [row["rank"] for row in found] == [1, 2, 3]
    assert found[0]["jurisdictions"] == ["350302", "350304"]
    assert json.loads(run("--json", "rackets").stdout) == found


def test_one_row_a_store_with_the_columns_that_scripts_rely_on(run: Run) -> None:
    found = rows(run("rackets", "--members", "--format", "csv"))
    assert {"racket_id", "rank", "score", "confidence", "seller_id", "member_confidence"} <= found[0].keys()
    assert [row["seller_id"] for row in found[:6]] == [f"s{n}" for n in range(1, 7)]
    assert len(found) == 11
    assert {row["marketplace"] for row in found} == {"tao"}
    top = json.loads(run("rackets", "--members", "--format", "json", "--top", 1).stdout)
    assert {row["racket_id"] for row in top} == {"r-001"}
    assert len(top) == 6


@pytest.mark.parametrize(
    ("option", "value", "expected"),
    [
        ("--top", 2, ["r-001", "r-002"]),
        ("--jurisdiction", "44", ["r-002"]),
        ("--jurisdiction", "350300", ["r-001", "r-003"]),
        ("--brand", "kernmem", ["r-001", "r-002"]),
        ("--min-score", 1e9, []),
    ],
)
def test_lists_can_be_narrowed(run: Run, option: str, value: object, expected: list[str]) -> None:
    assert [row["racket_id"] for row in rows(run("rackets", "--format", "csv", option, value))] == expected


def test_the_table_is_for_people(run: Run, capfd: pytest.CaptureFixture[str]) -> None:
    result = run("rackets")
    shown = result.output + capfd.readouterr().out
    assert result.exit_code == 0
    assert shown.index("r-001") < shown.index("r-002") < shown.index("r-003")


def test_nothing_to_rank_is_a_sentence_and_not_an_empty_table(
    run: Run, capfd: pytest.CaptureFixture[str]
) -> None:
    result = run("rackets", "--brand", "of nobody")
    assert result.exit_code == 0
    assert "No groups" in result.output + capfd.readouterr().out


def test_a_file_is_written_whole_or_the_failure_is_told(run: Run, tmp_path: Path) -> None:
    out = tmp_path / "rackets.csv"
    assert run("rackets", "--format", "csv", "--out", out).exit_code == 0
    assert out.read_text(encoding="utf-8") == run("rackets", "--format", "csv").stdout
    failed = run("rackets", "--format", "csv", "--out", tmp_path / "no" / "such" / "folder.csv")
    assert failed.exit_code == 1


def test_why_in_a_racket_and_why_linked(run: Run) -> None:
    member = json.loads(run("--json", "why", "s3").stdout)
    assert (member["racket"], member["seller"], member["rank"]) == ("r-001", "tao:s3", 1)
    assert {share["label"] for share in member["shares"]} == {"Address", "PaymentAccount", "Phone"}
    linked = json.loads(run("--json", "why", "tao:s1", "s2").stdout)
    assert linked["same_racket"] == "r-001"
    assert linked["weight"] > 3
    for words in (("why", "s3"), ("why", "s1", "s2"), ("why", "s1", "m1")):
        assert run(*words).exit_code == 0


def shown(result: Result, capfd: pytest.CaptureFixture[str]) -> str:
    captured = capfd.readouterr()
    return result.output + captured.out + captured.err


def test_two_stores_that_share_nothing_get_no_empty_table(
    run: Run, capfd: pytest.CaptureFixture[str]
) -> None:
    together = shown(run("why", "s1", "s2"), capfd)
    assert "What they share" in together
    assert "Strongest path from one to the other" in together
    apart = shown(run("why", "s1", "m1"), capfd)
    assert "tao:m1" in apart
    assert "What they share" not in apart


def test_an_operation_that_was_at_many_stores_is_told_once(
    market: Store, run: Run, capfd: pytest.CaptureFixture[str]
) -> None:
    market.run_schema(_RAID)
    told = shown(run("why", "s1"), capfd)
    market.run_schema("MATCH (n) WHERE n.id IN ['raid', 'found'] DETACH DELETE n")
    assert told.count("found something at both on 2016-05-01: tao:s1, tao:s2;") == 1, told
    assert "tao:s1 — operation Cloud Sword found something" in told
    assert "2 more pairs" in " ".join(told.split())


_RAID = """
CREATE (o:Operation {id: 'raid', name: 'Cloud Sword'})
CREATE (o)-[:LED_TO {id: 'l'}]->(x:Outcome {id: 'found', kind: 'goods_seized', on: date('2016-05-01')})
WITH x MATCH (s:Seller) WHERE s.id IN ['tao:s1', 'tao:s2', 'tao:s3', 'tao:s4', 'tao:s5', 'tao:s6']
CREATE (x)-[:CONCERNS {id: 'c' + s.id}]->(s)
"""


@pytest.mark.parametrize("words", [("s1", "s1"), ("tao:s1", "s1"), ("nobody", "nobody")])
def test_one_store_is_not_two(run: Run, words: tuple[str, str]) -> None:
    refused = run("why", *words)
    assert refused.exit_code == 2
    assert "give two different stores" in refused.output


def test_the_dossier_of_a_merged_racket_is_that_of_its_successor(run: Run, tmp_path: Path) -> None:
    out = tmp_path / "dossier.json"
    followed = run("dossier", "r-900", "--out", out)
    assert followed.exit_code == 0, followed.output
    assert json.loads(out.read_text(encoding="utf-8"))["racket"] == "r-001"


def test_a_followed_id_is_said_on_standard_error_alone(run: Run, capfd: pytest.CaptureFixture[str]) -> None:
    followed = run("dossier", "r-900", "--format", "json")
    assert "Racket r-900 is now r-001." in followed.stderr + capfd.readouterr().err
    assert json.loads(followed.stdout)["racket"] == "r-001"


@pytest.mark.parametrize(
    ("racket", "code", "named"),
    [
        ("r-901", "racket-split", "r-001, r-002"),
        ("r-902", "racket-dissolved", "no longer found"),
        ("r-000", "not-found", "no racket 'r-000'"),
    ],
)
def test_a_racket_that_is_gone_says_where_to_look(run: Run, racket: str, code: str, named: str) -> None:
    gone = run("--json", "dossier", racket)
    assert gone.exit_code == 1
    error = json.loads(gone.stdout)["error"]
    assert error["code"] == code
    assert named in f"{error['message']} {error['remedy']}"


def test_failures_are_one_and_wrong_usage_is_two(run: Run) -> None:
    unknown = run("--json", "why", "nobody")
    assert unknown.exit_code == 1
    assert json.loads(unknown.stdout)["error"]["code"] == "not-found"
    engine = run("--json", "detect", "--engine", "leiden")
    assert engine.exit_code == 2
    assert "native" in engine.output
    assert run("rackets", "--members").exit_code == 2
    assert run("rackets", "--top", 0).exit_code == 2
    assert run("rackets", "--format", "xml").exit_code == 2
    assert run("rackets", "--top", 10**30).exit_code == 2
    for code in ("Putian", "350", "35030"):
        assert run("rackets", "--jurisdiction", code).exit_code == 2
    assert run("why").exit_code == 2
    assert run("detect", "--seed", 2**32).exit_code == 2
    for words in (
        ("x", "--role", "admin", "--days", 0),
        ("x", "--role", "liaison"),
        (" ", "--role", "admin"),
    ):
        assert run("keys", "create", *words).exit_code == 2
    assert run("detect", "--seed", "many").exit_code == 2
