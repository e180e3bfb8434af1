"""One detection run: evidence, groups, ranking. Pure: a market in, findings out."""

from __future__ import annotations

from dataclasses import asdict, dataclass, field, replace
from hashlib import blake2b
from importlib.metadata import version

import numpy as np
import orjson
import polars as pl
from scipy.special import expit

import graphsvc
from graphsvc.links.evidence import Evidence, EvidenceOptions
from graphsvc.links.incidence import DIGITS, HOLDER
from graphsvc.model.graph import Label
from graphsvc.model.market import Market
from graphsvc.model.progress import SILENT, Progress
from graphsvc.rackets.conduct import conduct_log_odds, traits
from graphsvc.rackets.constraints import Constraints, contradicted
from graphsvc.rackets.engines import Engine, Native
from graphsvc.rackets.findings import (
    ASSESSED,
    CONTRADICTIONS,
    HARMLESS,
    MEMBERS,
    RACKETS,
    RELIES_ON,
    SUSPECT,
    Findings,
)
from graphsvc.rackets.partition import PartitionOptions, partition
from graphsvc.rackets.structure import Structure, describe
from graphsvc.rackets.suspicion import SuspicionWeights, group_log_odds, store_log_odds

_LISTED = 10
_LEARNT = 3
"""How often conduct is learnt, each time from the groups that it has made suspect; more changes little."""


@dataclass(frozen=True)
class DetectOptions:
    """Everything that changes a run's result; stored with the run."""

    seed: int = 1
    evidence: EvidenceOptions = field(default_factory=EvidenceOptions)
    partition: PartitionOptions = field(default_factory=PartitionOptions)
    weights: SuspicionWeights = field(default_factory=SuspicionWeights)


def detect(
    market: Market,
    options: DetectOptions | None = None,
    engine: Engine | None = None,
    progress: Progress = SILENT,
) -> Findings:
    """Find and rank groups of linked stores.

    Parameters
    ----------
    market : Market
        What is known; row order does not matter.
    options : DetectOptions
        Seed and parameters.
    engine : Engine
        Partition engine; default native CPM.

    Returns
    -------
    Findings
        All groups of two or more stores, suspects first, with run-local ids; see
        :func:`graphsvc.rackets.identity.with_identity` for lasting ones.
    """
    options, engine = options or DetectOptions(), engine or Native()
    market = replace(
        market, sellers=_once(market.sellers, "seller"), identifiers=_once(market.identifiers, "identifier")
    )
    with progress.step("Weighing evidence, grouping, ranking", 4) as advance:
        grouping = partition(market, engine, options.seed, options.partition, options.evidence)
        advance(2)
        evidence = grouping.evidence
        structure = describe(evidence, grouping.labels, grouping.said.same)
        advance(1)
        rackets, members = _ranked(market, evidence, structure, options.weights)
        advance(1)
    return Findings(
        rackets=rackets,
        members=members,
        assessed=_assessed(evidence),
        relies_on=_relies_on(evidence, structure),
        contradictions=_contradictions(evidence, grouping.said),
        parameters={"engine": engine.name, "seed": options.seed, **asdict(options)},
        versions=_versions(),
        figures=_figures(market, evidence, rackets, members),
        digest=digest(market),
    )


def _once(frame: pl.DataFrame, key: str) -> pl.DataFrame:
    """Keep one row a key, the same one whatever order the rows came in."""
    if frame[key].is_unique().all():
        return frame
    return frame.sort(frame.columns, nulls_last=True).unique(key, keep="first", maintain_order=True)


