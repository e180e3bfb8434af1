"""Raw values to identifier nodes: each distinct value is read once a batch, by ``ingest.normalise``."""

from __future__ import annotations

from collections.abc import Callable

import polars as pl

from graphsvc.model.graph import Label
from ingest.frames import Parts
from ingest.normalise import account, email, licence, name, phone

Row = tuple[object, ...]


def _read(
    values: pl.DataFrame, schema: dict[str, type[pl.DataType]], parse: Callable[..., Row | None]
) -> pl.DataFrame:
    """Return ``values`` joined with what ``parse`` makes of each distinct row; None leaves the columns
    null."""
    distinct = values.unique().drop_nulls(values.columns[-1])
    empty: Row = (None,) * len(schema)
    read = [parse(*row) or empty for row in distinct.iter_rows()]
    parsed = pl.DataFrame(read, schema=schema, orient="row")
    return values.join(
        pl.concat([distinct, parsed], how="horizontal"),
        on=values.columns,
        how="left",
        nulls_equal=True,
        maintain_order="left",
    )


def phones(values: pl.Series) -> pl.DataFrame:
    """Read telephone numbers: columns ``id`` and ``valid``."""

    def parse(text: str) -> Row | None:
        read = phone.parse(text)
        return (read.canonical, read.valid) if read.canonical else None

    return _read(values.alias("raw").to_frame(), {"id": pl.String, "valid": pl.Boolean}, parse)


def emails(values: pl.Series) -> pl.DataFrame:
    """Read e-mail addresses: column ``id``."""
    return _one(values, lambda text: email.parse(text).canonical)


def licences(values: pl.Series) -> pl.DataFrame:
    """Read business licence numbers: column ``id``."""
    return _one(values, lambda text: licence.parse(text).canonical)


def _one(values: pl.Series, canonical: Callable[[str], str]) -> pl.DataFrame:
    return _read(values.alias("raw").to_frame(), {"id": pl.String}, lambda text: (canonical(text) or None,))


def people(parts: Parts, values: pl.Series) -> pl.DataFrame:
    """Read names of persons and firms: columns ``id`` (key) and ``name`` (canonical); add the candidates."""

    def parse(text: str) -> Row | None:
        read = name.parse(text)
        return (read.key, read.canonical, read.kind) if read.key else None

    read = _read(
        values.alias("raw").to_frame(), {"id": pl.String, "name": pl.String, "kind": pl.String}, parse
    )
    found = read.drop_nulls("id").unique().select("id", canonical="name", key="id", kind="kind")
    parts.candidates.append((Label.PERSON, found))
    return read.drop("raw", "kind")


def accounts(kinds: pl.Series, numbers: pl.Series, key: bytes) -> pl.DataFrame:
    """Read payment accounts: columns ``id`` (keyed hash), ``name`` (masked), ``kind`` and ``valid``.

    A null kind means unknown. The number itself is not in the result.
    """

    def parse(kind: str | None, number: str) -> Row | None:
        read = account.parse(kind or "", number)
        return (
            (account.keyed(read.canonical, key), read.masked, read.kind, read.valid)
            if read.canonical
            else None
        )

    values = pl.DataFrame([kinds.alias("given"), numbers.alias("raw")])
    schema = {"id": pl.String, "name": pl.String, "kind": pl.String, "valid": pl.Boolean}
    return _read(values, schema, parse).drop("given", "raw")


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
