"""Raw values to identifier nodes: each distinct value is read once a batch, by ``ingest.normalise``."""

from __future__ import annotations

from typing import Any

import polars as pl

from graphsvc.model.graph import Label
from ingest.frames import Parts
from ingest.normalise import account, bulk, email, licence, name, phone

Row = tuple[object, ...]


def _read(
    values: pl.DataFrame, schema: dict[str, type[pl.DataType]], read: bulk.Work, *given: Any
) -> pl.DataFrame:
    """Return ``values`` joined with what ``read`` makes of the distinct rows; None leaves the columns null."""
    distinct = values.unique().drop_nulls(values.columns[-1])
    empty: Row = (None,) * len(schema)
    rows = [row or empty for row in bulk.run(read, distinct.rows(), *given)]
    parsed = pl.DataFrame(rows, schema=schema, orient="row")
    return values.join(
        pl.concat([distinct, parsed], how="horizontal"),
        on=values.columns,
        how="left",
        nulls_equal=True,
        maintain_order="left",
    )


def phones(values: pl.Series) -> pl.DataFrame:
    """Read telephone numbers: columns ``id`` and ``valid``."""

    return _read(values.alias("raw").to_frame(), {"id": pl.String, "valid": pl.Boolean}, _phones)


def emails(values: pl.Series) -> pl.DataFrame:
    """Read e-mail addresses: column ``id``."""
    return _read(values.alias("raw").to_frame(), {"id": pl.String}, _emails)


def licences(values: pl.Series) -> pl.DataFrame:
    """Read business licence numbers: column ``id``."""
    return _read(values.alias("raw").to_frame(), {"id": pl.String}, _licences)


def people(parts: Parts, values: pl.Series) -> pl.DataFrame:
    """Read names of persons and firms: columns ``id`` (key) and ``name`` (canonical); add the candidates."""

    schema: dict[str, type[pl.DataType]] = {"id": pl.String, "name": pl.String, "kind": pl.String}
    read = _read(values.alias("raw").to_frame(), schema, _people)
    found = read.drop_nulls("id").unique().select("id", canonical="name", key="id", kind="kind")
    parts.candidates.append((Label.PERSON, found))
    return read.drop("raw", "kind")


def accounts(kinds: pl.Series, numbers: pl.Series, key: bytes) -> pl.DataFrame:
    """Read payment accounts: columns ``id`` (keyed hash), ``name`` (masked), ``kind`` and ``valid``.

    A null kind means unknown. The number itself is not in the result.
    """

    values = pl.DataFrame([kinds.alias("given"), numbers.alias("raw")])
    schema = {"id": pl.String, "name": pl.String, "kind": pl.String, "valid": pl.Boolean}
    return _read(values, schema, _accounts, key.hex()).drop("given", "raw")


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


def _phones(values: list[tuple[str]]) -> list[Row | None]:
    read = (phone.parse(text) for (text,) in values)
    return [(one.canonical, one.valid) if one.canonical else None for one in read]


def _emails(values: list[tuple[str]]) -> list[Row | None]:
    return [(email.parse(text).canonical or None,) for (text,) in values]


def _licences(values: list[tuple[str]]) -> list[Row | None]:
    return [(licence.parse(text).canonical or None,) for (text,) in values]


def _people(values: list[tuple[str]]) -> list[Row | None]:
    read = (name.parse.__wrapped__(text) for (text,) in values)
    return [(one.key, one.canonical, one.kind) if one.key else None for one in read]


def _accounts(values: list[tuple[str | None, str]], key: str) -> list[Row | None]:
    secret = bytes.fromhex(key)
    read = (account.parse(kind or "", number) for kind, number in values)
    return [
        (account.keyed(one.canonical, secret), one.masked, one.kind, one.valid) if one.canonical else None
        for one in read
    ]
