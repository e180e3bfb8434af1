"""Evidence between stores: what each shared identifier says, and what a pair of stores shares in all.

The weight of one shared use of identifier i is the log-likelihood ratio of sharing it as one operation against
sharing it by chance. A private identifier is shared by one operation, a hub by anyone, so the ratio is one over
P(hub): ``w = -ln P(hub)``, in nats, zero for a certain hub, bounded by what a single record can be trusted with.
Weights of a family count once with diminishing repeats (what always comes together is not independent); families add.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

import numpy as np
import polars as pl
from numpy.typing import NDArray
from scipy.sparse import coo_matrix
from scipy.sparse.csgraph import connected_components
from scipy.special import expit, logit

from graphsvc.links.hubs import HubPriors, Rates, first_guess, hub_probability
from graphsvc.links.incidence import DIGITS, Incidence, collapse, incidence
from graphsvc.links.likeness import SAYS, Likeness, strangers
from graphsvc.model.market import Market

_BLOCK = 4_000_000
"""Pairs of users looked at in one go: some hundred MiB."""
_CO_USES = pl.Schema(
    {"a": pl.UInt32, "b": pl.UInt32, "ua": pl.UInt32, "ub": pl.UInt32, "i": pl.UInt32, "still": pl.Float32}
)


@dataclass(frozen=True)
class EvidenceOptions:
    """How evidence is weighed.

    ``most`` bounds the nats one identifier can give; ``repeat`` is what each further identifier of the same kind adds;
    ``corroborates`` is the evidence (nats) from elsewhere that makes two users of an identifier one group;
    ``expand`` is the largest number of users whose pairs are written out one by one; ``rounds`` bounds the iteration
    between hub probability and groups, ``rounds_between`` that for groups of stores, where the market's rates are
    known already; ``gap_days`` is how long an identifier may lie idle before its next
    user is suspected to be an unrelated one (recycled numbers).
    """

    priors: HubPriors = field(default_factory=HubPriors)
    most: float = 4.0
    least: float = 0.01
    repeat: float = 0.5
    corroborates: float = 1.5
    expand: int = 300
    rounds: int = 10
    rounds_between: int = 6
    enough: float = 3.0
    together: float = 4.0
    gap_days: float = 120.0
    gap_scale: float = 180.0


@dataclass(frozen=True)
class Evidence:
    """Weighed evidence.

    Attributes
    ----------
    incidence : Incidence
        What was weighed.
    identifiers : DataFrame
        ``incidence.identifiers`` with ``hubProbability``, ``weight`` (nats), ``groups``.
    shared : DataFrame
        ``a, b, i, same, weight``: one row a pair of stores (a < b) and identifier they share; ``same`` is the
        probability that it means one operation, ``weight`` the same in nats.
    pairs : DataFrame
        ``a, b, weight, families``: one row a pair; nats over all families, and how many families agree.
    """

    incidence: Incidence
    identifiers: pl.DataFrame
    shared: pl.DataFrame
    pairs: pl.DataFrame


class Assessor:
    """Weighs the shared identifiers of a market: first between stores, then between groups of stores.

    What behaviour says and how often private identifiers come with others are learnt once, between stores, and
    hold for groups as well.
    """

    def __init__(self, market: Market, options: EvidenceOptions) -> None:
        self.options, self.graph = options, incidence(market)
        self.likeness = Likeness(market, self.graph)
        self.stores, self._rates, self._says = self._between_stores()

    def between(self, labels: NDArray[np.int64]) -> Evidence:
        """Weigh what ties the groups of a labelling (one label a store); ``incidence`` of the result is of groups."""
        graph = collapse(self.graph, labels)
        names = self.graph.identifiers.select("i", "identifier").join(
            graph.identifiers.select(pl.col("i").alias("j"), "identifier"), on="identifier"
        )
        ends = [labels[self._says[end].to_numpy()] for end in ("a", "b")]
        says = (
            self._says.with_columns(pl.Series("x", np.minimum(*ends)), pl.Series("y", np.maximum(*ends)))
            .filter(pl.col("x") != pl.col("y"))
            .join(names.select("i", "j"), on="i")
            .group_by(pl.col("j").alias("i"), pl.col("x", "y").cast(pl.UInt32))
            .agg(pl.col("says").mean().round(DIGITS))
            .rename({"x": "a", "y": "b"})
            .sort("i", "a", "b")
        )
        return _weigh(graph, self.options, lambda pairs: says, self._rates)[0]

    def _between_stores(self) -> tuple[Evidence, Rates | None, pl.DataFrame]:
        says = pl.DataFrame(schema=SAYS)

        def learn(pairs: pl.DataFrame) -> pl.DataFrame:
            nonlocal says
            says = self.likeness.says(
                pairs.filter((pl.col("families") > 1) & (pl.col("weight") > self.options.together))
            )
            return says

        evidence, rates = _weigh(self.graph, self.options, learn, None)
        return evidence, rates, says


def _weigh(
    graph: Incidence,
    options: EvidenceOptions,
    behaviour: Callable[[pl.DataFrame], pl.DataFrame],
    rates: Rates | None,
) -> tuple[Evidence, Rates | None]:
    """Iterate hub probability and groups, which depend on each other, until the groups no longer change."""
    identifiers = graph.identifiers
    degree = identifiers["degree"].to_numpy().astype(np.int64)
    co_uses = _co_uses(graph, options)
    opportunity = _opportunity(graph, options.enough)
    h = first_guess(identifiers, options.priors)
    joined, groups = np.arange(graph.uses.height), degree
    aside = np.zeros(co_uses.height)
    fitted, rows = rates, None
    for _ in range(options.rounds if rates is None else options.rounds_between):
        shared = _shared(co_uses, identifiers, h, aside, options)
        once = _once(shared)
        pairs = _pairs(once, options)
        joined, fresh = _groups(graph, once, pairs, options)
        if np.array_equal(fresh, groups):
            break
        groups = fresh
        says = behaviour(pairs)
        rows = _rows(co_uses, says) if rows is None else rows
        judged = hub_probability(
            identifiers, groups, opportunity, strangers(says, degree.size), options.priors, rates
        )
        fitted = judged.rates
        # The mean of old and new log-odds: without it the iteration can swing between two states.
        h = expit((logit(h) + logit(judged.probability)) / 2)
        said = np.append(says["says"].to_numpy(), 0.0)[rows]
        aside = _aside(co_uses, joined, groups < degree, judged.alone, said)
    else:
        shared = _shared(co_uses, identifiers, h, aside, options)
        pairs = _pairs(_once(shared), options)
    weight = np.clip(-np.log(h), 0.0, options.most)
    assessed = identifiers.with_columns(
        pl.Series("hubProbability", h), pl.Series("weight", weight), pl.Series("groups", groups)
    )
    return Evidence(graph, assessed, shared, pairs), fitted


def _aside(
    co_uses: pl.DataFrame,
    joined: NDArray[np.int64],
    private: NDArray[np.bool_],
    alone: NDArray[np.float64],
    said: NDArray[np.float64],
) -> NDArray[np.float64]:
    """Return for each co-use the probability that one of the two does not belong to the identifier's operation.

    A private identifier speaks for the users that share more with each other. Between such a user and one who shares
    nothing else, or between two such circles, it speaks only as far as behaviour agrees: a borrowed licence does not
    make the borrower one of the family.
    """
    apart = joined[co_uses["ua"].to_numpy()] != joined[co_uses["ub"].to_numpy()]
    i = co_uses["i"].to_numpy()
    return np.where(apart & private[i], expit(alone[i] - said), 0.0)


def _rows(co_uses: pl.DataFrame, says: pl.DataFrame) -> NDArray[np.int64]:
    """Return for each co-use its row in ``says``, -1 where behaviour was not compared."""
    numbered = says.select("i", "a", "b").with_row_index("row")
    found = co_uses.select("i", "a", "b").join(
        numbered, on=["i", "a", "b"], how="left", maintain_order="left"
    )
    return found["row"].cast(pl.Int64).fill_null(-1).to_numpy()


def _co_uses(graph: Incidence, options: EvidenceOptions) -> pl.DataFrame:
    """Return ``a, b, ua, ub, i, still``: pairs of users of each identifier small enough to write out, sorted.

    ``ua, ub`` are their rows in ``uses``; ``still`` is the probability that the identifier was the same operation's
    all the time between their uses. Pairs that could not tell whatever the hub probability turns out to be are left
    out: users of known services, of numbers that lay idle for long. They are written out a block of identifiers at a
    time, so that at no time there are more than those that are kept.
    """
    identifiers = graph.identifiers
    degree = identifiers["degree"].to_numpy().astype(np.int64)
    known = identifiers["service"].is_not_null().to_numpy()
    most = identifiers["soft"].to_numpy() * np.where(known, 1 - options.priors.known_service, 1.0)
    least = -np.expm1(-options.least) * (1 - 1e-6)
    chosen = (degree <= options.expand) & (most > least)
    # Rows of uses are sorted by identifier and store: whom a row is paired with follows it.
    i = graph.uses["i"].to_numpy()
    after = np.where(chosen[i], np.cumsum(degree)[i] - np.arange(i.size) - 1, 0)
    blocks = np.searchsorted(np.cumsum(after), np.arange(0, after.sum(), _BLOCK)[1:])
    parts = [pl.DataFrame(schema=_CO_USES)]
    for rows in np.split(np.arange(i.size), blocks):
        times = after[rows]
        ua = np.repeat(rows, times)
        ub = ua + 1 + np.arange(ua.size) - np.repeat(np.cumsum(times) - times, times)
        block = _paired(graph.uses, ua, ub, options)
        parts.append(block.filter(pl.Series(most[i[ua]] * block["still"].to_numpy() > least)))
    return pl.concat(parts).sort("a", "b", "i")


def _paired(
    uses: pl.DataFrame, ua: NDArray[np.int64], ub: NDArray[np.int64], options: EvidenceOptions
) -> pl.DataFrame:
    one, other = (uses.select("s", "i", "first", "last")[rows] for rows in (ua, ub))
    both = one.hstack(other.select(pl.all().name.suffix("_right")))
    gap = pl.max_horizontal(pl.col("first_right") - pl.col("last"), pl.col("first") - pl.col("last_right"))
    idle = (gap.fill_null(0) - options.gap_days).clip(0)
    return both.select(
        pl.col("s").alias("a"),
        pl.col("s_right").alias("b"),
        pl.Series("ua", ua, pl.UInt32),
        pl.Series("ub", ub, pl.UInt32),
        "i",
        (-idle / options.gap_scale).exp().cast(pl.Float32).alias("still"),
    )


def _opportunity(graph: Incidence, enough: float) -> NDArray[np.float64]:
    """Return for each identifier the mean, over its users, of how much else is known of them (1: ``enough`` and more).

    Else is what could corroborate: identifiers of other families, and further ones of the same kind.
    """
    known = (
        pl.concat(
            [
                graph.uses.join(graph.identifiers.select("i", "family", "kind_of"), on="i")
                .group_by("s", "family", "kind_of")
                .agg(pl.len().alias("n")),
                graph.breadth.join(
                    graph.identifiers.select("kind_of", "family").unique(), on="kind_of"
                ).select("s", "family", "kind_of", pl.col("own").alias("n")),
            ]
        )
        .group_by("s", "family", "kind_of")
        .agg(pl.col("n").sum())
    )
    total = known.group_by("s").agg(pl.col("n").sum().alias("total"))
    family = known.group_by("s", "family").agg(pl.col("n").sum().alias("of_family"))
    users = (
        graph.uses.join(graph.identifiers.select("i", "family", "kind_of"), on="i")
        .join(total, on="s")
        .join(family, on=["s", "family"])
        .join(known, on=["s", "family", "kind_of"])
        .select(
            "i", ((pl.col("total") - pl.col("of_family") + pl.col("n") - 1) / enough).clip(0, 1).alias("else")
        )
    )
    return users.group_by("i").agg(pl.col("else").mean().round(DIGITS)).sort("i")["else"].to_numpy()


def _shared(
    co_uses: pl.DataFrame,
    identifiers: pl.DataFrame,
    h: NDArray[np.float64],
    aside: NDArray[np.float64],
    options: EvidenceOptions,
) -> pl.DataFrame:
    """Weigh co-uses and keep those that mean something."""
    i = co_uses["i"].to_numpy()
    means = identifiers["soft"].to_numpy() * (1 - h)
    same = means[i] * (1 - aside) * co_uses["still"].to_numpy()
    # Most co-uses are of hubs and mean nothing: what is left is a small part, and only that is copied.
    tells = same > -np.expm1(-options.least)
    weight = -np.log(np.clip(1 - same[tells], np.exp(-options.most), 1.0))
    return (
        co_uses.select("a", "b", "i")
        .filter(pl.Series(tells))
        .with_columns(pl.Series("same", same[tells]), pl.Series("weight", weight))
        .join(
            identifiers.select("i", "family", "kind_of", "entity"), on="i", how="left", maintain_order="left"
        )
    )


def _once(shared: pl.DataFrame) -> pl.DataFrame:
    """Return what pairs share with each entity once: spellings of one thing do not corroborate each other."""
    return shared.group_by("a", "b", "family", "kind_of", "entity").agg(pl.col("weight").max())


def _pairs(once: pl.DataFrame, options: EvidenceOptions) -> pl.DataFrame:
    """Roll up what pairs share: in a kind the best and a share of the rest, in a family the best kind."""
    return (
        once.group_by("a", "b", "family", "kind_of")
        .agg(
            (pl.col("weight").max() * (1 - options.repeat) + pl.col("weight").sum() * options.repeat)
            .round(DIGITS)
            .alias("weight")
        )
        .group_by("a", "b", "family")
        .agg(pl.col("weight").max())
        .group_by("a", "b")
        .agg(pl.col("weight").sum().round(DIGITS), pl.len().alias("families"))
        .sort("a", "b")
    )


def _groups(
    graph: Incidence, once: pl.DataFrame, pairs: pl.DataFrame, options: EvidenceOptions
) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Return the group of each use among its identifier's users without it, and how many such groups there are.

    Two users are of one group when what they share beyond this identifier, and beyond what merely comes with it (its
    family's other kinds), weighs at least ``corroborates``.
    """
    strong = pairs.filter(pl.col("weight") >= options.corroborates).select("a", "b", "weight")
    # Only what strong pairs share is looked up; most of what is shared joins no pair.
    theirs = once.join(strong.select("a", "b"), on=["a", "b"], how="semi")
    family = theirs.group_by("a", "b", "family").agg(pl.col("weight").max().alias("of_family"))
    kind = theirs.group_by("a", "b", "kind_of").agg(pl.col("weight").sum().round(DIGITS).alias("of_kind"))
    rows = graph.uses.select("i", "s").with_row_index("u")
    inside = (
        strong.join(rows.select(pl.col("s").alias("a"), "i", pl.col("u").alias("ua")), on="a")
        .join(rows.select(pl.col("s").alias("b"), "i", pl.col("u").alias("ub")), on=["b", "i"])
        .join(graph.identifiers.select("i", "family", "kind_of", "entity"), on="i")
        .join(
            theirs.select("a", "b", "kind_of", "entity", pl.col("weight").alias("own")),
            on=["a", "b", "kind_of", "entity"],
            how="left",
        )
        .join(family, on=["a", "b", "family"], how="left")
        .join(kind, on=["a", "b", "kind_of"], how="left")
        .with_columns(pl.col("own", "of_family", "of_kind").fill_null(0.0))
    )
    ends = inside.filter(
        pl.col("weight") - pl.col("of_family") + (pl.col("of_kind") - pl.col("own")) >= options.corroborates
    )
    n = rows.height
    matrix = coo_matrix((np.ones(ends.height), (ends["ua"].to_numpy(), ends["ub"].to_numpy())), shape=(n, n))
    _, labels = connected_components(matrix, directed=False)
    counted = (
        rows.with_columns(pl.Series("group", labels)).group_by("i").agg(pl.col("group").n_unique()).sort("i")
    )
    return labels.astype(np.int64), counted["group"].to_numpy().astype(np.int64)
