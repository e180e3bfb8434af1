"""Why: why a store is in its group, why two stores are linked, what an identifier means, and what speaks against.

Every weight shown is the one the published run used; facts are read as they are now.
"""

from __future__ import annotations

import math
from collections import defaultdict
from dataclasses import dataclass, field
from typing import Any

import networkx as nx

from graphsvc.model.errors import NotFound
from graphsvc.model.graph import IDENTIFIER_LABELS
from graphsvc.store.driver import Store

_SHOWN = 10
_MEANS = 0.02


@dataclass(frozen=True)
class Shared:
    """Something two or more stores have in common: ``weight`` in nats, 0 for a hub; None where no run assessed it."""

    identifier: str
    label: str
    name: str
    weight: float | None
    hub_probability: float | None
    stores: int | None
    through: tuple[str, ...] = ()
    sources: tuple[str, ...] = ()
    seen: dict[str, str | None] = field(default_factory=dict)
    remark: str = ""


@dataclass(frozen=True)
class Hop:
    """One step of a path: from a store, by an identifier, to another store."""

    seller: str
    identifier: str
    label: str
    name: str
    to: str
    weight: float


@dataclass(frozen=True)
class Innocence:
    """What happens to the store if one identifier proves innocent: still connected to the core or not."""

    identifier: str
    name: str
    stays: bool


@dataclass(frozen=True)
class WhyMember:
    """Why a store is in its group.

    ``apart`` counts the stores of the group to which no chain of what is shared, or perhaps the same, leads: behaviour
    alone joined them. None where the run did not count them.
    """

    seller: str
    name: str
    racket: str
    run: str
    rank: int
    status: str
    racket_confidence: float
    confidence: float
    role: str
    counterfeit: float
    stability: float | None
    apart: int | None
    shares: tuple[Shared, ...]
    path: tuple[Hop, ...]
    if_innocent: tuple[Innocence, ...]


@dataclass(frozen=True)
class WhyLinked:
    """Why two stores are linked: ``weight`` adds the best identifier of each kind; above 3 nats is strong.

    ``behaviour`` and ``against`` are rows of ``what`` and ``about``. Behaviour is weighed between groups, not here.
    """

    a: str
    b: str
    same_racket: str | None
    weight: float
    shares: tuple[Shared, ...]
    nearly: tuple[dict[str, Any], ...]
    behaviour: tuple[dict[str, str], ...]
    against: tuple[dict[str, Any], ...]


def find_seller(store: Store, seller: str) -> str:
    """Return the node id of a store given by node id or by the id as received.

    Raises
    ------
    NotFound
        If there is none, or if several marketplaces have that id.
    """
    rows = store.read("read/seller_named", seller=seller)
    if not rows:
        raise NotFound(
            f"There is no store '{seller}'.", "Give the seller_id as received, or marketplace:seller_id."
        )
    exact = [row["id"] for row in rows if row["id"] == seller]
    if not exact and len(rows) > 1:
        raise NotFound(
            f"Several stores have the id '{seller}'.", f"Give one of: {', '.join(row['id'] for row in rows)}."
        )
    return str(exact[0] if exact else rows[0]["id"])


def why_member(store: Store, seller: str) -> WhyMember:
    """Explain a store's membership in the published run.

    Raises
    ------
    NotFound
        If the store is unknown, or is in no group: then it shares nothing that means anything.
    """
    seller = find_seller(store, seller)
    rows = store.read("read/why_membership", seller=seller)
    if not rows:
        raise NotFound(
            f"The store '{seller}' is in no group of the published run.",
            "It shares nothing with others that is not public.",
        )
    at = rows[0]
    group = _group(store.read("read/why_group", node=at["node"], run=at["run"]))
    core = group.core(seller)
    mine = group.shared_by(seller)[:_SHOWN]
    return WhyMember(
        seller,
        group.names.get(seller, seller),
        at["racket"],
        at["run"],
        at["rank"],
        at["status"],
        at["racketConfidence"],
        at["confidence"],
        at["role"],
        at["counterfeit"],
        at["stability"],
        at["apart"],
        tuple(mine),
        group.path(seller, core),
        tuple(Innocence(s.identifier, s.name, group.stays(seller, core, s.identifier)) for s in mine),
    )


def why_linked(store: Store, a: str, b: str) -> WhyLinked:
    """Explain what two stores share, what they almost share, how they behave, and what speaks against a link.

    Raises
    ------
    NotFound
        If a store is unknown.
    """
    a, b = find_seller(store, a), find_seller(store, b)
    rackets = [{row["racket"] for row in store.read("read/why_membership", seller=s)} for s in (a, b)]
    shares = tuple(_shared(row) for row in store.read("read/why_shared", a=a, b=b))
    best: dict[str, float] = {}
    for share in shares:
        best[share.label] = max(best.get(share.label, 0.0), share.weight or 0.0)
    return WhyLinked(
        a,
        b,
        next(iter(rackets[0] & rackets[1]), None),
        sum(best.values()),
        shares,
        tuple(store.read("read/why_near", a=a, b=b)),
        _behaviour(store.read("read/why_behaviour", a=a, b=b)[0]),
        tuple(store.read("read/why_against", a=a, b=b)),
    )


