"""Why a store is in its racket, or why two stores are linked, as frames."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import polars as pl

from graphsvc.rackets.explained import Hop, Judged, Shared, WhyLinked, WhyMember

_SHARES = pl.Schema(
    {  # type: ignore[arg-type]
        "identifier": pl.String,
        "label": pl.String,
        "name": pl.String,
        "weight": pl.Float64,
        "hubProbability": pl.Float64,
        "stores": pl.Int64,
        "through": pl.List(pl.String),
        "sources": pl.List(pl.String),
        "remark": pl.String,
    }
)
_PATH = pl.Schema(
    {
        "seller": pl.String,
        "identifier": pl.String,
        "label": pl.String,
        "name": pl.String,
        "to": pl.String,
        "weight": pl.Float64,
        "remark": pl.String,
    }
)
_INNOCENT = pl.Schema(
    {
        "identifier": pl.String,
        "name": pl.String,
        "stays": pl.Boolean,
        "keeps": pl.Int64,
        "loses": pl.Int64,
    }
)
_JUDGED = pl.Schema(
    {
        "kind": pl.String,
        "a": pl.String,
        "b": pl.String,
        "by": pl.String,
        "at": pl.String,
        "reason": pl.String,
        "revoked": pl.String,
        "bound": pl.Boolean,
    }
)
_SAID = pl.Schema({"what": pl.String, "about": pl.String})
_NEARLY = pl.Schema({"a": pl.String, "b": pl.String, "through": pl.String})


@dataclass(frozen=True)
class Why:
    """Reasons, weightiest first.

    Attributes
    ----------
    summary : str
        The answer in one sentence.
    shares : DataFrame
        What is shared: ``identifier, label, name, weight`` (nats; null where no run weighed it), ``hubProbability,
        stores, through`` (relationship types), ``sources`` (who said so), ``remark``.
    path : DataFrame
        For one store the strongest chain to the core of its racket or, from a store of the core, to the best-connected
        store of the rest; for two stores of one racket the strongest between them. A row a hop: ``seller, identifier,
        label, name, to, weight`` (nats; 0 where people's word leads on), ``remark``.
    if_innocent : DataFrame
        For one store: ``identifier, name, stays`` (whether something still leads to the core, or from a store of the
        core to the rest, if this proves innocent), ``keeps, loses``: how many stores of its racket something still
        leads to, and to how many nothing does any more.
    nearly : DataFrame
        For two stores: things that are almost the same: ``a, b, through``.
    behaviour : DataFrame
        For two stores: what they do, as far as it is known of both (brands, titles, opening, prices): ``what, about``.
        It is weighed between groups and may have joined stores that share nothing private.
    against : DataFrame
        For two stores: what speaks against a link: ``what, about``.
    judged : DataFrame
        What people know of the store and others of its racket, or of the two stores: ``kind`` (same, different, unsure,
        operation), ``a, b, by, at, reason, revoked, bound`` (whether the published run kept to it).
    """

    summary: str
    shares: pl.DataFrame
    path: pl.DataFrame = field(default_factory=lambda: pl.DataFrame(schema=_PATH))
    if_innocent: pl.DataFrame = field(default_factory=lambda: pl.DataFrame(schema=_INNOCENT))
    nearly: pl.DataFrame = field(default_factory=lambda: pl.DataFrame(schema=_NEARLY))
    behaviour: pl.DataFrame = field(default_factory=lambda: pl.DataFrame(schema=_SAID))
    against: pl.DataFrame = field(default_factory=lambda: pl.DataFrame(schema=_SAID))
    judged: pl.DataFrame = field(default_factory=lambda: pl.DataFrame(schema=_JUDGED))


def of_member(found: WhyMember) -> Why:
    """Lay out why a store is in its racket."""
    return Why(
        f"{found.seller} is in racket {found.racket} (rank {found.rank}, {found.status}) as {found.role}: it belongs "
        f"with probability {found.confidence:.2f} and sells fakes with probability {found.counterfeit:.2f}."
        + (f" Behaviour alone joins it to {found.apart} of the group's stores." if found.apart else "")
        + (
            f" Nothing but people's word leads to {found.by_people} of the group's stores."
            if found.by_people
            else ""
        ),
        _shares(found.shares),
        path=_path(found.path),
        if_innocent=pl.DataFrame(
            [(i.identifier, i.name, i.stays, i.keeps, i.loses) for i in found.if_innocent],
            schema=_INNOCENT,
            orient="row",
        ),
        judged=_judged(found.judged),
    )


def of_link(found: WhyLinked) -> Why:
    """Lay out why two stores are linked."""
    where = f"both in racket {found.same_racket}" if found.same_racket else "not in one racket"
    told = "".join(f", {word.text}" for word in found.judged)
    return Why(
        f"{found.a} and {found.b}: {found.weight:.1f} nats of evidence{told}, {where}.",
        _shares(found.shares),
        path=_path(found.path),
        nearly=pl.DataFrame(
            [(row["aName"], row["bName"], row["through"]) for row in found.nearly],
            schema=_NEARLY,
            orient="row",
        ),
        behaviour=_said(found.behaviour),
        against=_said(found.against),
        judged=_judged(found.judged),
    )


def _path(hops: Sequence[Hop]) -> pl.DataFrame:
    rows = [(h.seller, h.identifier, h.label, h.name, h.to, h.weight, h.remark) for h in hops]
    return pl.DataFrame(rows, schema=_PATH, orient="row")


def _judged(words: Sequence[Judged]) -> pl.DataFrame:
    rows = [(w.kind, w.a, w.b, w.by, w.at, w.reason, w.revoked, w.bound) for w in words]
    return pl.DataFrame(rows, schema=_JUDGED, orient="row")


def _said(rows: Sequence[Mapping[str, str]]) -> pl.DataFrame:
    return pl.DataFrame([(row["what"], row["about"]) for row in rows], schema=_SAID, orient="row")


def _shares(shares: Sequence[Shared]) -> pl.DataFrame:
    rows = [
        (
            s.identifier,
            s.label,
            s.name,
            s.weight,
            s.hub_probability,
            s.stores,
            list(s.through),
            list(s.sources),
            s.remark,
        )
        for s in shares
    ]
    return pl.DataFrame(rows, schema=_SHARES, orient="row")
