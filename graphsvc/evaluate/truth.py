"""Read what the simulator says is so, in the names that detection uses."""

from __future__ import annotations

from pathlib import Path

import polars as pl

from graphsvc.evaluate.prediction import Truth
from graphsvc.model.errors import BadInput
from graphsvc.model.market import Market
from ingest.stage import stage

UNRELATED = ("agency",)
"""Honest groups that share a helper and are not one operation: finding them as one group would be wrong."""
_WHOLE_COMPOUND = ("office_park",)
"""Hubs of which the truth names one room and means every building: honest neighbours, each in its own."""
_STATED = ("payment_account", "address", "warehouse", "phone")


def read_truth(folder: Path, market: Market, workdir: Path, account_key: bytes) -> Truth:
    """Read ``members.csv`` and ``identifiers.csv`` of a ``truth`` folder.

    Public identifiers are written there as clean text; they are read by the same ingest as the market's, so
    that they meet the market's identifiers, or, for a building or compound, the places in it.

    Parameters
    ----------
    folder : Path
        The ``truth`` folder of a simulated market.
    market : Market
        The market it belongs to.
    workdir : Path
        An empty folder to work in.
    account_key : bytes
        The key the market was staged with.

    Raises
    ------
    BadInput
        If a file is missing.
    """
    members, identifiers = (_read(folder / name) for name in ("members.csv", "identifiers.csv"))
    sellers = members.select(
        pl.concat_str([pl.col("marketplace") + ":", pl.col("seller_id")], ignore_nulls=True).alias("seller"),
        "racket_id",
        pl.when(~pl.col("group_kind").is_in(UNRELATED)).then("group_id").alias("group_id"),
        _kind().alias("kind"),
    )
    return Truth(sellers, _hubs(identifiers, market, workdir, account_key))


def _kind() -> pl.Expr:
    """Say what a store is: racket, its honest group's kind, lone_counterfeiter, or its conduct."""
    return (
        pl.when(pl.col("racket_id").is_not_null())
        .then(pl.lit("racket"))
        .otherwise(
            pl.coalesce(
                "group_kind", pl.when(pl.col("role") == "honest").then("conduct").otherwise(pl.col("role"))
            )
        )
    )


def _hubs(identifiers: pl.DataFrame, market: Market, workdir: Path, account_key: bytes) -> pl.DataFrame:
    services = identifiers.filter(pl.col("label").is_in(_STATED)).select(
        kind="label", value="value", service="hub_kind"
    )
    if services.is_empty():
        return pl.DataFrame(schema={"seller": pl.String, "hub_kind": pl.String})
    tables = workdir / "tables"
    tables.mkdir(parents=True)
    services.write_csv(tables / "known_services.csv")
    hubs = stage([tables], workdir / "staged", account_key, similar=False).market().identifiers
    whole = pl.col("service").is_in(_WHOLE_COMPOUND)
    meant = {
        "identifier": hubs.filter(~whole),
        "buildingKey": hubs.filter(~whole, pl.col("level") == "building"),
        "compoundKey": hubs.filter(whole | (pl.col("level") == "compound")),
    }
    places = market.identifiers.select("identifier", "buildingKey", "compoundKey")
    used = [
        places.join(wanted.select(key, "service").drop_nulls(), on=key).select("identifier", "service")
        for key, wanted in meant.items()
    ]
    return (
        market.links.join(pl.concat(used).unique(), on="identifier")
        .select("seller", pl.col("service").alias("hub_kind"))
        .unique()
    )


def _read(path: Path) -> pl.DataFrame:
    if not path.is_file():
        raise BadInput(f"{path}: no such file.", "Name a folder written by `graphsvc simulate`.")
    return pl.read_csv(path, infer_schema=False)