def _ranked(
    market: Market, evidence: Evidence, structure: Structure, weights: SuspicionWeights
) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Score groups by what a raid would capture: P(member) x P(counterfeit) x sales."""
    sellers = evidence.incidence.sellers.select("s", "seller", "sales30d")
    own = store_log_odds(market, weights)
    stores = structure.members.join(sellers, on="s").join(own, on="seller")
    stores, odds = _with_conduct(market, stores, structure.kinds, weights)
    believed = stores.join(odds.rename({"odds": "group_odds"}), on="group").with_columns(
        pl.col("group_odds")
        .map_batches(lambda x: pl.Series(expit(x.to_numpy())), return_dtype=pl.Float64)
        .alias("group_p")
    )
    member_p = _sigmoid(pl.col("group_odds").clip(-4, 4) + 0.5 * pl.col("odds"))
    believed = believed.with_columns(member_p.alias("counterfeit"))
    groups = believed.group_by("group").agg(
        pl.col("group_p").first().alias("confidence"),
        pl.len().cast(pl.Int64).alias("size"),
        pl.col("sales30d").count().alias("known_sales"),
        (pl.col("confidence") * pl.col("counterfeit") * pl.col("sales30d").fill_null(0))
        .sum()
        .round(DIGITS)
        .alias("estimatedValue"),
        (pl.col("confidence") * pl.col("counterfeit")).sum().round(DIGITS).alias("stores_captured"),
        pl.col("odds").mean().round(DIGITS).alias("mean_odds"),
        pl.col("confidence").mean().round(DIGITS).alias("mean_member"),
        pl.col("seller").min().alias("first_seller"),
    )
    groups = (
        _scored(groups)
        .join(_places(evidence, structure), on="group", how="left")
        .join(_brands(market, believed.select("group", "seller")), on="group", how="left")
        .join(structure.kinds, on="group", how="left")
    )
    ranked = groups.sort(["suspect", "score", "first_seller"], descending=[True, True, False]).with_row_index(
        "rank", offset=1
    )
    ranked = ranked.with_columns(pl.format("g{}", pl.col("group")).alias("racketId"))
    rackets = ranked.select(
        "racketId",
        pl.col("rank").cast(pl.Int64),
        "score",
        "confidence",
        "size",
        pl.when("suspect").then(pl.lit(SUSPECT)).otherwise(pl.lit(HARMLESS)).alias("status"),
        pl.col("jurisdictions").fill_null([]),
        pl.col("brands").fill_null([]),
        pl.when(pl.col("known_sales") > 0).then("estimatedValue").alias("estimatedValue"),
        _why(ranked),
    )
    members = believed.join(ranked.select("group", "racketId"), on="group").select(
        "racketId", "seller", "confidence", "role", "counterfeit", "stability", "apart"
    )
    return rackets.match_to_schema(RACKETS), members.sort("racketId", "seller").match_to_schema(MEMBERS)


def _with_conduct(
    market: Market, stores: pl.DataFrame, kinds: pl.DataFrame, weights: SuspicionWeights
) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Add to the ``odds`` of stores what their conduct says, learnt from the groups believed suspect so far.

    Returns
    -------
    stores : DataFrame
    groups : DataFrame
        ``group, odds`` of them.
    """
    known, told = traits(market), stores
    for _ in range(_LEARNT):
        groups = group_log_odds(told.select("group", "odds", "confidence"), kinds, weights)
        suspects = stores.join(groups.rename({"odds": "of_group"}), on="group").select(
            "seller", _sigmoid(pl.col("of_group")).alias("p")
        )
        conduct = conduct_log_odds(known, suspects).rename({"odds": "conduct"})
        told = (
            stores.join(conduct, on="seller").with_columns(pl.col("odds") + pl.col("conduct")).drop("conduct")
        )
    return told, group_log_odds(told.select("group", "odds", "confidence"), kinds, weights)


def _scored(groups: pl.DataFrame) -> pl.DataFrame:
    """Score in [0, 1]: P(counterfeit racket), scaled by the captured stores and value against the market's largest."""

    def scale(column: str) -> pl.Expr:
        logged = (1 + pl.col(column)).log()
        return logged / logged.max().clip(1e-9)

    return groups.with_columns(
        (pl.col("confidence") >= 0.5).alias("suspect"),
        (pl.col("confidence") * (0.6 + 0.2 * scale("stores_captured") + 0.2 * scale("estimatedValue"))).alias(
            "score"
        ),
    )


def _sigmoid(odds: pl.Expr) -> pl.Expr:
    return 1 / (1 + (-odds).exp())


