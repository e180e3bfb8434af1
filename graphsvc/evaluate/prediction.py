"""What is compared: a prediction (who is grouped with whom, and how ranked) and the truth."""

from __future__ import annotations

from dataclasses import dataclass

import polars as pl

from graphsvc.model.errors import BadInput

MEMBERS = pl.Schema({"racket_id": pl.String, "seller": pl.String, "member_confidence": pl.Float64})
RACKETS = pl.Schema(
    {"racket_id": pl.String, "score": pl.Float64, "confidence": pl.Float64, "status": pl.String}
)
TRUTH = pl.Schema({"seller": pl.String, "racket_id": pl.String, "group_id": pl.String, "kind": pl.String})
HUBS = pl.Schema({"seller": pl.String, "hub_kind": pl.String})


@dataclass(frozen=True)
class Prediction:
    """Groups somebody proposes.

    ``members`` (racket_id, seller, member_confidence): a store is in at most one group; stores in none are
    absent. ``rackets`` (racket_id, score, confidence, status): one row a group; a higher score ranks earlier.

    Raises
    ------
    BadInput
        If a store is in two groups, a group is ranked twice, or a group with members is not ranked.
    """

    members: pl.DataFrame
    rackets: pl.DataFrame

    def __post_init__(self) -> None:
        object.__setattr__(self, "members", _shaped(self.members, MEMBERS, "members"))
        object.__setattr__(self, "rackets", _shaped(self.rackets, RACKETS, "rackets"))
        for frame, key, where in (
            (self.members, "seller", "members"),
            (self.rackets, "racket_id", "rackets"),
        ):
            twice = frame.filter(pl.col(key).is_duplicated())[key]
            if len(twice):
                raise BadInput(
                    f"Prediction: {key} {twice[0]!r} is there twice in {where}.", "Give each one row."
                )
        unscored = self.rackets.filter(~pl.col("score").is_finite().fill_null(False))["racket_id"]
        if len(unscored):
            raise BadInput(f"Prediction: the score of group {unscored[0]!r} is not a number.", "Give it one.")
        unranked = self.members.join(self.rackets, on="racket_id", how="anti")["racket_id"]
        if len(unranked):
            raise BadInput(
                f"Prediction: group {unranked[0]!r} has members but no score.", "Add it to the rackets."
            )


@dataclass(frozen=True)
class Truth:
    """What is so.

    ``sellers`` (seller, racket_id, group_id, kind): every store of the market; ``racket_id`` is null for
    innocents; ``group_id`` names the one operation behind several stores, honest or not, null for a store on
    its own; ``kind`` says what that is (``racket``, ``family``, ``chain``, …), null if nothing is known.
    ``hubs`` (seller, hub_kind): which kinds of public hub a store uses, one row each.
    """

    sellers: pl.DataFrame
    hubs: pl.DataFrame

    def __post_init__(self) -> None:
        object.__setattr__(self, "sellers", _shaped(self.sellers, TRUTH, "truth"))
        object.__setattr__(self, "hubs", _shaped(self.hubs, HUBS, "hubs").unique().sort("seller", "hub_kind"))
        twice = self.sellers.filter(pl.col("seller").is_duplicated())["seller"]
        if len(twice):
            raise BadInput(f"Truth: store {twice[0]!r} is there twice.", "Give each store one row.")


def from_groups(members: pl.DataFrame, scores: pl.DataFrame | None = None) -> Prediction:
    """Build a prediction from plain groups.

    Parameters
    ----------
    members : pl.DataFrame
        Columns racket_id, seller; groups of one store are dropped; every member gets confidence 1.
    scores : pl.DataFrame, optional
        Columns racket_id, score; without it a group's score is its number of stores.
    """
    grouped = (
        members.select("racket_id", "seller")
        .filter(pl.len().over("racket_id") > 1)
        .sort("racket_id", "seller")
    )
    sizes = grouped.group_by("racket_id").agg(pl.len().cast(pl.Float64).alias("size")).sort("racket_id")
    ranked = (
        sizes.with_columns(pl.col("size").alias("score"))
        if scores is None
        else sizes.join(scores.select("racket_id", "score"), on="racket_id", maintain_order="left")
    )
    return Prediction(
        grouped.with_columns(pl.lit(1.0).alias("member_confidence")),
        ranked.with_columns(pl.lit(None, pl.Float64).alias("confidence"), pl.lit("suspect").alias("status")),
    )


def from_export(rows: pl.DataFrame) -> Prediction:
    """Read what ``graphsvc rackets --members --format csv`` writes, one row a store.

    Columns racket_id, rank, score, confidence, seller_id (or seller), member_confidence; status if it is
    there.
    """
    seller = "seller" if "seller" in rows.columns else "seller_id"
    missing = {"racket_id", "score", "confidence", seller, "member_confidence"} - set(rows.columns)
    if missing:
        raise BadInput(
            f"Members file: column {min(missing)!r} is missing.",
            "Export it with `graphsvc rackets --members --format csv`.",
        )
    frame = rows.with_columns(
        pl.col("racket_id").cast(pl.String), pl.col(seller).cast(pl.String).alias("seller")
    )
    if "status" not in frame.columns:
        frame = frame.with_columns(pl.lit(None, pl.String).alias("status"))
    rackets = frame.select(list(RACKETS)).unique("racket_id", keep="first", maintain_order=True)
    return Prediction(frame.select(list(MEMBERS)), rackets)


def _shaped(frame: pl.DataFrame, schema: pl.Schema, what: str) -> pl.DataFrame:
    missing = [name for name in schema if name not in frame.columns]
    if missing:
        raise BadInput(
            f"Evaluation: column {missing[0]!r} is missing in {what}.", f"Needed: {', '.join(schema)}."
        )
    return frame.select(pl.col(name).cast(kind) for name, kind in schema.items())
