"""How good groups are: against a simulated market's truth, or against groups that people have reviewed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

import polars as pl

from graphsvc.client.tables import Place
from graphsvc.evaluate import baselines, calibration, metrics, ours, partition, ranking, truth, wallets
from graphsvc.evaluate.prediction import Prediction, Truth, from_groups
from graphsvc.evaluate.simulated import ACCOUNT_KEY
from graphsvc.model.errors import BadInput
from graphsvc.model.market import Market
from graphsvc.rackets.findings import Findings

Found = Findings | Prediction | pl.DataFrame
"""Groups somebody found: a run's findings, a baseline's prediction, or a frame ``seller, group``."""

BASELINES = tuple(baselines.baselines())
"""Names that :func:`baseline` knows."""

_MEANINGS = {
    "bcubed_precision": "share of a racket store's group that is of its racket (mean)",
    "bcubed_recall": "share of a racket store's racket that is in its group (mean)",
    "bcubed_f1": "harmonic mean of the two",
    "bcubed_all_precision": "the same over all stores, honest groups counting as groups",
    "bcubed_all_recall": "the same over all stores, honest groups counting as groups",
    "bcubed_all_f1": "harmonic mean of the two",
    "pair_precision": "share of proposed pairs with a racket store that are of one racket",
    "pair_recall": "share of pairs of one racket that were proposed",
    "pair_f1": "harmonic mean of the two",
    "ari": "adjusted Rand index over all stores",
    "found": "share of true rackets met with a Jaccard overlap of a half or more",
    "contamination": "innocents among the stores of groups that hold two or more racket stores",
    "rackets": "groups found",
    "store_ap": "average precision of the stores by score times member confidence",
    "racket_ap": "average precision of the groups by score",
    "member_ece": "expected calibration error of member confidence",
    "racket_ece": "expected calibration error of racket confidence",
}
_AT = {
    "store_p": "share of racket stores among the first {k} stores",
    "racket_p": "share of true rackets among the first {k} groups",
    "captured": "racket stores captured by the first {k} raids",
    "hit": "innocent stores hit by the first {k} raids",
}
_REVIEWED = {
    "precision": "B-cubed over the labelled stores",
    "recall": "B-cubed over the labelled stores",
    "f1": "harmonic mean of the two",
    "contamination": "active stores among those of flagged groups (two or more labelled stores)",
    "unlabelled": "stores without a label among those of flagged groups",
    "flagged_clusters": "groups that hold two or more labelled stores",
    "flagged_stores": "stores in them",
    "grouped_stores": "stores in any group",
}


@dataclass(frozen=True)
class Quality:
    """How good groups are against the truth.

    Attributes
    ----------
    figures : DataFrame
        ``figure, value, meaning``; a null value is a figure that is not defined here.
    reliability : DataFrame
        Reliability curves: ``of`` (``member`` or ``racket``), ``bin, count, stated`` (mean stated probability),
        ``observed`` (share that came true).
    rackets : DataFrame
        One row a group: ``racketId, score, confidence, size, guilty, innocents`` (stores), ``relevant`` (whether most
        of its stores are of true rackets).
    stores : DataFrame
        One row a store of the market: ``seller, racketId`` (found; null: in no group), ``score`` (racket score times
        member confidence; null: in no group), ``racket_id`` (true), ``kind``, ``guilty``.
    swept : DataFrame
        Innocents in groups with racket stores: ``by`` (``hub_kind``: what they use, ``kind``: what they are),
        ``what``, ``innocents``, ``inside``, ``share``.
    """

    figures: pl.DataFrame
    reliability: pl.DataFrame
    rackets: pl.DataFrame
    stores: pl.DataFrame
    swept: pl.DataFrame

    def __getitem__(self, figure: str) -> float | None:
        """Return one figure by name; KeyError if there is none of it."""
        row = self.figures.filter(pl.col("figure") == figure)
        if row.is_empty():
            raise KeyError(figure)
        value: float | None = row["value"].item()
        return value


@dataclass(frozen=True)
class Reviewed:
    """Groups that people have reviewed, for some of the stores.

    Attributes
    ----------
    groups : DataFrame
        ``seller_id, group``: the labelled stores, called as in a market.
    sellers : DataFrame
        ``seller_id, status``: all stores.
    """

    groups: pl.DataFrame
    sellers: pl.DataFrame


def read_truth(folder: Place, market: Market, account_key: bytes | None = None) -> Truth:
    """Read what is so in a simulated market.

    Parameters
    ----------
    folder : path
        As written by :func:`simulate_market`.
    market : Market
        What was read from it.
    account_key : bytes, optional
        As given to :func:`read_market`.

    Returns
    -------
    Truth
        ``sellers`` (``seller, racket_id, group_id, kind``; one row a store) and ``hubs`` (``seller, hub_kind``).

    Raises
    ------
    BadInput
        If the folder holds no truth, or the truth does not know a store of the market.

    Examples
    --------
    >>> truth = graphsvc.read_truth(folder, market)
    >>> truth.sellers.height == market.sellers.height
    True
    """
    with TemporaryDirectory(prefix="graphsvc-truth-") as work:
        read = truth.read_truth(Path(folder) / "truth", market, Path(work), account_key or ACCOUNT_KEY)
    strangers = market.sellers.join(read.sellers, on="seller", how="anti")["seller"]
    if len(strangers):
        raise BadInput(
            f"{folder}: the truth does not know store {strangers[0]!r}.",
            "Read market and truth of one folder.",
        )
    return read


def measure(found: Found, truth: Truth) -> Quality:
    """Measure groups against the truth: grouping, ranking, calibration, innocents swept in.

    Parameters
    ----------
    found : Findings, Prediction or DataFrame
        What :func:`detect`, :func:`baseline` or :func:`group_stores` found; a frame has ``seller, group``, and its
        groups rank by size.
    truth : Truth
        See :func:`read_truth`.

    Returns
    -------
    Quality
        Figures by name, and the frames behind them.

    Raises
    ------
    BadInput
        If a column is missing, or a store is in two groups.

    Notes
    -----
    B-cubed after Bagga and Baldwin (1998), adjusted Rand index after Hubert and Arabie (1985), expected
    calibration error after Naeini et al. (2015) over ten equal bins.

    Examples
    --------
    >>> quality = graphsvc.measure(findings, truth)
    >>> 0 <= quality["bcubed_f1"] <= 1
    True
    >>> quality.figures.columns
    ['figure', 'value', 'meaning']
    """
    prediction = _prediction(found)
    values = metrics.figures(prediction, truth)
    curves = [
        calibration.reliability(*stated(prediction, truth)).select(pl.lit(of).alias("of"), pl.all())
        for of, stated in (("member", calibration.membership), ("racket", calibration.rackets))
    ]
    return Quality(
        _figures(values, {name: _meaning(name) for name in values}),
        pl.concat(curves),
        _rackets(prediction, truth),
        _stores(prediction, truth),
        pl.concat(
            table.select(pl.lit(by).alias("by"), pl.col(by).alias("what"), "innocents", "inside", "share")
            for by, table in metrics.contamination_tables(prediction, truth).items()
        ),
    )


def baseline(market: Market, name: str = "components-50") -> Prediction:
    """Group stores in one of the usual ways, to be beaten.

    Parameters
    ----------
    market : Market
        See :func:`read_market`.
    name : str
        One of ``graphsvc.BASELINES``, such as ``components-50``: stores that share an identifier of at most 50
        stores.

    Returns
    -------
    Prediction
        ``members`` (``racket_id, seller, member_confidence``) and ``rackets`` (``racket_id, score, …``), for
        :func:`measure`.

    Raises
    ------
    BadInput
        If there is none of this name.

    Examples
    --------
    >>> usual = graphsvc.measure(graphsvc.baseline(market, "components"), truth)
    >>> quality["bcubed_precision"] > usual["bcubed_precision"]
    True
    """
    known = baselines.baselines()
    if name not in known:
        raise BadInput(f"There is no baseline {name!r}.", f"Choose of: {', '.join(known)}.")
    return known[name](market)


def read_reviewed(folder: Place) -> Reviewed:
    """Read groups that people have reviewed: ``groups.csv`` (``seller_id, group``) beside the table ``sellers``.

    Raises
    ------
    BadInput
        If one of the two is missing.

    Examples
    --------
    >>> import polars as pl
    >>> members = pl.read_csv(folder / "truth" / "members.csv").filter(pl.col("racket_id").is_not_null())
    >>> members.select("seller_id", group="racket_id").write_csv(folder / "groups.csv")
    >>> reviewed = graphsvc.read_reviewed(folder)
    >>> reviewed.groups.columns
    ['seller_id', 'group']
    """
    groups, sellers = wallets.labels(Path(folder))
    return Reviewed(groups, sellers)


def measure_reviewed(found: Found, reviewed: Reviewed) -> pl.DataFrame:
    """Measure groups where only some stores have a label and nobody is known to be innocent.

    Parameters
    ----------
    found : Findings, Prediction or DataFrame
        As for :func:`measure`.
    reviewed : Reviewed
        See :func:`read_reviewed`.

    Returns
    -------
    DataFrame
        ``figure, value, meaning``: B-cubed over the labelled stores, contamination of flagged groups, counts.

    Examples
    --------
    >>> graphsvc.measure_reviewed(findings, reviewed).row(0)[0]
    'precision'
    """
    measured = asdict(wallets.measure(_prediction(found), reviewed.groups, reviewed.sellers))
    agreement = partition.Agreement(**measured.pop("agreement"))
    values = {"precision": agreement.precision, "recall": agreement.recall, "f1": agreement.f1, **measured}
    return _figures(values, _REVIEWED)


def _prediction(found: Found) -> Prediction:
    if isinstance(found, Prediction):
        return found
    if isinstance(found, Findings):
        return ours.from_findings(found)
    if missing := sorted({"seller", "group"} - set(found.columns)):
        raise BadInput(
            f"Groups: column {missing[0]!r} is missing.", "Give a frame with `seller` and `group`."
        )
    return from_groups(found.select(pl.col("group").cast(pl.String).alias("racket_id"), "seller"))


def _figures(values: Mapping[str, float | None], meanings: Mapping[str, str]) -> pl.DataFrame:
    return pl.DataFrame(
        [(name, value, meanings[name]) for name, value in values.items()],
        schema={"figure": pl.String, "value": pl.Float64, "meaning": pl.String},
        orient="row",
    )


def _meaning(figure: str) -> str:
    kind, at, k = figure.partition("@")
    return _AT[kind].format(k=k) if at else _MEANINGS[figure]


def _rackets(prediction: Prediction, truth: Truth) -> pl.DataFrame:
    return (
        ranking.racket_table(prediction, truth)
        .rename({"racket_id": "racketId"})
        .select("racketId", "score", "confidence", "size", "guilty", "innocents", "relevant")
        .sort("score", "racketId", descending=[True, False])
    )


def _stores(prediction: Prediction, truth: Truth) -> pl.DataFrame:
    scored = prediction.members.join(prediction.rackets, on="racket_id").select(
        "seller",
        pl.col("racket_id").alias("racketId"),
        (pl.col("score") * pl.col("member_confidence")).alias("score"),
    )
    return (
        truth.sellers.select("seller", "racket_id", "kind")
        .join(scored, on="seller", how="left")
        .select(
            "seller",
            "racketId",
            "score",
            "racket_id",
            "kind",
            pl.col("racket_id").is_not_null().alias("guilty"),
        )
        .sort("seller")
    )
