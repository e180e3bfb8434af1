"""What pairs of stores share: the users of each identifier two by two, and what they share beyond it.

Most pairs of users stand behind hubs and mean nothing. Only identifiers that can still tell are written out, a block of
stores at a time, so that memory does not grow with their pairs. A block is sorted by pair, kind and entity; sums over
each of them are runs of neighbouring rows.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np
import polars as pl
from numpy.typing import NDArray
from scipy.sparse import coo_matrix, csr_matrix
from scipy.sparse.csgraph import connected_components
from scipy.special import expit

from graphsvc.links.incidence import DIGITS, FAMILIES, FAMILY_OF, KINDS, Incidence, by_kind

Ints = NDArray[Any]
Floats = NDArray[np.float64]

_BLOCK = 2_000_000
"""Pairs of users looked at in one go, about: two hundred MiB."""


@dataclass(frozen=True)
class Circles:
    """What is believed of the users of identifiers beside P(hub).

    Attributes
    ----------
    circle : int array
        Per use: users of an identifier in one circle share more with each other than the identifier.
    private : bool array
        Per identifier: whether its users are not all strangers to each other.
    alone : float array
        Per identifier the log-odds that users of two circles are strangers, before behaviour is looked at.
    says : float array
        What behaviour says (log-odds of one operation) of the pairs that :class:`Sharing` was given.
    """

    circle: Ints
    private: NDArray[np.bool_]
    alone: Floats
    says: Floats


class Sharing:
    """The users of each identifier two by two; made once a weighing.

    Parameters
    ----------
    graph : Incidence
        Who uses what.
    expand : int
        Identifiers with more users are not written out.
    least : float
        The smallest weight (nats) that counts.
    gap_days, gap_scale : float
        How long an identifier may lie idle, and by how much it then tells less.
    """

    def __init__(
        self, graph: Incidence, *, expand: int, least: float, gap_days: float, gap_scale: float
    ) -> None:
        self._least, self._gap = -np.expm1(-least), (gap_days, gap_scale)
        uses, identifiers = graph.uses, graph.identifiers
        self._s, self._i = uses["s"].to_numpy(), uses["i"].to_numpy()
        self._first, self._last = (uses[day].cast(pl.Float64).to_numpy() for day in ("first", "last"))
        self._degree = identifiers["degree"].to_numpy().astype(np.int64)
        self._small, self._soft = self._degree <= expand, identifiers["soft"].to_numpy()
        self._about = identifiers.select("family", "kind_of", "entity")
        self._stores = graph.sellers.height
        # A row a store, a column an identifier: the use, counted from one.
        self._uses = csr_matrix(
            (np.arange(1, self._s.size + 1), (self._s, self._i)), shape=(self._stores, identifiers.height)
        )
        self._compared = np.empty(0, dtype=np.int64)

    def compare(self, says: pl.DataFrame) -> None:
        """Tell which pairs ``i, a, b`` (sorted) it is whose ``Circles.says`` will be given."""
        use = self._key(self._i, self._s)
        ua, ub = (
            np.searchsorted(use, self._key(says["i"].to_numpy(), says[end].to_numpy())) for end in ("a", "b")
        )
        self._compared = ua * use.size + ub

    def blocks(self, hub: Floats, circles: Circles | None, most: float) -> Iterator[pl.DataFrame]:
        """Yield ``a, b, i, same, weight, family, kind_of, entity``: what pairs of stores a < b share, sorted by pair,
        kind and entity; all of a store's pairs with later ones are in one block.

        Parameters
        ----------
        hub : float array
            P(hub) of each identifier.
        circles : Circles, optional
            Before anything is known of them, every user counts as one of the operation.
        most : float
            The largest weight (nats) of one identifier.
        """
        means = self._soft * (1 - hub)
        chosen = self._small & (means > self._least)
        # Rows of uses are sorted by identifier and store: whom a row is paired with follows it.
        ends = np.cumsum(self._degree)[self._i]
        after = np.where(chosen[self._i], ends - np.arange(ends.size) - 1, 0)
        rows = np.flatnonzero(after)
        rows = rows[np.argsort(self._s[rows], kind="stable")]
        stores = np.flatnonzero(_starts(self._s[rows]))
        block = (np.cumsum(after[rows]) - after[rows])[stores] // _BLOCK
        for part in np.split(rows, stores[1:][np.diff(block) > 0]):
            ua, ub, same = self._told(part, after[part], means, circles)
            i = self._i[ua]
            weight = -np.log(np.clip(1 - same, np.exp(-most), 1.0))
            yield (
                pl.DataFrame({"a": self._s[ua], "b": self._s[ub], "i": i, "same": same, "weight": weight})
                .hstack(self._about[i])
                .sort("a", "b", "kind_of", "entity", "i")
            )

    def circles(self, strong: Rollup, corroborates: float) -> tuple[Ints, Ints]:
        """Return the circle of each use among its identifier's users, and how many circles each identifier has.

        Two users are of one circle when what they share beyond this identifier, and beyond what merely comes with it
        (its family's other kinds), weighs at least ``corroborates`` nats; ``strong`` are the pairs that share so much.
        """
        a, b = (self._uses[strong.pairs[end].to_numpy()] for end in ("a", "b"))
        # All that both use, whether it means anything itself or not.
        ua, ub = a.multiply(b.astype(np.bool_)).tocsr(), b.multiply(a.astype(np.bool_)).tocsr()
        pair = np.repeat(np.arange(strong.pairs.height), np.diff(ua.indptr))
        kind, entity = (
            self._about[name].to_physical().to_numpy()[ua.indices] for name in ("kind_of", "entity")
        )
        corroborated = strong.beyond(pair, kind.astype(np.int64), entity) >= corroborates
        ends = ua.data[corroborated] - 1, ub.data[corroborated] - 1
        matrix = coo_matrix((np.ones(ends[0].size, dtype=np.int8), ends), shape=(self._i.size,) * 2)
        circle = connected_components(matrix, directed=False)[1]
        # A circle lies within the users of one identifier: it counts where its first use does.
        first = np.unique(circle, return_index=True)[1]
        return circle, np.bincount(self._i[first], minlength=self._degree.size)

    def _told(
        self, rows: Ints, after: Ints, means: Floats, circles: Circles | None
    ) -> tuple[Ints, Ints, Floats]:
        """Return rows of uses two by two, and the probability that both mean one operation, where that is enough."""
        ua = np.repeat(rows, after)
        ub = ua + 1 + np.arange(ua.size) - np.repeat(np.cumsum(after) - after, after)
        same = means[self._i[ua]] * self._still(ua, ub)
        tells = same > self._least
        ua, ub, same = ua[tells], ub[tells], same[tells]
        if circles is None:
            return ua, ub, same
        same *= 1 - self._aside(ua, ub, circles)
        tells = same > self._least
        return ua[tells], ub[tells], same[tells]

    def _still(self, ua: Ints, ub: Ints) -> Floats:
        """Return the probability that the identifier was the same operation's all the time between two uses."""
        days, scale = self._gap
        gap = np.fmax(self._first[ub] - self._last[ua], self._first[ua] - self._last[ub])
        return np.asarray(np.exp(-np.maximum(np.nan_to_num(gap) - days, 0.0) / scale))

    def _aside(self, ua: Ints, ub: Ints, circles: Circles) -> Floats:
        """Return the probability that one of two users does not belong to the identifier's operation.

        A private identifier speaks for the users that share more with each other. Between such a user and one who
        shares nothing else, or between two such circles, it speaks only as far as behaviour agrees: a borrowed licence
        does not make the borrower one of the family.
        """
        i = self._i[ua]
        aside = np.zeros(ua.size)
        apart = np.flatnonzero((circles.circle[ua] != circles.circle[ub]) & circles.private[i])
        said = np.append(circles.says, 0.0)[self._row(ua[apart], ub[apart])]
        aside[apart] = expit(circles.alone[i[apart]] - said)
        return aside

    def _row(self, ua: Ints, ub: Ints) -> Ints:
        """Return the row of pairs of uses among those that were compared, -1 where they were not."""
        return _found(self._compared, ua.astype(np.int64) * self._i.size + ub)

    def _key(self, i: Ints, s: Ints) -> NDArray[np.int64]:
        return i.astype(np.int64) * self._stores + s


@dataclass(frozen=True)
class Rollup:
    """What pairs share, rolled up.

    Attributes
    ----------
    pairs : DataFrame
        ``a, b, weight, families``: in a kind the best and a share of the rest, in a family the best kind, over all
        families the sum; and how many families agree. Sorted.
    things : DataFrame
        ``pair, kind, entity, weight``: what each pair (row of ``pairs``) shares, each entity once, since
        spellings of one thing do not corroborate each other. Numbers, sorted.
    """

    pairs: pl.DataFrame
    things: pl.DataFrame

    def strong(self, least: float) -> Rollup:
        """Return the pairs alone that share at least so much (nats)."""
        chosen = self.pairs["weight"] >= least
        pair = self.things["pair"]
        kept = self.things.with_columns(
            (chosen.cum_sum() - chosen.cast(pl.UInt32)).gather(pair).alias("pair")
        )
        return Rollup(self.pairs.filter(chosen), kept.filter(chosen.gather(pair)))

    @classmethod
    def stacked(cls, parts: Iterable[Rollup]) -> Rollup:
        """Put the pairs of several together, in their order."""
        pairs, things, before = [], [], 0
        for part in parts:
            pairs.append(part.pairs)
            things.append(part.things.with_columns(pl.col("pair").cast(pl.Int64) + before))
            before += part.pairs.height
        return cls(pl.concat(pairs), pl.concat(things))

    def beyond(self, pair: Ints, kind: Ints, entity: Ints) -> Floats:
        """Return what each pair (row of ``pairs``) shares beyond an identifier of this kind and entity: not itself, and
        of its family no other kinds, which merely come with it, but other things of its own kind."""
        its, kinds, things, weight = (column.to_numpy() for column in self.things)
        of_family = np.zeros((self.pairs.height, len(FAMILIES.categories)))
        np.maximum.at(of_family, (its, FAMILY_OF[kinds]), weight)
        of_kind = by_kind(its, kinds, self.pairs.height, weight)
        span = max(things.max(initial=0), entity.max(initial=0)) + 1
        own, asked = (
            (p * len(KINDS.categories) + k) * span + e
            for p, k, e in ((its, kinds, things), (pair, kind, entity))
        )
        itself = np.append(weight, 0.0)[_found(own, asked)]
        others = np.round(of_kind[pair, kind], DIGITS) - itself
        beyond = self.pairs["weight"].to_numpy()[pair] - of_family[pair, FAMILY_OF[kind]] + others
        return np.asarray(beyond)


def rolled_up(shared: pl.DataFrame, repeat: float) -> Rollup:
    """Roll up what :meth:`Sharing.blocks` yields; ``repeat`` is what each further thing of one kind adds."""
    a, b, kind_of, entity = (
        shared[name].to_physical().to_numpy() for name in ("a", "b", "kind_of", "entity")
    )
    pair = _starts(a) | _starts(b)
    family, kind = pair | _starts(FAMILY_OF[kind_of]), pair | _starts(kind_of)
    things = np.flatnonzero(kind | _starts(entity))
    weight = _reduced(np.maximum, shared["weight"].to_numpy(), things)
    kinds = np.flatnonzero(kind[things])
    best, summed = _reduced(np.maximum, weight, kinds), _reduced(np.add, weight, kinds)
    of_kind = np.round(best * (1 - repeat) + summed * repeat, DIGITS)
    families = np.flatnonzero(family[things[kinds]])
    of_family = _reduced(np.maximum, of_kind, families)
    pairs = np.flatnonzero(pair[things[kinds[families]]])
    numbers = pl.DataFrame(
        {
            "pair": np.cumsum(pair[things]) - 1,
            "kind": kind_of[things].astype(np.int64),
            "entity": entity[things],
            "weight": weight,
        }
    )
    weighed = shared.select("a", "b")[np.flatnonzero(pair)].with_columns(
        pl.Series("weight", np.round(_reduced(np.add, of_family, pairs), DIGITS)),
        pl.Series("families", np.diff(np.append(pairs, families.size)), pl.UInt32),
    )
    return Rollup(weighed, numbers)


def _found(keys: Ints, wanted: Ints) -> Ints:
    """Return the place of each wanted key among sorted ones, -1 where it is not there."""
    place = np.searchsorted(keys, wanted)
    return np.where(np.append(keys, -1)[place] == wanted, place, -1)


def _starts(column: Ints) -> NDArray[np.bool_]:
    """Tell at which rows a column has another value than in the row before."""
    starts = np.ones(column.size, dtype=np.bool_)
    starts[1:] = column[1:] != column[:-1]
    return starts


def _reduced(how: np.ufunc, values: Floats, starts: Ints) -> Floats:
    """Reduce each run of rows that starts there."""
    return np.asarray(how.reduceat(values, starts) if starts.size else values[:0])
