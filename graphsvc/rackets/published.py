"""Reading published runs: ranked rackets, their members, what ties them, and where old ids went.

Readers follow ``(:Published)-[:CURRENT]->(:Run)`` and nothing else. Every statement here is bounded:
rackets by the run's index, everything else by starting from one racket's members.
"""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from graphsvc.casework.access import EVERYTHING, Scope, brand_key, division_prefix
from graphsvc.model.errors import NotFound
from graphsvc.model.graph import IDENTIFIER_LABELS
from graphsvc.store.driver import Store

_IDENTIFIERS = {"IDENTIFIER": IDENTIFIER_LABELS}


class NothingPublished(NotFound):
    """No run has been published, which is not the same as no racket found."""

    code = "nothing-published"
    status = 503


@dataclass(frozen=True)
class RunSummary:
    """A detection run, with what it recorded about itself."""

    id: str
    status: str
    engine: str | None
    seed: int | None
    started_at: datetime | None
    finished_at: datetime | None
    data_digest: str | None
    current: bool
    parameters: dict[str, Any] = field(default_factory=dict)
    versions: dict[str, Any] = field(default_factory=dict)
    figures: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class RacketFilter:
    """Which rackets to list; None asks for all. ``jurisdiction`` is a division code or its prefix."""

    jurisdiction: str | None = None
    brand: str | None = None
    min_score: float | None = None
    status: str | None = None

    @property
    def params(self) -> dict[str, Any]:
        """Parameters of the listing statement."""
        return {
            "jurisdiction": division_prefix(self.jurisdiction) if self.jurisdiction else None,
            "brand": brand_key(self.brand) if self.brand else None,
            "minScore": self.min_score,
            "status": self.status,
        }


@dataclass(frozen=True)
class ChokePoint:
    """An identifier that holds a racket together.

    ``cut`` is the share of the group's evidence lost without it, ``pieces`` the parts the group falls into.
    """

    id: str
    label: str
    name: str
    members: int
    share: float
    cut: float
    pieces: int


@dataclass(frozen=True)
class RacketSummary:
    """A racket as ranked by a run. ``estimated_value`` is what a raid would capture, in 30-day sales."""

    id: str
    run_id: str
    rank: int
    score: float
    confidence: float
    size: int
    jurisdictions: tuple[str, ...]
    brands: tuple[str, ...]
    estimated_value: float | None
    status: str
    name: str
    choke_points: tuple[ChokePoint, ...] = ()
    why: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Member:
    """A store of a racket.

    ``confidence``: it belongs, ``counterfeit``: it sells fakes (probabilities); ``stability``: how often it stays with
    the group when ties are dropped as often as they mean nothing, ``apart``: how many stores of the group no chain of
    ties leads to, so that behaviour alone joined them; both None in older runs.
    """

    id: str
    seller_id: str
    marketplace: str | None
    name: str
    status: str | None
    confidence: float
    role: str | None
    counterfeit: float | None
    stability: float | None
    apart: int | None
    sales_30d: float | None
    opened_on: date | None
    closed_on: date | None
    suspicion: float | None
    url: str | None


@dataclass(frozen=True)
class SharedIdentifier:
    """Something at least two members use, with what the run made of it.

    ``weight`` is the log-likelihood ratio of one shared use (nats), ``hub_probability`` that it serves the
    public; both None where the run did not assess it. ``stores`` counts all stores using it.
    """

    id: str
    label: str
    name: str
    members: int
    kinds: tuple[str, ...]
    sources: tuple[str, ...]
    first_seen: date | None
    last_seen: date | None
    hub_probability: float | None
    stores: int | None
    groups: int | None
    weight: float | None


@dataclass(frozen=True)
class GraphNode:
    """A node of a racket's picture: a member (``Seller``) or a shared identifier."""

    id: str
    label: str
    name: str
    confidence: float | None = None
    hub_probability: float | None = None
    members: int | None = None


