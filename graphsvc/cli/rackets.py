"""``graphsvc rackets`` and ``graphsvc why``: list and explain rackets."""

from __future__ import annotations

import csv
import io
from dataclasses import asdict
from enum import StrEnum
from pathlib import Path
from typing import Annotated, Any

import orjson
import polars as pl
import typer
from rich.table import Table

from graphsvc.cli.console import some, styled
from graphsvc.cli.context import CONTEXT, LARGEST_COUNT, at_most, told
from graphsvc.connect import open_store
from graphsvc.model.division import is_code
from graphsvc.model.graph import Label
from graphsvc.rackets import explain, published
from graphsvc.rackets.explained import Hop, Judged, Shared, WhyLinked, WhyMember
from graphsvc.rackets.findings import HARMLESS
from graphsvc.rackets.published import RacketFilter, RacketSummary
from graphsvc.store.driver import Store

SHOWN = 20
"""Rows of a table where nothing else is asked for."""
_SAID = (Label.JUDGEMENT.value, Label.OPERATION.value)
"""Hops that are people's word."""
_MEMBERS = pl.Schema(
    {
        "racket_id": pl.String,
        "rank": pl.Int64,
        "score": pl.Float64,
        "confidence": pl.Float64,
        "marketplace": pl.String,
        "seller_id": pl.String,
        "member_confidence": pl.Float64,
    }
)


class Format(StrEnum):
    """How a list is written."""

    TABLE = "table"
    CSV = "csv"
    JSON = "json"


def _division(value: str | None) -> str | None:
    """Refuse what can be no division's code: an empty list would read as if the division had no rackets."""
    if value is not None and not is_code(value.strip()):
        raise typer.BadParameter(
            f"'{value}' is not a division code: give two, four or six digits, such as 350300."
        )
    return value


def register(app: typer.Typer) -> None:
    """Add ``rackets`` and ``why``."""
    app.command("rackets")(rackets)
    app.command("why")(why)


@told
def rackets(
    top: Annotated[
        int | None,
        typer.Option(
            min=1, callback=at_most(LARGEST_COUNT), help="So many at most (table: 20; CSV and JSON: all)."
        ),
    ] = None,
    jurisdiction: Annotated[
        str | None,
        typer.Option(
            callback=_division, help="Division code (adcode) of two, four or six digits, such as 44."
        ),
    ] = None,
    brand: Annotated[str | None, typer.Option(help="Only rackets that sell this brand.")] = None,
    min_score: Annotated[float | None, typer.Option(help="Only rackets with at least this score.")] = None,
    format: Annotated[Format, typer.Option(help="How to write them.")] = Format.TABLE,
    members: Annotated[bool, typer.Option("--members", help="One row a store (CSV and JSON).")] = False,
    out: Annotated[Path | None, typer.Option(help="File to write; without it, standard output.")] = None,
) -> None:
    """List the ranked rackets of the published run, harmless groups last."""
    chosen = Format.JSON if CONTEXT.json and format is Format.TABLE else format
    if members and chosen is Format.TABLE:
        raise typer.BadParameter("--members is for CSV and JSON: add `--format csv`.")
    limit = top or (SHOWN if chosen is Format.TABLE else LARGEST_COUNT)
    with open_store(CONTEXT.settings, CONTEXT.progress) as store:
        found = published.ranked(store, RacketFilter(jurisdiction, brand, min_score), limit)
        if chosen is Format.TABLE and out is None:
            show(found)
            return
        rows = _member_rows(store, found) if members else [_row(racket) for racket in found]
    columns = _MEMBERS.names() if members else _COLUMNS
    CONTEXT.write(
        _csv(rows, columns)
        if chosen is Format.CSV
        else orjson.dumps(rows, option=orjson.OPT_INDENT_2) + b"\n",
        out,
    )


