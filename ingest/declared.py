"""Which sellers are declared, in this data set or in the store, and which of them a row means."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from itertools import count

import polars as pl

from ingest.formats.batch import LINE
from ingest.rejects import REJECTS, shown
from ingest.sources import Source

SELLER = "seller"
"""Column with the id of the Seller node a row is about."""

KNOWN = pl.Schema({"sellerId": pl.String, "marketplace": pl.String, "id": pl.String})
Lookup = Callable[[pl.Series], pl.DataFrame]
"""Given seller ids as received, the sellers of the store that carry them (schema ``KNOWN``)."""


def key(marketplace: pl.Expr, seller_id: pl.Expr) -> pl.Expr:
    """Return Seller ids for columns, as :func:`graphsvc.model.graph.seller_key` does for one seller."""
    return (
        pl.when(marketplace.is_null())
        .then(seller_id)
        .otherwise(pl.concat_str([marketplace, pl.lit(":"), seller_id]))
    )


@dataclass(frozen=True)
class Resolved:
    """Rows with ``SELLER`` filled, and the rejects."""

    rows: pl.DataFrame
    rejects: pl.DataFrame


class Declared:
    """The sellers a data set declares, and behind them those of the store.

    Memory is the ids of all sellers, each once.
    """

    def __init__(self, lookup: Lookup | None = None) -> None:
        self._parts: list[pl.DataFrame] = []
        self._lookup = lookup
        self._asked = _Index(pl.DataFrame(schema=KNOWN))
        self._answers: set[str] = set()
        self._own: _Index | None = None

    def add(self, sellers: pl.DataFrame) -> None:
        """Declare sellers (schema ``KNOWN``)."""
        self._parts.append(sellers.select(KNOWN.names()).unique())
        self._own = None

    def resolve(self, rows: pl.DataFrame, source: Source) -> Resolved:
        """Find the seller each row means; rows without ``seller_id`` stay, with none.

        A row that names no marketplace means the only seller with its id; where several marketplaces have
        one, or where nobody declared it, it is rejected.
        """
        if self._own is None:
            self._own = _Index(pl.concat(self._parts) if self._parts else pl.DataFrame(schema=KNOWN))
        found = self._own.find(rows)
        missing = rows.filter(found.is_null() & rows["seller_id"].is_not_null())
        ambiguous = self._own.ambiguous
        if self._lookup and missing.height:
            found = found.zip_with(found.is_not_null(), self._in_store(missing, ambiguous).find(rows))
            ambiguous = pl.concat(
                [ambiguous, self._asked.ambiguous.join(ambiguous, on="sellerId", how="anti")]
            )
        rows = rows.with_columns(found.alias(SELLER))
        lost = found.is_null() & rows["seller_id"].is_not_null()
        if not lost.any():
            return Resolved(rows, pl.DataFrame(schema=REJECTS))
        return Resolved(rows.filter(~lost), _rejects(rows.filter(lost), ambiguous, source))

    def _in_store(self, missing: pl.DataFrame, ambiguous: pl.DataFrame) -> _Index:
        assert self._lookup is not None
        unasked = [one for one in missing["seller_id"].unique().sort().to_list() if one not in self._answers]
        if unasked:
            self._answers.update(unasked)
            answer = self._lookup(pl.Series("sellerId", unasked, dtype=pl.String)).select(KNOWN.names())
            # what is ambiguous in the data set stays so, whatever the store holds
            fresh = answer.join(ambiguous, on="sellerId", how="anti")
            self._asked = _Index(pl.concat([self._asked.sellers, fresh]))
        return self._asked


class _Index:
    """Sellers by id and by the id as received."""

    def __init__(self, sellers: pl.DataFrame) -> None:
        self.sellers = sellers.unique(["sellerId", "id"]).sort("id")
        several = self.sellers["sellerId"].is_duplicated()
        single = self.sellers.filter(~several)
        self.ambiguous = (
            self.sellers.filter(several)
            .group_by("sellerId")
            .agg(pl.col("marketplace").fill_null("(none)").sort().str.join(", "))
            .sort("sellerId")
        )
        ids = self.sellers["id"].unique(maintain_order=True)
        self._ids = _Table(ids, ids)
        self._single = _Table(single["sellerId"], single["id"])

    def find(self, rows: pl.DataFrame) -> pl.Series:
        exact = self._ids.find(rows.select(key(pl.col("marketplace"), pl.col("seller_id"))).to_series())
        bare = rows["marketplace"].is_null()
        return self._single.find(rows["seller_id"]).zip_with(bare, exact) if bare.any() else exact


class _Table:
    """A hash table from distinct texts to texts, built once: a join would hash all sellers for each batch."""

    def __init__(self, keys: pl.Series, values: pl.Series) -> None:
        # with a seed by which no two keys have one hash
        self._seed = next(seed for seed in count() if keys.hash(seed).is_unique().all())
        order = keys.hash(self._seed).arg_sort()
        self._keys, self._values = keys.gather(order), values.gather(order)
        self._hashes = self._keys.hash(self._seed)

    def find(self, asked: pl.Series) -> pl.Series:
        """Return the value of each text, null where it is no key."""
        if self._keys.is_empty():
            return pl.Series(SELLER, [None] * asked.len(), dtype=pl.String)
        places = self._hashes.search_sorted(asked.hash(self._seed)).clip(0, self._keys.len() - 1)
        there = self._keys.gather(places) == asked
        return pl.select(pl.when(there).then(self._values.gather(places))).to_series()


def _rejects(rows: pl.DataFrame, ambiguous: pl.DataFrame, source: Source) -> pl.DataFrame:
    several = pl.format("is a seller of several marketplaces ({}): add the column marketplace", "several")
    there = pl.format("is not declared on marketplace {}: add it to the table sellers", "marketplace")
    reason = (
        pl.when(pl.col("marketplace").is_not_null())
        .then(there)
        .when(pl.col("several").is_not_null())
        .then(several)
        .otherwise(pl.lit("is not declared: add it to the table sellers"))
    )
    joined = rows.join(
        ambiguous.rename({"marketplace": "several"}),
        left_on="seller_id",
        right_on="sellerId",
        how="left",
        maintain_order="left",
    )
    return joined.select(
        table=pl.lit(source.table),
        file=pl.lit(str(source.path)),
        line=LINE,
        column=pl.lit("seller_id"),
        value=shown(pl.col("seller_id")),
        reason=reason,
    ).cast(REJECTS)
