"""``graphsvc normalise`` and ``graphsvc compare``: how one value is read, and whether two are the same."""

from __future__ import annotations

import csv
import dataclasses
import sys
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, TextIO

import typer

from graphsvc.cli.console import visible
from graphsvc.cli.context import CONTEXT, told
from graphsvc.model.errors import BadInput

if TYPE_CHECKING:
    from ingest.normalise.comparison import Comparison


class What(StrEnum):
    """What can be read."""

    ADDRESS = "address"
    ACCOUNT = "account"
    PHONE = "phone"
    NAME = "name"


class Comparable(StrEnum):
    """What can be compared."""

    ADDRESS = "address"
    ACCOUNT = "account"
    NAME = "name"


def register(app: typer.Typer) -> None:
    """Add the commands of this module."""
    app.command("normalise")(told(normalise))
    app.command("compare")(told(compare))


def normalise(
    what: Annotated[What, typer.Argument(help="What the text is.")],
    text: Annotated[
        list[str] | None, typer.Argument(help="Values; without any, lines of standard input.")
    ] = None,
    kind: Annotated[
        str,
        typer.Option(
            help="Type of the accounts (bank, alipay, wechat, paypal, card, crypto, other); guessed if not given."
        ),
    ] = "",
    country: Annotated[
        str, typer.Option(help="Country of addresses and telephone numbers that name none.")
    ] = "CN",
) -> None:
    """Show how a value is read: its parts and keys, one JSON object a line."""
    read = _reader(what, kind, country)
    for line in _values(text):
        sys.stdout.write(_json({"input": line, **read(line)}) + "\n")


def compare(
    what: Annotated[Comparable, typer.Argument(help="What the texts are.")],
    a: Annotated[str | None, typer.Argument(help="One value.", show_default=False)] = None,
    b: Annotated[str | None, typer.Argument(help="The other.", show_default=False)] = None,
    pairs: Annotated[
        str | None,
        typer.Option(
            metavar="FILE", help="CSV with columns a and b (- for standard input); prints a,b,probability."
        ),
    ] = None,
) -> None:
    """Show how probable it is that two values are the same place, account or party, and why."""
    decide = _comparer(what)
    if pairs is not None:
        if a is not None or b is not None:
            raise typer.BadParameter("give either A and B, or --pairs", param_hint="--pairs")
        _compare_file(pairs, decide)
        return
    if a is None or b is None:
        raise typer.BadParameter("give two values, or --pairs FILE", param_hint="A B")
    result = decide(a, b)
    if sys.stdout.isatty() and not CONTEXT.json:
        CONTEXT.out.print(
            f"{result.probability:.3f}  {'; '.join(result.reasons)}",
            soft_wrap=True,
        )
    else:
        sys.stdout.write(_json(dataclasses.asdict(result)) + "\n")


def _compare_file(path: str, decide: Callable[[str, str], Comparison]) -> None:
    shown = visible if sys.stdout.isatty() else str
    with _opened(path) as file:
        rows = csv.DictReader(file)
        writer = csv.writer(sys.stdout, lineterminator="\n")
        try:
            missing = {"a", "b"} - set(rows.fieldnames or ())
            if missing:
                raise BadInput(
                    f"{_shown(path)}: no column {' and '.join(sorted(missing))}.",
                    "Give a CSV whose header line is a,b.",
                )
            writer.writerow(("a", "b", "probability"))
            for row in rows:
                a, b = row["a"] or "", row["b"] or ""
                writer.writerow((shown(a), shown(b), f"{decide(a, b).probability:.6f}"))
        except (csv.Error, UnicodeDecodeError) as error:
            raise BadInput(
                f"{_shown(path)}, line {rows.line_num + 1}: {error}.", "Save the file as CSV in UTF-8."
            ) from error


@contextmanager
def _opened(path: str) -> Iterator[TextIO]:
    if path == "-":
        yield sys.stdin
        return
    try:
        file = Path(path).open(encoding="utf-8-sig", newline="")  # noqa: SIM115 - closed below
    except OSError as error:
        raise BadInput(f"{path} cannot be read: {error.strerror}.", "Check the path.") from error
    with file:
        yield file


def _shown(path: str) -> str:
    return "standard input" if path == "-" else path


def _values(text: list[str] | None) -> Iterable[str]:
    if text:
        return text
    if sys.stdin.isatty():
        raise typer.BadParameter("give at least one value, or lines on standard input", param_hint="TEXT")
    return (line.rstrip("\r\n") for line in sys.stdin)


def _reader(what: What, kind: str, country: str) -> Callable[[str], dict[str, Any]]:
    """Return the function that reads one value into named parts; only what is needed is imported."""
    from phonenumbers import SUPPORTED_REGIONS

    from ingest.normalise import account, address, name, phone

    if kind and kind.lower() not in account.KINDS:
        raise typer.BadParameter(f"one of {', '.join(account.KINDS)}", param_hint="--kind")
    if country.upper() not in SUPPORTED_REGIONS:
        raise typer.BadParameter("two letters as in ISO 3166-1, such as CN or US", param_hint="--country")
    land = None if country == "CN" else country
    readers: dict[What, Callable[[str], dict[str, Any]]] = {
        What.ADDRESS: lambda text: address.parse(text, country=land)._asdict(),
        What.ACCOUNT: lambda text: dataclasses.asdict(account.parse(kind, text)),
        What.PHONE: lambda text: dataclasses.asdict(phone.parse(text, country)),
        What.NAME: lambda text: dataclasses.asdict(name.parse(text)),
    }
    return readers[what]


def _comparer(what: Comparable) -> Callable[[str, str], Comparison]:
    from ingest.normalise import account, address, name

    return {
        Comparable.ADDRESS: address.compare,
        Comparable.ACCOUNT: account.compare,
        Comparable.NAME: name.compare,
    }[what]


def _json(data: dict[str, Any]) -> str:
    import orjson

    return visible(orjson.dumps(data).decode())