@told
def why(
    seller: Annotated[str, typer.Argument(help="A store: seller_id, or marketplace:seller_id.")],
    other: Annotated[str | None, typer.Argument(help="A second store: why the two are linked.")] = None,
) -> None:
    """Explain why a store is in its racket, or why two stores are linked."""
    if other is not None:
        _require_two(seller, other)
    with open_store(CONTEXT.settings, CONTEXT.progress) as store:
        answer = explain.why_member(store, seller) if other is None else _why_linked(store, seller, other)
    if CONTEXT.json:
        CONTEXT.emit(asdict(answer))
    elif isinstance(answer, WhyMember):
        _show_member(answer)
    else:
        _show_linked(answer)


def _why_linked(store: Store, a: str, b: str) -> WhyLinked:
    a, b = explain.find_seller(store, a), explain.find_seller(store, b)
    _require_two(a, b)  # one store has several names: with its marketplace and without
    return explain.why_linked(store, a, b)


def _require_two(a: str, b: str) -> None:
    if a == b:
        raise typer.BadParameter("give two different stores", param_hint="SELLER SELLER")


_COLUMNS = [
    "racket_id",
    "rank",
    "score",
    "confidence",
    "size",
    "status",
    "estimated_value",
    "jurisdictions",
    "brands",
    "run_id",
]


def _row(racket: RacketSummary) -> dict[str, Any]:
    return {
        "racket_id": racket.id,
        "rank": racket.rank,
        "score": racket.score,
        "confidence": racket.confidence,
        "size": racket.size,
        "status": racket.status,
        "estimated_value": racket.estimated_value,
        "jurisdictions": list(racket.jurisdictions),
        "brands": list(racket.brands),
        "run_id": racket.run_id,
    }


def _member_rows(store: Store, found: list[RacketSummary]) -> list[dict[str, Any]]:
    """Return one row a store of the listed rackets, by rank, surest members first."""
    listed = pl.DataFrame({"racket_id": [racket.id for racket in found]}, schema={"racket_id": pl.String})
    rows = store.frame("read/members_ranked", _MEMBERS)
    kept = rows.join(listed, on="racket_id", how="semi")
    return kept.sort(["rank", "member_confidence", "seller_id"], descending=[False, True, False]).to_dicts()


def _csv(rows: list[dict[str, Any]], columns: list[str]) -> bytes:
    text = io.StringIO()
    writer = csv.DictWriter(text, columns, lineterminator="\n")
    writer.writeheader()
    for row in rows:
        writer.writerow(
            {key: "|".join(value) if isinstance(value, list) else value for key, value in row.items()}
        )
    return text.getvalue().encode()


def show(found: list[RacketSummary]) -> None:
    """Print the ranked table, or that there is nothing to rank."""
    if not found:
        CONTEXT.out.print(
            "No groups: no stores are linked by anything that is not public, or none fits what was asked."
        )
        return
    table = Table(title="Rackets, worst first", title_justify="left")
    for name, justify in (
        ("#", "right"),
        ("racket", "left"),
        ("score", "right"),
        ("P(fakes)", "right"),
        ("stores", "right"),
        ("30-day sales", "right"),
        ("where", "left"),
        ("brands", "left"),
        ("secure first", "left"),
    ):
        table.add_column(name, justify=justify, overflow="fold")  # type: ignore[arg-type]
    for racket in found:
        value = f"{racket.estimated_value:,.0f}" if racket.estimated_value is not None else "unknown"
        choke = racket.choke_points[0].name if racket.choke_points else ""
        style = "dim" if racket.status == HARMLESS else ""
        table.add_row(
            str(racket.rank),
            racket.id,
            f"{racket.score:.2f}",
            f"{racket.confidence:.2f}",
            str(racket.size),
            value,
            " ".join(racket.jurisdictions[:2]),
            ", ".join(racket.brands[:2]),
            choke,
            style=style,
        )
    CONTEXT.out.print(table)


