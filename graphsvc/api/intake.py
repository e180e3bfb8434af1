"""Records that arrive over HTTP go the way of every table: staged, validated and loaded by ``ingest``."""

from __future__ import annotations

import tempfile
from collections.abc import Mapping
from pathlib import Path
from threading import Lock
from typing import Any

import orjson
import polars as pl

from graphsvc.casework import sight
from graphsvc.casework.access import Scope
from graphsvc.model.errors import BadInput
from graphsvc.store.driver import Store
from ingest.declared import KNOWN
from ingest.load import load
from ingest.stage import stage

_ONE_AT_A_TIME = Lock()


def seller_columns(store: Store, seller: str, scope: Scope) -> dict[str, Any]:
    """Return the columns that name a store in a table; NotFound if it is not in the scope."""
    row = store.read("read/seller", seller=sight.resolve(store, seller, scope=scope))[0]
    return {"id": row["id"], "sellerId": row["seller_id"], "marketplace": row["marketplace"]}


def take(
    store: Store,
    table: str,
    row: Mapping[str, Any],
    account_key: bytes,
    seller: Mapping[str, Any] | None = None,
) -> None:
    """Load one row of a table.

    Parameters
    ----------
    table : str
        A table of the input contract.
    row : mapping
        Its columns but those of the seller.
    account_key : bytes
        Key of the hashes of payment accounts.
    seller : mapping, optional
        What :func:`seller_columns` returned, for tables about a store.

    Raises
    ------
    BadInput
        If the row breaks a rule of the table.
    """
    written = {name: value for name, value in row.items() if value is not None}
    if seller is not None:
        written |= {"seller_id": seller["sellerId"], "marketplace": seller["marketplace"]}
    known = pl.DataFrame([dict(seller)] if seller else [], schema=KNOWN)
    with tempfile.TemporaryDirectory(prefix="graphsvc-") as folder, _ONE_AT_A_TIME:
        source = Path(folder) / "in" / f"{table}.ndjson"
        source.parent.mkdir()
        source.write_bytes(
            orjson.dumps({name: value for name, value in written.items() if value is not None}) + b"\n"
        )
        staged = stage([source], Path(folder) / "work", account_key, known_sellers=lambda ids: known)
        _accepted(staged.problems, staged.counts[table].rejected, staged.rejects)
        load(staged, store, paths=[Path(f"http/{table}")])


def _accepted(problems: list[BadInput], rejected: int, rejects: Path) -> None:
    if problems:
        raise problems[0]
    if rejected:
        first = pl.read_csv(rejects, infer_schema=False).row(0, named=True)
        raise BadInput(f"{first['column'] or 'The record'}: {first['reason']}", "Correct the record.")