def identifier(store: Store, identifier_id: str) -> dict[str, Any]:
    """Return what an identifier is, who uses it (at most 100 stores) and what the published run made of it.

    Raises
    ------
    NotFound
        If there is no such identifier.
    """
    rows = store.read("read/identifier", {"LABEL": IDENTIFIER_LABELS}, identifier=identifier_id)
    if not rows:
        raise NotFound(
            f"There is no identifier '{identifier_id}'.", "Use an id as shown by `why` or in a dossier."
        )
    return rows[0]


def _behaviour(row: dict[str, Any]) -> tuple[dict[str, str], ...]:
    """Lay out what two stores do, as far as it is known of both."""
    words = set((row["aWords"] or "").split()) & set((row["bWords"] or "").split())
    prices = (row["aPrice"], row["bPrice"])
    said = {
        "both sell": ", ".join(row["brands"]),
        "words of both's titles": " ".join(sorted(words)),
        "opened": "" if row["days"] is None else f"{row['days']} days apart",
        "prices": "" if None in prices else "{:.2f} and {:.2f} of the usual".format(*prices),
    }
    return tuple({"what": what, "about": about} for what, about in said.items() if about)


def _shared(row: dict[str, Any]) -> Shared:
    remark = f"known public service: {row['service']}" if row["service"] else ""
    if row["hubProbability"] is None:
        remark = remark or "not assessed: shared since the published run"
    return Shared(
        row["identifier"],
        row["label"],
        row["name"],
        row["weight"],
        row["hubProbability"],
        row["stores"],
        tuple(sorted({*row["aTypes"], *row["bTypes"]})),
        tuple(sorted({s for s in row["sources"] if s})),
        {key: row[key] for key in ("aFirst", "aLast", "bFirst", "bLast")},
        remark,
    )


@dataclass(frozen=True)
class _Group:
    """A group as a bipartite graph of its stores and the meaningful identifiers that at least two of them use."""

    names: dict[str, str]
    shares: dict[str, Shared]
    graph: nx.Graph[str]

    def shared_by(self, seller: str) -> list[Shared]:
        """What a store shares with the group, weightiest first."""
        mine = [self.shares[i] for i in self.graph.neighbors(seller)] if seller in self.graph else []
        return sorted(mine, key=lambda s: (-(s.weight or 0.0), s.identifier))

    def core(self, seller: str) -> str | None:
        """The best-connected other store within reach (most shared identifiers; ties by id)."""
        if seller not in self.graph:
            return None
        reach = nx.node_connected_component(self.graph, seller)
        return min(
            (s for s in self.names if s in reach and s != seller),
            key=lambda s: (-self.graph.degree(s), s),
            default=None,
        )

    def path(self, seller: str, core: str | None) -> tuple[Hop, ...]:
        """The most probable chain of shared identifiers from a store to the core."""
        if core is None:
            return ()
        nodes = nx.shortest_path(self.graph, seller, core, weight="cost")
        steps = zip(nodes[0::2], nodes[1::2], nodes[2::2], strict=False)
        return tuple(
            Hop(
                start, via, self.shares[via].label, self.shares[via].name, end, self.shares[via].weight or 0.0
            )
            for start, via, end in steps
        )

    def stays(self, seller: str, core: str | None, without: str) -> bool:
        """Whether a store is still tied to the core once an identifier is taken for innocent."""
        return core is not None and nx.has_path(nx.restricted_view(self.graph, [without], []), seller, core)


def _group(uses: list[dict[str, Any]]) -> _Group:
    rows: dict[str, list[dict[str, Any]]] = defaultdict(list)
    for use in uses:
        rows[use["identifier"]].append(use)
    shares: dict[str, Shared] = {}
    graph: nx.Graph[str] = nx.Graph()
    for key in sorted(rows):
        first, users = rows[key][0], sorted({row["seller"] for row in rows[key]})
        if len(users) < 2 or first["weight"] < _MEANS:
            continue
        shares[key] = Shared(
            key,
            first["label"],
            first["name"],
            first["weight"],
            first["hubProbability"],
            first["stores"],
            tuple(sorted({r["type"] for r in rows[key]})),
            tuple(sorted({r["source"] for r in rows[key] if r["source"]})),
            remark=f"used by {len(users)} of the group's stores",
        )
        # A path is as probable as the product of its hops: an edge costs half a hop's negative logarithm.
        cost = -math.log(max(1 - first["hubProbability"], 1e-6)) / 2 + 0.05
        graph.add_edges_from(((seller, key) for seller in users), cost=cost)
    return _Group({use["seller"]: use["sellerName"] for use in uses}, shares, graph)