@dataclass(frozen=True)
class GraphEdge:
    """A use of a shared identifier by a member; ``weight`` as in :class:`SharedIdentifier`."""

    seller: str
    identifier: str
    types: tuple[str, ...]
    weight: float | None
    hub_probability: float | None


@dataclass(frozen=True)
class RacketGraph:
    """Members, shared identifiers and uses; the totals say what the limit left out."""

    nodes: tuple[GraphNode, ...]
    edges: tuple[GraphEdge, ...]
    members_total: int
    identifiers_total: int


def current_run(store: Store) -> RunSummary:
    """Return the run that readers see.

    Raises
    ------
    NothingPublished
        If no run has been published yet.
    """
    rows = store.read("read/current_run")
    if not rows:
        raise NothingPublished("No run has been published yet.", "Load data and run `graphsvc detect`.")
    return _run(rows[0])


def runs(store: Store, limit: int = 50) -> list[RunSummary]:
    """Return the latest runs, newest first."""
    return [_run(row) for row in store.read("read/runs", limit=limit)]


def run(store: Store, run_id: str) -> RunSummary:
    """Return one run; NotFound if there is none of this id."""
    rows = store.read("read/run", run=run_id)
    if not rows:
        raise NotFound(f"There is no run '{run_id}'.", "See the list of runs.")
    return _run(rows[0])


def ranked(
    store: Store,
    wanted: RacketFilter | None = None,
    limit: int = 50,
    after_rank: int = 0,
    *,
    scope: Scope = EVERYTHING,
    run_id: str | None = None,
) -> list[RacketSummary]:
    """Return rackets of the current run by rank.

    Parameters
    ----------
    wanted : RacketFilter
        Which ones.
    limit : int
        At most so many.
    after_rank : int
        Only ranks above this one, to go on from a page.
    scope : Scope
        What the reader may see.
    run_id : str, optional
        The run to read; the current one if None.
    """
    rows = store.read(
        "read/rackets_ranked",
        run=run_id or current_run(store).id,
        after=after_rank,
        limit=limit,
        **(wanted or RacketFilter()).params,
        **scope.params,
    )
    found = [_racket(row) for row in rows]
    return _with_choke_points(store, found)


def racket(store: Store, racket_id: str, *, scope: Scope = EVERYTHING) -> RacketSummary:
    """Return a racket of the current run by its lasting id.

    Raises
    ------
    NotFound
        If the current run has none of this id in the scope; see :func:`successors`.
    """
    rows = store.read("read/racket", run=current_run(store).id, racket=racket_id, **scope.params)
    if not rows:
        raise NotFound(f"There is no racket '{racket_id}' in the published run.", "See the ranked list.")
    return _with_choke_points(store, [_racket(rows[0])])[0]


def whereabouts(store: Store, racket_id: str, *, scope: Scope = EVERYTHING) -> RacketSummary | list[str]:
    """Return a racket of the current run, or where an id that an earlier run gave went, as :func:`successors` does.

    Raises
    ------
    NothingPublished
        If there is no published run.
    NotFound
        If no run had the id, or a reader whose scope is bounded may not know that it had.
    """
    try:
        return racket(store, racket_id, scope=scope)
    except NothingPublished:
        raise
    except NotFound:
        went = successors(store, racket_id, scope=scope)
        if went is None or (not went and scope.bounded):
            raise
        return went


def members(store: Store, found: RacketSummary, limit: int = 1000) -> list[Member]:
    """Return members, surest first."""
    rows = store.read("read/racket_members", node=_node(found), limit=limit)
    return [Member(**row) for row in rows]


def choke_points(store: Store, found: RacketSummary, limit: int = 25) -> list[ChokePoint]:
    """Return what holds the racket together, the most telling first."""
    rows = store.read("read/racket_choke_points", _IDENTIFIERS, nodes=[_node(found)], limit=limit)
    return [_choke_point(row) for row in rows]


