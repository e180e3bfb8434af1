"""What leads from one store of a group to another: things shared, things perhaps the same, and people's words.

Every weight is the one the published run used, lowered as the run lowered it where a thing lay idle between two users.
"""

from __future__ import annotations

import json
import math
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from itertools import pairwise
from typing import Any

import networkx as nx

from graphsvc.model.graph import Label, Rel
from graphsvc.rackets.explained import OPERATION, REST, SAME, Hop, Innocence, Judged, Shared
from graphsvc.rackets.findings import CORE
from graphsvc.store.driver import Store

MEANS = 0.02
"""Nats from which on a shared thing is said to mean anything."""
_STEP = 0.05
"""What an edge of a path costs besides its doubt, so that of equally sure paths the shortest is the strongest."""
_ALL = 2**31 - 1
_HELD = "#held"

Row = Mapping[str, Any]
Span = tuple[date | None, date | None]
"""First and last day something was used; None where it is unknown."""


@dataclass(frozen=True)
class Run:
    """The published run as far as it explains: when it began, and how it weighed what lay idle between two users."""

    id: str | None
    started: datetime | None
    gap_days: float
    gap_scale: float
    most: float

    @classmethod
    def read(cls, store: Store) -> Run:
        """Read it; where none is published, or it did not keep how it weighed, what is usual holds."""
        row = next(iter(store.read("read/current_run")), {})
        names = ("gap_days", "gap_scale", "most")
        kept = json.loads(row.get("parameters") or "{}").get("evidence", {})
        weighed = kept if all(name in kept for name in names) else _usual()
        return cls(row.get("id"), row.get("started_at"), *(float(weighed[name]) for name in names))

    def still(self, idle: int) -> float:
        """Return the probability that a thing was the same operation's after so many idle days."""
        return math.exp(-max(idle - self.gap_days, 0.0) / self.gap_scale)

    def lowered(self, weight: float, hub: float, idle: int) -> float:
        """Return what a thing of this weight (nats) and P(hub) says of two users with so many idle days between."""
        still = self.still(idle)
        return weight if still == 1 else min(weight, nats((1 - hub) * still, self.most))


def _usual() -> dict[str, Any]:
    """Return how evidence is weighed where nothing else is said."""
    from graphsvc.links.evidence import EvidenceOptions  # brings scipy, and is rarely needed

    return vars(EvidenceOptions())


def nats(same: float, most: float) -> float:
    """Return what sharing a thing weighs that means one operation with probability ``same``."""
    return -math.log(max(1 - same, math.exp(-most)))


def idle_days(a: Span, b: Span) -> int:
    """Return the days between two spans, 0 where they overlap or it is unknown."""
    gaps = [(later[0] - earlier[1]).days for earlier, later in ((a, b), (b, a)) if earlier[1] and later[0]]
    return max(0, *gaps) if gaps else 0


def days_text(idle: int) -> str:
    """Return how a remark says for how long something lay idle."""
    return f"idle for {idle} days between the two"


def judged_of(store: Store, sellers: Sequence[str], run: Run, *, together: bool) -> tuple[Judged, ...]:
    """Return what people know of pairs of some stores; ``together``: the run has put them in one group.

    Facts of operations do not tell when they were loaded: those dated later than the run cannot have bound it, nor can
    those whose stores it has left apart.
    """

    def bound(row: Row) -> bool:
        if run.started is None or row["kind"] == "unsure" or together != (row["kind"] in (SAME, OPERATION)):
            return False
        if row["kind"] == OPERATION:
            return row["at"] is None or bool(row["at"] <= run.started.date())
        return bool(row["at"] <= run.started) and (
            row["revoked"] is None or bool(row["revoked"] > run.started)
        )

    return tuple(
        Judged(
            row["id"],
            row["kind"],
            row["a"],
            row["b"],
            row["by"],
            iso(row["at"]),
            row["reason"],
            iso(row["revoked"]),
            bound(row),
        )
        for row in store.read("read/why_judged", sellers=list(sellers))
    )


def iso(moment: date | None) -> str | None:
    """Return a date or time in ISO form."""
    return moment.isoformat() if moment else None


def weightiest(share: Shared) -> tuple[float, str, tuple[str, ...]]:
    """Order what is shared, weightiest first."""
    return -(share.weight or 0.0), share.identifier, share.through