def _places(evidence: Evidence, structure: Structure) -> pl.DataFrame:
    """Adcodes of the places members share, most used first."""
    return (
        structure.ties.join(evidence.identifiers.select("i", "adcode"), on="i")
        .filter(pl.col("adcode").fill_null("") != "")
        .group_by("group", "adcode")
        .agg(pl.col("members").sum())
        .sort(["group", "members", "adcode"], descending=[False, True, False])
        .group_by("group", maintain_order=True)
        .agg(pl.col("adcode").head(_LISTED).alias("jurisdictions"))
    )


def _brands(market: Market, members: pl.DataFrame) -> pl.DataFrame:
    """Brands that members offer, those with most suspicious listings first."""
    return (
        market.offers.join(members, on="seller")
        .group_by("group", "brand")
        .agg(pl.col("suspectListings").sum(), pl.col("listings").sum())
        .sort(["group", "suspectListings", "listings", "brand"], descending=[False, True, True, False])
        .group_by("group", maintain_order=True)
        .agg(pl.col("brand").head(_LISTED).alias("brands"))
    )


def _why(ranked: pl.DataFrame) -> pl.Series:
    """The ranking figures of each group as JSON, for the dossier."""
    columns = ["stores_captured", "mean_odds", "mean_member", "goods", "paper", "known_sales"]
    rounded = ranked.select(pl.col(name).cast(pl.Float64).round(4) for name in columns)
    return pl.Series(
        "why", [orjson.dumps(row).decode() for row in rounded.iter_rows(named=True)], dtype=pl.String
    )


def _assessed(evidence: Evidence) -> pl.DataFrame:
    """What the run made of each node; a person seen as registrant and as holder is shown by the better-known side."""
    return (
        evidence.identifiers.sort("degree", "i", descending=[True, False])
        .unique("node", keep="first", maintain_order=True)
        .select(
            pl.col("node").alias("identifier"),
            pl.col("label").replace(HOLDER, Label.PERSON.value),
            "hubProbability",
            pl.col("degree").cast(pl.Int64).alias("stores"),
            "groups",
            "weight",
        )
        .sort("identifier")
        .match_to_schema(ASSESSED)
    )


def _relies_on(evidence: Evidence, structure: Structure) -> pl.DataFrame:
    return (
        structure.relies_on.join(
            evidence.identifiers.select("i", pl.col("node").alias("identifier"), "label"), on="i"
        )
        .with_columns(
            pl.format("g{}", pl.col("group")).alias("racketId"),
            pl.col("label").replace(HOLDER, Label.PERSON.value),
        )
        .sort("racketId", "identifier", "members", descending=[False, False, True])
        .unique(["racketId", "identifier"], keep="first", maintain_order=True)
        .select(RELIES_ON.names())
        .sort("racketId", "identifier")
    )


def _contradictions(evidence: Evidence, said: Constraints) -> pl.DataFrame:
    names = evidence.incidence.sellers.sort("s")["seller"]
    pairs = contradicted(names.len(), said)
    return pl.DataFrame({"a": names[pairs[:, 0]], "b": names[pairs[:, 1]]}, schema=CONTRADICTIONS).sort(
        "a", "b"
    )


def _figures(
    market: Market, evidence: Evidence, rackets: pl.DataFrame, members: pl.DataFrame
) -> dict[str, int]:
    return {
        "stores": market.sellers.height,
        "links": market.links.height,
        "sharedIdentifiers": evidence.identifiers.height,
        "pairs": evidence.pairs.height,
        "groups": rackets.height,
        "stores_grouped": members.height,
        "suspects": int((rackets["status"] == SUSPECT).sum()),
    }


def _versions() -> dict[str, str]:
    libraries = ("graspologic-native", "networkx", "numpy", "polars", "python-louvain", "scipy")
    return {"graphsvc": graphsvc.__version__, **{name: version(name) for name in libraries}}


def digest(market: Market) -> str:
    """Return a hash of a market's content, whatever order its rows came in."""
    total = np.zeros(1, dtype=np.uint64)
    parts = blake2b(digest_size=16)
    for name, frame in sorted(vars(market).items()):
        rows = frame.select(sorted(frame.columns)).hash_rows(seed=7).to_numpy()
        total[0] = rows.sum(dtype=np.uint64)
        parts.update(f"{name}:{frame.height}:{total[0]}".encode())
    return parts.hexdigest()