def shared_identifiers(store: Store, found: RacketSummary, limit: int = 500) -> list[SharedIdentifier]:
    """Return what at least two members use, the most telling (weight times members) first, hubs last."""
    rows = store.read("read/racket_shared", _IDENTIFIERS, node=_node(found), run=found.run_id, limit=limit)
    return [SharedIdentifier(**{**row, **_tuples(row, "kinds", "sources")}) for row in rows]


def racket_graph(store: Store, found: RacketSummary, limit: int = 200) -> RacketGraph:
    """Return the picture of a racket: its surest members and its most telling shared identifiers.

    Parameters
    ----------
    limit : int
        At most so many members, and as many identifiers.
    """
    shown = members(store, found, limit)
    shared = shared_identifiers(store, found, limit + 1)
    kept = shared[:limit]
    total = len(shared) if len(shared) <= limit else _shared_total(store, found)
    rows = store.read(
        "read/racket_uses",
        _IDENTIFIERS,
        sellers=[m.id for m in shown],
        identifiers=[s.id for s in kept],
    )
    assessed = {s.id: s for s in kept}
    nodes = [GraphNode(m.id, "Seller", m.name, confidence=m.confidence) for m in shown]
    nodes += [GraphNode(s.id, s.label, s.name, None, s.hub_probability, s.members) for s in kept]
    edges = [
        GraphEdge(
            row["seller"],
            row["identifier"],
            tuple(row["types"]),
            assessed[row["identifier"]].weight,
            assessed[row["identifier"]].hub_probability,
        )
        for row in rows
    ]
    return RacketGraph(tuple(nodes), tuple(edges), found.size, total)


def successors(store: Store, racket_id: str, *, scope: Scope = EVERYTHING) -> list[str] | None:
    """Return where an id that is not in the current run went.

    Returns
    -------
    list of str or None
        Ids in the current run that hold its stores: one if it was merged, several if it was split, none if it
        dissolved. None if no run ever had this id.
    """
    rows = store.read("read/racket_successors", run=current_run(store).id, racket=racket_id, **scope.params)
    return list(rows[0]["successors"]) if rows and rows[0]["known"] else None


def _shared_total(store: Store, found: RacketSummary) -> int:
    return int(store.read("read/racket_shared_total", _IDENTIFIERS, node=_node(found))[0]["total"])


def _node(found: RacketSummary) -> str:
    return f"{found.id}@{found.run_id}"


def _with_choke_points(store: Store, found: list[RacketSummary]) -> list[RacketSummary]:
    rows = store.read("read/racket_choke_points", _IDENTIFIERS, nodes=[_node(r) for r in found], limit=3)
    by_node: dict[str, list[ChokePoint]] = {}
    for row in rows:
        by_node.setdefault(row["node"], []).append(_choke_point(row))
    return [RacketSummary(**{**_shallow(r), "choke_points": tuple(by_node.get(_node(r), ()))}) for r in found]


def _shallow(value: RacketSummary) -> dict[str, Any]:
    return {name: getattr(value, name) for name in value.__dataclass_fields__}


def _choke_point(row: dict[str, Any]) -> ChokePoint:
    return ChokePoint(**{name: row[name] for name in ChokePoint.__dataclass_fields__})


def _racket(row: dict[str, Any]) -> RacketSummary:
    return RacketSummary(**{**row, **_tuples(row, "jurisdictions", "brands"), "why": _loads(row["why"])})


def _run(row: dict[str, Any]) -> RunSummary:
    documents = {name: _loads(row[name]) for name in ("parameters", "versions", "figures")}
    return RunSummary(**{**row, **documents})


def _tuples(row: dict[str, Any], *names: str) -> dict[str, tuple[Any, ...]]:
    return {name: tuple(row[name] or ()) for name in names}


def _loads(text: str | None) -> dict[str, Any]:
    value = json.loads(text) if text else {}
    return value if isinstance(value, dict) else {"value": value}