@dataclass(frozen=True)
class Group:
    """A group as a bipartite graph: its stores, and what ties them.

    Nodes that are texts are stores. The others are ``(key, episode)``: a shared thing (``shares``), once for each time
    that its users are not far apart, or a word that bound the run (``bound``). ``parts`` of a node are the identifiers
    without which it would be none; ``via`` of an edge are the accounts by which a store and a holder are known.
    """

    stores: frozenset[str]
    core: frozenset[str]
    shares: Mapping[str, Shared]
    spans: Mapping[str, Mapping[str, Span]]
    words: tuple[Judged, ...]
    run: Run
    graph: nx.Graph[Any]

    @property
    def bound(self) -> dict[str, Judged]:
        """The words that tie stores, by key."""
        return {f"{w.id} {w.b}": w for w in self.words if w.bound and w.kind in (SAME, OPERATION)}

    def shared_by(self, seller: str) -> list[Shared]:
        """What a store shares with the group, weightiest first."""
        keys = {key for key, _ in self.graph.neighbors(seller)}
        return sorted((self.shares[key] for key in keys if key in self.shares), key=weightiest)

    def tied_to(self, seller: str) -> str:
        """Whether a store's place is told by what leads to the core, or (of the core, or without one) to the rest."""
        return CORE if seller not in self.core and self.reach(seller) & self.core else REST

    def targets(self, seller: str) -> frozenset[str]:
        """The stores that its place hangs on: see :meth:`tied_to`."""
        return self.core if self.tied_to(seller) == CORE else self.stores - {seller}

    def reach(self, seller: str, graph: nx.Graph[Any] | None = None) -> set[str]:
        """The other stores that something leads to."""
        found = nx.node_connected_component(self.graph if graph is None else graph, seller)
        return {node for node in found if isinstance(node, str)} - {seller}

    def path_out(self, seller: str) -> tuple[Hop, ...]:
        """The strongest chain to the nearest store of the core, or to the best-connected one of the rest."""
        reach = self.reach(seller) & self.targets(seller)
        if not reach:
            return ()
        if self.tied_to(seller) == CORE:
            costs = nx.single_source_dijkstra_path_length(self.graph, seller, weight="cost")
            return self.path(seller, min(reach, key=lambda s: (round(costs[s], 9), s)))
        return self.path(seller, min(reach, key=lambda s: (-len(self.shared_by(s)), s)))

    def path(self, a: str, b: str) -> tuple[Hop, ...]:
        """The strongest chain between two stores, empty where there is none: the product of its hops' probabilities."""
        first, last = sorted((a, b))  # the same way there and back
        try:
            nodes = nx.shortest_path(self.graph, first, last, weight="cost")
        except nx.NetworkXNoPath:
            return ()
        if a != first:
            nodes.reverse()
        stores = [place for place, node in enumerate(nodes) if isinstance(node, str)]
        return tuple(
            self._hop(nodes[one], nodes[one + 1][0], nodes[other]) for one, other in pairwise(stores)
        )

    def _hop(self, start: str, key: str, end: str) -> Hop:
        word = self.bound.get(key)
        if word:
            label = Label.OPERATION if word.kind == OPERATION else Label.JUDGEMENT
            return Hop(start, word.id, label.value, word.text, end, 0.0, word.reason or "")
        share, spans = self.shares[key], self.spans[key]
        idle = idle_days(spans[start], spans[end])
        weight = self.run.lowered(share.weight or 0.0, share.hub_probability or 0.0, idle)
        remark = days_text(idle) if idle > self.run.gap_days else ""
        return Hop(start, share.identifier, share.label, share.name, end, weight, remark)

    def without(self, seller: str, innocent: str, name: str) -> Innocence:
        """What an identifier's innocence does to a store."""
        graph = self.graph
        left = self.reach(
            seller,
            nx.subgraph_view(
                graph,
                filter_node=lambda node: innocent not in graph.nodes[node]["parts"],
                filter_edge=lambda u, v: graph.edges[u, v]["via"] != {innocent},
            ),
        )
        lost = len(self.reach(seller)) - len(left)
        return Innocence(innocent, name, bool(left & self.targets(seller)), len(left), lost)

    def by_people(self, seller: str) -> int:
        """How many stores nothing but people's words leads to."""
        bound = self.bound
        shared = nx.subgraph_view(self.graph, filter_node=lambda n: isinstance(n, str) or n[0] not in bound)
        return len(self.reach(seller)) - len(self.reach(seller, shared))


def read_group(store: Store, node: str, run: Run) -> Group:
    """Read a group of the published run."""
    members = store.read("read/racket_members", node=node, limit=_ALL)
    stores = frozenset(row["id"] for row in members)
    uses: dict[str, list[Row]] = defaultdict(list)
    for use in store.read("read/why_group", node=node, run=run.id):
        uses[use["identifier"] + (_HELD if use["account"] else "")].append(use)
    near = store.read("read/why_group_near", node=node, run=run.id)
    group = Group(
        stores,
        frozenset(row["id"] for row in members if row["role"] == CORE),
        {**_of_uses(uses), **_of_near(near, run)},
        {
            **{key: _spans(rows) for key, rows in uses.items()},
            **{_pair(row): dict.fromkeys(row["sellers"], (None, None)) for row in near},
        },
        judged_of(store, sorted(stores), run, together=True),
        run,
        nx.Graph(),
    )
    _tie(group, uses, near)
    return group


