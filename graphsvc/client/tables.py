"""Tables in, a market out: simulated or real, now or as it was known on an earlier day; no server is needed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from os import PathLike
from pathlib import Path
from tempfile import TemporaryDirectory

import polars as pl

from graphsvc.evaluate import simulated
from graphsvc.evaluate.simulated import ACCOUNT_KEY
from graphsvc.model.errors import BadInput
from graphsvc.model.market import Market
from graphsvc.simulate import SimulationOptions, write_market
from ingest.formats.batch import LINE
from ingest.reading import read
from ingest.sources import find

Place = str | PathLike[str]
"""A path, as text or as an object."""


def simulate_market(
    folder: Place,
    sellers: int = 1_000,
    *,
    seed: int = 0,
    difficulty: float | str = "normal",
    prevalence: float = 0.06,
    days: int = 365,
) -> Path:
    """Write a market whose truth is known: tables of the input contract, and ``truth/`` beside them.

    Parameters
    ----------
    folder : path
        Where to; made if need be, tables of an earlier market there are replaced.
    sellers : int
        Number of stores.
    seed : int
        Same seed and options: the same bytes.
    difficulty : float or str
        ``easy``, ``normal``, ``hard``, or a number from 0 to 1.
    prevalence : float
        Share of stores that belong to rackets, 0 to 0.5.
    days : int
        Days of trade observed.

    Returns
    -------
    Path
        The folder.

    Raises
    ------
    BadInput
        If an option is out of range or the folder cannot be written.

    Examples
    --------
    >>> sorted(path.stem for path in folder.glob("*.csv"))[:3]
    ['authorisations', 'known_services', 'listings']
    """
    options = SimulationOptions(sellers, seed, difficulty, prevalence, days)
    return write_market(Path(folder), options).directory


def read_market(*paths: Place, account_key: bytes | None = None) -> Market:
    """Read tables as ``graphsvc ingest`` does, up to what detection needs; no server takes part.

    Parameters
    ----------
    *paths : path
        Folders of tables, or single tables.
    account_key : bytes, optional
        Key of the hashes of payment accounts. Leave it out for analysis; with the key of a store the accounts
        are called as they are there.

    Returns
    -------
    Market
        Frames, one row a fact: ``sellers``, ``links`` (who uses which identifier, when, who says so),
        ``identifiers``, ``similar``, ``offers``, ``test_buys``, ``notices``, ``authorisations``, ``outcomes``,
        ``judgements``.

    Raises
    ------
    BadInput
        If a table cannot be read: figures on half a market would mislead. Single bad rows are left out, as in
        ``graphsvc ingest``.

    Examples
    --------
    >>> market.sellers.height
    300
    >>> market.links.columns[:4]
    ['seller', 'identifier', 'label', 'type']
    """
    with TemporaryDirectory(prefix="graphsvc-read-") as work:
        return simulated.read_market([Path(path) for path in paths], Path(work), account_key or ACCOUNT_KEY)


@dataclass(frozen=True)
class _Time:
    """Which column says since when a row is known, and which later ones tell what was not known before they say."""

    since: str
    until: str = ""
    later: str = ""
    hidden: Mapping[str, str | None] | None = None


_TIMES: Mapping[str, _Time] = {
    "sellers": _Time("opened_on", later="closed_on", hidden={"closed_on": None, "status": "active"}),
    "seller_addresses": _Time("first_seen", "last_seen"),
    "payment_accounts": _Time("first_seen", "last_seen"),
    "seller_warehouses": _Time("first_seen", "last_seen"),
    "listings": _Time("listed_on"),
    "test_buys": _Time(
        "bought_on", later="examined_on", hidden={"examined_on": None, "examiner": None, "verdict": "pending"}
    ),
    "notices": _Time("filed_on"),
    "operations": _Time("started_on", later="ended_on", hidden={"ended_on": None}),
    "outcomes": _Time("on"),
    "authorisations": _Time("valid_from"),
}


def tables_as_of(source: Place, target: Place, day: date | str) -> Path:
    """Write the tables of a folder as they would have looked on an earlier day, to replay history.

    Rows that begin later are left out, ends and verdicts that came later are not yet known, and stores that had not
    opened take their rows with them. Rows without a date are kept. What a table states without dates (units sold,
    the outcome of a notice, sums of transactions) cannot be turned back and stays as it is.

    Parameters
    ----------
    source : path
        Folder of tables, in any format that ingest reads.
    target : path
        Folder to write to (CSV); made if need be.
    day : date or str
        The last day that is known, such as ``2016-06-30``.

    Returns
    -------
    Path
        ``target``.

    Raises
    ------
    BadInput
        If there is no table, a table cannot be read, or ``day`` is not a date.

    Examples
    --------
    >>> june = graphsvc.read_market(graphsvc.tables_as_of(folder, "june", "2016-06-30"))
    >>> 0 < june.sellers.height < market.sellers.height
    True
    """
    known, target = _day(day), Path(target)
    target.mkdir(parents=True, exist_ok=True)
    sources = find([Path(source)])
    if sources.problems:
        raise sources.problems[0]
    there: pl.DataFrame | None = None
    for file in sources.files:
        batches = [batch.frame.drop(LINE) for batch in read(file)]
        frame = _as_of(pl.concat(batches, how="diagonal"), _TIMES.get(file.table), known)
        if file.table == "sellers":
            there = frame
        elif there is not None:
            frame = _of(frame, there)
        frame.write_csv(target / f"{file.table}.csv")
    return target


def _day(day: date | str) -> date:
    try:
        return day if isinstance(day, date) else date.fromisoformat(day)
    except ValueError as error:
        raise BadInput(f"{day!r} is not a day.", "Write it like 2016-06-30.") from error


def _date(column: str) -> pl.Expr:
    return pl.col(column).str.slice(0, 10).str.to_date("%Y-%m-%d", strict=False)


def _as_of(frame: pl.DataFrame, time: _Time | None, day: date) -> pl.DataFrame:
    if time is None:
        return frame
    if time.since in frame.columns:
        frame = frame.filter(~(_date(time.since) > day).fill_null(False))
    if time.until in frame.columns:
        last = pl.when(_date(time.until) > day).then(pl.lit(day.isoformat())).otherwise(pl.col(time.until))
        frame = frame.with_columns(last.alias(time.until))
    if time.later in frame.columns and time.hidden:
        came_later = (_date(time.later) > day).fill_null(False)
        frame = frame.with_columns(
            pl.when(came_later).then(pl.lit(value, pl.String)).otherwise(pl.col(name)).alias(name)
            for name, value in time.hidden.items()
            if name in frame.columns
        )
    return frame


def _of(frame: pl.DataFrame, sellers: pl.DataFrame) -> pl.DataFrame:
    """Leave out rows of stores that are not there; rows that name no store stay."""
    keys = [k for k in ("seller_id", "marketplace") if k in frame.columns and k in sellers.columns]
    if "seller_id" not in keys:
        return frame
    nobody = pl.col("seller_id").fill_null("") == ""
    marked = frame.with_columns(pl.col("marketplace").fill_null("")) if "marketplace" in keys else frame
    here = sellers.select(pl.col(k).fill_null("") for k in keys).with_columns(here=pl.lit(True))
    kept = marked.join(here, on=keys, how="left", maintain_order="left")["here"].fill_null(False)
    return frame.filter(nobody | kept)
