"""Raw values to identifier nodes: each distinct value is read once a batch, by ``ingest.normalise``."""

from __future__ import annotations

from typing import Any

import polars as pl

from graphsvc.model.graph import Label
from ingest.frames import Parts
from ingest.normalise import account, bulk, email, licence, name, phone

NO_ACCOUNT = (
    "is no account number but a placeholder or a masked one: give the whole number or leave the row out"
)
NO_PHONE = "is no telephone number that one subscriber has: give the whole number or leave the row out"
"""Why a row is refused whose identifier is required and says nothing."""


def _read(values: pl.DataFrame, read: bulk.Work, *given: Any) -> pl.DataFrame:
    """Return ``values`` joined with what ``read`` makes of the distinct rows."""
    distinct = values.unique().drop_nulls(values.columns[-1])
    return values.join(
        pl.concat([distinct, bulk.run(read, distinct, *given)], how="horizontal"),
        on=values.columns,
        how="left",
        nulls_equal=True,
        maintain_order="left",
    )


def phones(values: pl.Series) -> pl.DataFrame:
    """Read telephone numbers: columns ``id`` and ``valid``, lists, for a field may hold several (explode both).

    What cannot be one subscriber's number (a short code, a placeholder) has no id: strangers share it.
    """

    return _read(values.alias("raw").to_frame(), _phones)


def emails(values: pl.Series) -> pl.DataFrame:
    """Read e-mail addresses: column ``id``."""
    return _read(values.alias("raw").to_frame(), _emails)


def licences(values: pl.Series) -> pl.DataFrame:
    """Read business licence numbers: column ``id``."""
    return _read(values.alias("raw").to_frame(), _licences)


def people(parts: Parts, values: pl.Series) -> pl.DataFrame:
    """Read names of persons and firms: columns ``id`` (key) and ``name`` (canonical); add the candidates."""

    read = _read(values.alias("raw").to_frame(), _people)
    found = read.drop_nulls("id").unique().select("id", canonical="name", key="id", kind="kind")
    parts.candidates.append((Label.PERSON, found))
    return read.drop("raw", "kind")


def accounts(kinds: pl.Series, numbers: pl.Series, key: bytes) -> pl.DataFrame:
    """Read payment accounts: columns ``id`` (keyed hash), ``name`` (masked), ``kind`` and ``valid``.

    A null kind means unknown. The number itself is not in the result.
    """

    values = pl.DataFrame([kinds.alias("given"), numbers.alias("raw")])
    return _read(values, _accounts, key.hex()).drop("given", "raw")


def brands(values: pl.Expr) -> tuple[pl.Expr, pl.Expr]:
    """Return id and name of brands: NFKC, single spaces; the id without case."""
    shown = values.str.normalize("NFKC").str.strip_chars().str.replace_all(r"\s+", " ")
    return shown.str.to_lowercase(), shown


def beside(rows: pl.DataFrame, read: pl.DataFrame, prefix: str) -> pl.DataFrame:
    """Put what was read beside the rows it was read from, as columns ``<prefix>_<column>``."""
    renamed = read.rename({column: f"{prefix}_{column}" for column in read.columns})
    return pl.concat([rows, renamed], how="horizontal")


def brand_nodes(parts: Parts, rows: pl.DataFrame, source: pl.Expr) -> pl.DataFrame:
    """Add the Brand nodes of column ``brand`` and return the rows with ``brand_id``."""
    key, shown = brands(pl.col("brand"))
    rows = rows.with_columns(brand_id=key, brand_name=shown)
    parts.node(Label.BRAND, rows, id=pl.col("brand_id"), name=pl.col("brand_name"), source=source)
    return rows


def _phones(values: pl.DataFrame) -> pl.DataFrame:
    read = ([one for one in phone.several(text) if one.possible] for text in values["raw"])
    rows = [
        ([one.canonical for one in found], [one.valid for one in found]) if found else None for found in read
    ]
    return bulk.columns(rows, {"id": pl.List(pl.String), "valid": pl.List(pl.Boolean)})


def _emails(values: pl.DataFrame) -> pl.DataFrame:
    rows = [(email.parse(text).canonical or None,) for text in values["raw"]]
    return bulk.columns(rows, {"id": pl.String})


def _licences(values: pl.DataFrame) -> pl.DataFrame:
    rows = [(licence.parse(text).canonical or None,) for text in values["raw"]]
    return bulk.columns(rows, {"id": pl.String})


def _people(values: pl.DataFrame) -> pl.DataFrame:
    read = map(name.parse.__wrapped__, values["raw"])
    rows = [(one.key, one.canonical, one.kind) if one.key else None for one in read]
    return bulk.columns(rows, {"id": pl.String, "name": pl.String, "kind": pl.String})


def _accounts(values: pl.DataFrame, key: str) -> pl.DataFrame:
    secret = bytes.fromhex(key)
    read = (account.parse(kind or "", number) for kind, number in values.iter_rows())
    rows = [
        (account.keyed(one.canonical, secret), one.masked, one.kind, one.valid) if one.canonical else None
        for one in read
    ]
    return bulk.columns(rows, {"id": pl.String, "name": pl.String, "kind": pl.String, "valid": pl.Boolean})