def _show_member(answer: WhyMember) -> None:
    out = CONTEXT.out.print
    out(
        styled(
            (answer.name, "bold"),
            f" ({answer.seller}) is in racket ",
            (answer.racket, "bold"),
            f", rank {answer.rank}, {answer.status}",
        )
    )
    out(
        f"  belongs with probability {answer.confidence:.2f} ({answer.role}); "
        f"sells fakes with probability {answer.counterfeit:.2f}"
    )
    if answer.stability is not None:
        out(
            f"  stays in it {answer.stability:.0%} of the time when each tie fails as often as it may mean nothing"
        )
    if answer.apart:
        out(
            f"  nothing private leads to {answer.apart} of the group's stores: what they sell, when and where they "
            "opened and at what prices joined them"
        )
    if answer.by_people:
        out(f"  nothing but people's word leads to {answer.by_people} of the group's stores")
    _show_judged(answer.judged)
    _show_shares("What it shares with the group", answer.shares)
    _show_path(f"Strongest path to the {answer.tied_to}", answer.path)
    loose = [item.name for item in answer.if_innocent if not item.stays]
    out()
    out(
        f"If innocent, the store falls away from the {answer.tied_to}: "
        + (", ".join(loose) if loose else "no single identifier")
    )


def _show_linked(answer: WhyLinked) -> None:
    out = CONTEXT.out.print
    where = f"both in racket {answer.same_racket}" if answer.same_racket else "not in one racket"
    out(
        styled(
            (answer.a, "bold"),
            " and ",
            (answer.b, "bold"),
            f": {answer.weight:.1f} nats of evidence, {where}",
        )
    )
    _show_judged(answer.judged)
    _show_shares("What they share", answer.shares)
    _show_path("Strongest path from one to the other", answer.path)
    for near in answer.nearly:
        out(f"  almost: {near['aName']} / {near['bName']} ({near['through']})")
    for done in answer.behaviour:
        out(f"  behaviour: {done['what']} {done['about']}")
    for against in answer.against:
        out(f"  against: {against['what']} ({against['about']})")
    if not (answer.shares or answer.nearly):
        out("  They share nothing directly." if answer.path else "  They share nothing that is known.")


def _show_judged(words: tuple[Judged, ...]) -> None:
    """Print what people know, each thing once: an operation may have been at a hundred stores."""
    pairs: dict[str, list[str]] = {}
    for word in words:
        said = word.text + (f": {word.reason}" if word.reason else "")
        pairs.setdefault(said, []).append(f"{word.a}, {word.b}")
    for said, of in pairs.items():
        who = some(of, "more pairs (--json lists all)")
        CONTEXT.out.print(f"  {who}: {said}" if len(of) == 1 else f"  {said}: {who}")


def _show_path(title: str, path: tuple[Hop, ...]) -> None:
    if not path:
        return
    CONTEXT.out.print()
    CONTEXT.out.print(f"{title}:")
    for hop in path:
        weight = f"{hop.weight:.1f} nats" if hop.weight else ""
        said = ", ".join(filter(None, (weight, hop.remark)))
        # What people said is a sentence of its own.
        what = hop.name if hop.label in _SAID else f"{hop.label} {hop.name}"
        by = what + (f" ({said})" if said else "")
        CONTEXT.out.print(f"  {hop.seller} — {by} — {hop.to}")


def _show_shares(title: str, shares: tuple[Shared, ...]) -> None:
    """Print what is shared as a table; nothing where nothing is, for an empty table reads like a fault."""
    if not shares:
        return
    table = Table(
        "what", "name", "nats", "P(hub)", "stores", "said by", "remark", title=title, title_justify="left"
    )
    for share in shares:
        table.add_row(
            share.label,
            share.name,
            "–" if share.weight is None else f"{share.weight:.1f}",
            "–" if share.hub_probability is None else f"{share.hub_probability:.2f}",
            "–" if share.stores is None else str(share.stores),
            ", ".join(share.sources),
            share.remark,
        )
    CONTEXT.out.print(table)