def _tie(group: Group, uses: Mapping[str, Sequence[Row]], near: Iterable[Row]) -> None:
    """Add to a group's graph its stores, what they share, and the words that bind them."""
    group.graph.add_nodes_from(sorted(group.stores), parts=frozenset())
    parts = {_pair(row): frozenset({row["a"], row["b"], _pair(row)}) for row in near}
    for key, share in group.shares.items():
        via: dict[str, set[str]] = defaultdict(set)
        for use in uses.get(key, ()):
            via[use["seller"]] |= {use["account"]} - {None}
        _add(group, key, share, parts.get(key, frozenset({share.identifier})), via)
    for key, word in group.bound.items():
        group.graph.add_node((key, 0), parts=frozenset())
        group.graph.add_edges_from(((end, (key, 0)) for end in (word.a, word.b)), cost=_STEP, via=frozenset())


def _add(group: Group, key: str, share: Shared, parts: frozenset[str], via: Mapping[str, set[str]]) -> None:
    """Add a shared thing to a group's graph, with its users."""
    graph, hub = group.graph, share.hub_probability or 0.0
    # A path is as probable as the product of its hops: an edge costs half a hop's negative logarithm.
    cost = -math.log(max(1 - hub, 1e-6)) / 2 + _STEP
    before: date | None = None
    for episode, (users, since, until) in enumerate(_episodes(group.spans[key], group.run.gap_days)):
        graph.add_node((key, episode), parts=parts)
        for seller in users:
            graph.add_edge(seller, (key, episode), cost=cost, via=frozenset(via.get(seller, ())))
        still = group.run.still((since - before).days) if since and before else 1.0
        if episode and (1 - hub) * still >= MEANS:
            graph.add_edge((key, episode - 1), (key, episode), cost=-math.log(still), via=frozenset())
        before = until


def _episodes(spans: Mapping[str, Span], gap_days: float) -> list[tuple[list[str], date | None, date | None]]:
    """Part a thing's users where it lay idle for long: the users of each episode, its first and its last day."""
    parted: list[tuple[list[str], date | None, date | None]] = []
    for seller, (first, last) in sorted(spans.items(), key=lambda item: (item[1][0] or date.min, item[0])):
        if parted:
            users, since, until = parted[-1]
            if first is None or until is None or (first - until).days <= gap_days:
                parted[-1] = ([*users, seller], since, max(until, last) if until and last else None)
                continue
        parted.append(([seller], first, last))
    return parted


def _of_uses(uses: Mapping[str, Sequence[Row]]) -> dict[str, Shared]:
    """Return what at least two of a group's stores use, and what means anything."""
    shares: dict[str, Shared] = {}
    for key in sorted(uses):
        first, users = uses[key][0], {row["seller"] for row in uses[key]}
        if len(users) < 2 or first["weight"] < MEANS:
            continue
        held = "holds accounts of" if first["account"] else "used by"
        shares[key] = Shared(
            first["identifier"],
            first["label"],
            first["name"],
            first["weight"],
            first["hubProbability"],
            first["stores"],
            tuple(sorted({row["type"] for row in uses[key]})),
            tuple(sorted({row["source"] for row in uses[key] if row["source"]})),
            remark=f"{held} {len(users)} of the group's stores",
        )
    return shares


def _of_near(near: Iterable[Row], run: Run) -> dict[str, Shared]:
    """Return what a group's stores perhaps share: two spellings, used as one thing."""
    shares: dict[str, Shared] = {}
    for row in near:
        same = row["probability"] * (1 - row["hubProbability"])
        weight = nats(same, run.most)
        if weight < MEANS:
            continue
        shares[_pair(row)] = Shared(
            _pair(row),
            row["label"],
            f"{row['aName']} ~ {row['bName']}",
            weight,
            1 - same,
            None,
            (Rel.SIMILAR_TO.value,),
            remark=f"perhaps the same (probability {row['probability']:.2f}): used by {len(row['sellers'])} of the "
            "group's stores",
        )
    return shares


def _pair(row: Row) -> str:
    """Return the key of two things that are perhaps the same."""
    return f"{row['a']}~{row['b']}"


def _spans(rows: Iterable[Row]) -> dict[str, Span]:
    """Return when each store used a thing; where nobody saw it, the store's own life bounds it."""
    by_store: dict[str, list[Row]] = defaultdict(list)
    for row in rows:
        by_store[row["seller"]].append(row)
    return {
        seller: (
            min((r["firstSeen"] for r in of if r["firstSeen"]), default=of[0]["opened"]),
            max((r["lastSeen"] for r in of if r["lastSeen"]), default=of[0]["closed"]),
        )
        for seller, of in by_store.items()
    }
