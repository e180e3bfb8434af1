"""Data reaches the terminal as it is: it can neither style nor steer it, whichever command prints it."""

from __future__ import annotations

import io
import json
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import neo4j
import pytest
from rich.table import Table
from typer.testing import Result

from graphsvc import cli
from graphsvc.cli import ingest
from graphsvc.cli.console import PlainConsole, styled, visible
from graphsvc.cli.context import CONTEXT, fail
from graphsvc.loading import IngestReport
from graphsvc.model.errors import BadInput
from graphsvc.store.driver import Store
from graphsvc.store.local import LocalNeo4j
from tests import published_market

Run = Callable[..., Result]
HOSTILE = "a:b [/bold] [red]r[/red] :smile: \x1b[31m\nnext\x9b2J\u202e"
SHOWN = "a:b [/bold] [red]r[/red] :smile: \\u001b[31m\\u000anext\\u009b2J\\u202e"


def printed(*things: object) -> str:
    out = io.StringIO()
    PlainConsole(file=out, width=200).print(*things)
    return out.getvalue()


def test_what_is_printed_is_what_was_given() -> None:
    assert printed(HOSTILE).rstrip("\n") == SHOWN
    assert visible("莆田 é 👟") == "莆田 é 👟"


def test_a_style_is_for_its_part_alone() -> None:
    text = styled((HOSTILE, "bold"), " [dim]plain")
    assert text.plain == f"{SHOWN} [dim]plain"
    assert [(span.start, span.end, str(span.style)) for span in text.spans] == [(0, len(SHOWN), "bold")]


def test_headers_cells_and_titles_of_a_table_are_data_too() -> None:
    table = Table("what", HOSTILE, title=HOSTILE)
    table.add_row("x", HOSTILE)
    assert printed(table).count(SHOWN) == 3


def test_no_command_has_a_console_of_its_own() -> None:
    for path in Path(cli.__file__).parent.glob("*.py"):
        if path.stem != "console":
            text = path.read_text(encoding="utf-8")
            for way in ("rich.console", "rich.text", "rich.markup", "rich import print", "[/bold]", "[/red]"):
                assert way not in text, f"{path.name}: {way}"


class Terminal(io.StringIO):
    """Standard output of somebody who looks."""

    def isatty(self) -> bool:
        return True


def test_a_document_is_written_as_it_is_unless_somebody_looks(
    monkeypatch: pytest.MonkeyPatch, capfdbinary: pytest.CaptureFixture[bytes]
) -> None:
    content = f"id\n{HOSTILE}\n".encode()
    CONTEXT.write(content)
    assert capfdbinary.readouterr().out == content
    monkeypatch.setattr(sys, "stdout", terminal := Terminal())
    CONTEXT.write("id,name\na\x1b[31m,b\x9b2J\r\n".encode())
    assert terminal.getvalue() == "id,name\na\\u001b[31m,b\\u009b2J\n"


def test_errors_and_remarks_hold_data(
    monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(CONTEXT, "json", True)
    fail(BadInput(f"There is no '{HOSTILE}'.", "Look again."))
    CONTEXT.say(f"{HOSTILE} was ignored")
    said = capfd.readouterr()
    assert said.err == f"Error: There is no '{SHOWN}'. Look again.\n{SHOWN} was ignored\n"
    assert json.loads(said.out)["error"]["message"] == f"There is no '{SHOWN}'."


def test_what_a_load_says_holds_data(capfd: pytest.CaptureFixture[str]) -> None:
    report = IngestReport(
        "l", (), {}, {}, None, {HOSTILE: [HOSTILE]}, (), {}, {}, (BadInput(HOSTILE),)
    )  # fmt: skip
    ingest.show(report)
    assert capfd.readouterr().err.count(SHOWN) == 3


@pytest.fixture(scope="module")
def market(neo4j_2026: LocalNeo4j) -> Iterator[Store]:
    """The small published run, in which whatever has a name has a hostile one."""
    with published_market.published(neo4j_2026) as store:
        address = store.address
        with neo4j.GraphDatabase.driver(address.uri, auth=(address.user, address.password)) as driver:
            driver.execute_query(
                "MATCH (n:Seller|Address|PaymentAccount|Phone) SET n.name = $name, n.storeName = $name",
                name=HOSTILE, database_=address.database,
            )  # fmt: skip
            driver.execute_query(
                "MATCH (s:Seller {sellerId: 's6'}) SET s.id = $id, s.sellerId = $id",
                id=HOSTILE, database_=address.database,
            )  # fmt: skip
        yield store


@pytest.mark.neo4j
@pytest.mark.parametrize(
    ("words", "exit_code"),
    [
        (("rackets",), 0),
        (("why", "s3"), 0),
        (("why", HOSTILE), 0),
        (("why", HOSTILE, "s3"), 0),
        (("why", f"no {HOSTILE}"), 1),
        (("dossier", HOSTILE), 1),
        (("keys", "list"), 0),
        (("keys", "revoke", HOSTILE), 1),
    ],
)
def test_names_and_ids_are_shown_as_they_are_by(
    market: Store,
    graphsvc: Callable[[Store], Run],
    capfd: pytest.CaptureFixture[str],
    words: tuple[str, ...],
    exit_code: int,
) -> None:
    run = graphsvc(market)
    made = run("keys", "create", HOSTILE, "--role", "admin") if words == ("keys", "list") else None
    assert made is None or made.exit_code == 0
    capfd.readouterr()
    result = run(*words)
    captured = capfd.readouterr()
    assert result.exit_code == exit_code, result.output
    said = result.output + captured.out + captured.err
    assert "[red]r[/red]" in said
    assert ":smile:" in said
    assert "\\u001b[31m" in said
    assert not {"\x1b", "\x9b", "\u202e"} & set(said)
