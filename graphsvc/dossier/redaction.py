"""What a reader bound to brands does not see: other brands' trade, and the people behind it.

Pure functions from a whole document to what may be shown; the bound of jurisdictions is on which rackets
are seen, not on what is seen of them, for an operation crosses borders.
"""

from __future__ import annotations

from dataclasses import replace

from graphsvc.casework.access import Scope, brand_key
from graphsvc.dossier.model import Dossier, DossierChokePoint, Evidence, NotAvailable, Site
from graphsvc.rackets.published import GraphNode, RacketGraph, RacketSummary

WITHHELD = "withheld"
"""Stands where a name or an id is kept from the reader."""

_HIDDEN = {
    "accounts": "Payment accounts are shown to investigators and the police only.",
    "people": "People are shown to investigators and the police only.",
    "contacts": "Telephones, e-mail addresses and licences are shown to investigators and the police only.",
    "outcomes": "Operations are shown to investigators and the police only.",
    "estimated value": "It would cover the sales of other brands.",
    "other brands": "Only your own brands are shown.",
}


def redacted(dossier: Dossier, scope: Scope) -> Dossier:
    """Return the dossier as a reader of this scope may see it (unsealed)."""
    if not scope.brands:
        return dossier
    hidden = tuple(NotAvailable(part=part, why=why) for part, why in _HIDDEN.items())
    kept = tuple(entry for entry in dossier.not_available if entry.part not in _HIDDEN)
    figures = dossier.figures.model_copy(update={"estimated_value": None, "why": {}})
    return dossier.model_copy(
        update={
            "figures": figures,
            "accounts": (),
            "people": (),
            "contacts": (),
            "outcomes": (),
            "brands": tuple(brand for brand in dossier.brands if brand_key(brand.id) in scope.brands),
            "sites": tuple(_site(site) for site in dossier.sites),
            "evidence": tuple(_evidence(one) for one in dossier.evidence),
            "choke_points": tuple(_choke_point(one) for one in dossier.choke_points),
            "test_buys": tuple(buy.model_copy(update={"account": None}) for buy in dossier.test_buys),
            "not_available": kept + hidden,
        }
    )


def _site(site: Site) -> Site:
    place = "".join(filter(None, (site.province, site.city, site.district))) or WITHHELD
    return site.model_copy(
        update={"id": site.ref, "text": place, "latitude": None, "longitude": None, "service": None}
    )


def _evidence(one: Evidence) -> Evidence:
    return one.model_copy(update={"id": one.ref, "name": WITHHELD, "sources": ()})


def _choke_point(one: DossierChokePoint) -> DossierChokePoint:
    return one.model_copy(update={"id": one.ref, "name": WITHHELD})


def summary_for(racket: RacketSummary, scope: Scope) -> RacketSummary:
    """Return a racket's row as a reader of this scope may see it."""
    if not scope.brands:
        return racket
    own = tuple(brand for brand in racket.brands if brand_key(brand) in scope.brands)
    chokes = tuple(
        replace(c, id=f"{c.label}-{n}", name=WITHHELD) for n, c in enumerate(racket.choke_points, 1)
    )
    return replace(racket, brands=own, estimated_value=None, why={}, choke_points=chokes)


def graph_for(graph: RacketGraph, scope: Scope) -> RacketGraph:
    """Return a racket's picture as a reader of this scope may see it."""
    if not scope.brands:
        return graph
    hidden = {n.id: f"{n.label}-{i}" for i, n in enumerate(graph.nodes, 1) if n.label != "Seller"}
    return replace(
        graph,
        nodes=tuple(_graph_node(node, hidden) for node in graph.nodes),
        edges=tuple(replace(edge, identifier=hidden[edge.identifier]) for edge in graph.edges),
    )


def _graph_node(node: GraphNode, hidden: dict[str, str]) -> GraphNode:
    return replace(node, id=hidden[node.id], name=WITHHELD) if node.id in hidden else node
