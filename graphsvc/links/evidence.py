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
from scipy.special import expit, logit

from graphsvc.links.hubs import HubPriors, Rates, first_guess, hub_probability, signs
from graphsvc.links.incidence import DIGITS, FAMILY_OF, Incidence, by_kind, collapse, incidence
from graphsvc.links.likeness import SAYS, Likeness, strangers
from graphsvc.links.sharing import Circles, Rollup, Sharing, rolled_up
from graphsvc.model.market import Market

_HUB = 0.9999
"""Hub probability from which nothing is left for a private use."""
_AT_A_TIME = 20_000
"""Identifiers whose compared users are gone through in one go: a few hundred thousand pairs."""


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
        ``a, b, i, same, weight, family, kind_of, entity``: one row a pair of stores (a < b) and identifier they share;
        ``same`` is the probability that it means one operation, ``weight`` the same in nats.
    pairs : DataFrame
        ``a, b, weight, families``: one row a pair; nats over all families, and how many families agree.
    """

    incidence: Incidence
    identifiers: pl.DataFrame
    shared: pl.DataFrame
    pairs: pl.DataFrame

    def private(self) -> pl.DataFrame:
        """Return the rows of ``shared`` by identifiers that are not certainly public."""
        private = self.identifiers.filter(pl.col("hubProbability") < _HUB).select("i")
        return self.shared.join(private, on="i", how="semi")


class Assessor:
    """Weighs the shared identifiers of a market: first between stores, then between groups of stores.

    What behaviour says and how often private identifiers come with others are learnt once, between stores, and
    hold for groups as well.
    """

    def __init__(self, market: Market, options: EvidenceOptions) -> None:
        self.options, self.graph = options, incidence(market)
        self.likeness = Likeness(market, self.graph)
        self.stores, self._rates, self._says = self._between_stores()

    def between(self, labels: NDArray[np.int64], last: Evidence) -> Evidence:
        """Weigh what ties the groups of a labelling (one label a store); ``incidence`` of the result is of groups.

        What ``last`` says of an identifier is where this weighing begins: between smaller groups, or between stores.
        """
        graph = collapse(self.graph, labels)
        known = self.stores.identifiers["hubProbability"].to_numpy().copy()
        known[last.identifiers["origin"].to_numpy()] = last.identifiers["hubProbability"].to_numpy()
        origin = graph.identifiers["origin"].to_numpy()
        place = np.full(known.size, -1, dtype=np.int32)
        place[origin] = np.arange(origin.size)
        says = _said_between(self._says, place, labels.astype(np.uint32))
        return _weigh(graph, self.options, lambda pairs: says, self._rates, known[origin])[0]

    def _between_stores(self) -> tuple[Evidence, Rates | None, pl.DataFrame]:
        says = pl.DataFrame(schema=SAYS)

        def learn(pairs: pl.DataFrame) -> pl.DataFrame:
            nonlocal says
            says = self.likeness.says(
                pairs.filter((pl.col("families") > 1) & (pl.col("weight") > self.options.together))
            )
            return says

        evidence, rates = _weigh(self.graph, self.options, learn)
        return evidence, rates, says


def _said_between(says: pl.DataFrame, place: NDArray[np.int32], group: NDArray[np.uint32]) -> pl.DataFrame:
    """Return ``i, a, b, says`` between groups: the mean over their pairs of stores.

    Parameters
    ----------
    says : DataFrame
        ``i, a, b, says`` between stores, sorted.
    place : int array
        What each identifier is called between groups; -1 where it ties none.
    group : int array
        The group of each store.
    """
    starts = np.flatnonzero(np.diff(says["i"].to_numpy(), prepend=-1))
    parts = [pl.DataFrame(schema=SAYS)]
    # Some identifiers at a time, which is all that is grouped.
    for first in range(0, starts.size, _AT_A_TIME):
        until = starts[first + _AT_A_TIME] if first + _AT_A_TIME < starts.size else says.height
        some = says[int(starts[first]) : int(until)]
        i, a, b = (of[some[end].to_numpy()] for end, of in (("i", place), ("a", group), ("b", group)))
        ties = (i >= 0) & (a != b)
        part = pl.DataFrame({"i": i, "a": np.minimum(a, b), "b": np.maximum(a, b)}).filter(pl.Series(ties))
        parts.append(
            part.with_columns(pl.col("i").cast(pl.UInt32), some["says"].filter(pl.Series(ties)))
            .group_by("i", "a", "b")
            .agg(pl.col("says").mean().round(DIGITS))
            .sort("i", "a", "b")
        )
    return pl.concat(parts)


def _weigh(
    graph: Incidence,
    options: EvidenceOptions,
    behaviour: Callable[[pl.DataFrame], pl.DataFrame],
    rates: Rates | None = None,
    believed: NDArray[np.float64] | None = None,
) -> tuple[Evidence, Rates | None]:
    """Iterate hub probability and groups, which depend on each other, until the groups no longer change.

    ``behaviour`` is asked with the pairs then tied; ``rates`` are fitted and ``believed`` (P(hub) to begin with) is
    guessed where they are not given.
    """
    identifiers, priors = graph.identifiers, options.priors
    seen = signs(identifiers, _opportunity(graph, options.enough), priors)
    sharing = Sharing(
        graph,
        expand=options.expand,
        least=options.least,
        gap_days=options.gap_days,
        gap_scale=options.gap_scale,
    )
    h = first_guess(seen, priors) if believed is None else believed
    groups, users, known = identifiers["degree"].to_numpy().astype(np.int64), None, rates
    for _ in range(options.rounds if rates is None else options.rounds_between):
        strong = Rollup.stacked(
            rolled_up(block, options.repeat).strong(options.corroborates)
            for block in sharing.blocks(h, users, options.most)
        )
        circle, fresh = sharing.circles(strong, options.corroborates)
        if np.array_equal(fresh, groups):
            break
        groups = fresh
        says = behaviour(strong.pairs)
        if users is None:
            sharing.compare(says)
        judged = hub_probability(seen, groups, strangers(says, groups.size), priors, rates)
        known = judged.rates
        # The mean of old and new log-odds: without it the iteration can swing between two states.
        h = expit((logit(h) + logit(judged.probability)) / 2)
        users = Circles(circle, groups < seen.degree, judged.alone, says["says"].to_numpy())
    shared = pl.concat(list(sharing.blocks(h, users, options.most)))
    weight = np.clip(-np.log(h), 0.0, options.most)
    assessed = identifiers.with_columns(
        pl.Series("hubProbability", h), pl.Series("weight", weight), pl.Series("groups", groups)
    )
    return Evidence(graph, assessed, shared, rolled_up(shared, options.repeat).pairs), known


def _opportunity(graph: Incidence, enough: float) -> NDArray[np.float64]:
    """Return for each identifier the mean, over its users, of how much else is known of them (1: ``enough`` and more).

    Else is what could corroborate: identifiers of other families, and further ones of the same kind.
    """
    s, i = graph.uses["s"].to_numpy(), graph.uses["i"].to_numpy()
    kind = graph.identifiers["kind_of"].to_physical().to_numpy()[i]
    known = graph.breadth + by_kind(s, kind, graph.breadth.shape[0])
    of_family = known @ (FAMILY_OF[:, None] == FAMILY_OF)
    beyond = (known.sum(axis=1)[:, None] - of_family + known)[s, kind] - 1
    told = np.bincount(i, np.clip(beyond / enough, 0, 1), minlength=graph.identifiers.height)
    return np.asarray(np.round(told / graph.identifiers["degree"].to_numpy(), DIGITS))
