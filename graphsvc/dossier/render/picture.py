"""The network picture: stores around what they share, as one SVG. The same dossier gives the same picture."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import networkx as nx
from markupsafe import Markup, escape

from graphsvc.dossier.model import Dossier, Evidence

HUB = 0.5
"""From this probability of serving the public on, an identifier is left out of the picture."""
MOST_STORES, MOST_IDENTIFIERS = 150, 60
_SMALL = 80
_WIDTH, _MARGIN = 1000.0, 34.0

Place = tuple[float, float]

COLOURS = {
    "Seller": "#2f6db3",
    "Address": "#e08e0b",
    "PaymentAccount": "#c2371e",
    "Warehouse": "#a24f96",
    "Phone": "#1d8a5f",
    "Email": "#3aa0c8",
    "Licence": "#8a7a00",
    "Person": "#6b6f76",
}


@dataclass(frozen=True)
class Picture:
    """The SVG with what was left out of it."""

    svg: Markup
    stores: int
    identifiers: int
    labels: tuple[str, ...]
    hubs_left_out: int
    unlinked: int


def draw(dossier: Dossier) -> Picture:
    """Draw the surest stores and the most telling identifiers they share.

    Layout: Kamada and Kawai (1989) for small groups, Fruchterman and Reingold (1991), seeded, for larger
    ones; separate pieces are laid out apart and packed in rows.
    """
    telling = [e for e in dossier.evidence if (e.hub_probability or 0.0) < HUB]
    kept = telling[:MOST_IDENTIFIERS]
    stores = [s.ref for s in dossier.stores[:MOST_STORES]]
    graph: nx.Graph[str] = nx.Graph()
    shown, drawn = set(stores), {e.ref for e in kept}
    for use in sorted(dossier.network, key=lambda u: (u.store, u.identifier)):
        if use.store in shown and use.identifier in drawn:
            graph.add_edge(use.store, use.identifier)
    places, height = _packed(graph)
    urgent = {c.ref for c in dossier.choke_points[:3]}
    present = [e for e in kept if e.ref in places]
    parts = [_edges(graph, places), *_identifiers(present, places, urgent)]
    titles = {store.ref: f"{store.ref} {store.name}" for store in dossier.stores}
    parts += [_store(ref, places[ref], titles[ref]) for ref in stores if ref in places]
    title = escape(f"{dossier.name}: {len(places) - len(present)} / {len(present)}")
    svg = Markup(
        '<svg class="network" viewBox="0 0 {w:.0f} {h:.0f}" role="img" xmlns="http://www.w3.org/2000/svg"><title>{t}</title>{b}</svg>'
    ).format(w=_WIDTH, h=height, t=title, b=Markup("").join(parts))
    drawn_stores = sum(ref in places for ref in stores)
    return Picture(
        svg,
        drawn_stores,
        len(present),
        tuple(sorted({e.label for e in present})),
        len(dossier.evidence) - len(telling),
        len(stores) - drawn_stores,
    )


def _packed(graph: nx.Graph[str]) -> tuple[dict[str, Place], float]:
    """Lay out each connected piece in a box sized by its number of nodes and pack the boxes in rows."""
    pieces = sorted(
        (sorted(piece) for piece in nx.connected_components(graph)), key=lambda piece: (-len(piece), piece)
    )
    if not pieces:
        return {}, 60.0
    largest = len(pieces[0])
    places: dict[str, Place] = {}
    left, top, row = 0.0, 0.0, 0.0
    for piece in pieces:
        share = math.sqrt(len(piece) / largest)
        width = _WIDTH if len(pieces) == 1 else max(130.0, min(_WIDTH, 0.72 * _WIDTH * share))
        height = max(110.0, min(640.0, 90.0 * math.sqrt(len(piece)) * (1.25 if len(pieces) == 1 else 1.0)))
        if left and left + width > _WIDTH:
            left, top, row = 0.0, top + row, 0.0
        for node, (x, y) in _laid_out(graph, piece).items():
            places[node] = (
                left + _MARGIN + x * (width - 2 * _MARGIN),
                top + _MARGIN + y * (height - 2 * _MARGIN),
            )
        left, row = left + width, max(row, height)
    return places, top + row


def _laid_out(graph: nx.Graph[str], piece: Sequence[str]) -> dict[str, Place]:
    """Return places in the unit square for one connected piece."""
    ordered: nx.Graph[str] = nx.Graph()
    ordered.add_nodes_from(piece)
    ordered.add_edges_from(sorted((min(a, b), max(a, b)) for a, b in graph.subgraph(piece).edges))
    if len(piece) <= _SMALL:
        raw = nx.kamada_kawai_layout(ordered)
    else:
        raw = nx.spring_layout(ordered, seed=7, iterations=150, k=2.2 / math.sqrt(len(piece)))
    spread = [(float(x), float(y)) for x, y in (raw[node] for node in piece)]
    xs, ys = [x for x, _ in spread], [y for _, y in spread]
    wide, high = max(xs) - min(xs), max(ys) - min(ys)
    if high > wide:  # Boxes are wider than high: lie the piece down.
        xs, ys, wide, high = ys, xs, high, wide
    return {
        node: ((x - min(xs)) / (wide or 1.0) if wide else 0.5, (y - min(ys)) / (high or 1.0) if high else 0.5)
        for node, x, y in zip(piece, xs, ys, strict=True)
    }


def _edges(graph: nx.Graph[str], places: dict[str, Place]) -> Markup:
    lines = []
    for a, b in sorted((min(a, b), max(a, b)) for a, b in graph.edges):
        (x1, y1), (x2, y2) = places[a], places[b]
        lines.append(f"M{x1:.1f} {y1:.1f}L{x2:.1f} {y2:.1f}")
    return Markup('<path class="uses" d="{}"/>').format("".join(lines))


def _identifiers(evidence: list[Evidence], places: dict[str, Place], urgent: set[str]) -> list[Markup]:
    return [_identifier(one, places[one.ref], one.ref in urgent) for one in evidence]


def _identifier(one: Evidence, place: Place, urgent: bool) -> Markup:
    x, y = place
    half_height = 11.0
    half_width = 7.0 + 4.4 * len(one.ref)
    halo = (
        Markup('<rect class="urgent" x="{:.1f}" y="{:.1f}" width="{:.1f}" height="{:.1f}" rx="7"/>').format(
            x - half_width - 5, y - half_height - 5, 2 * half_width + 10, 2 * half_height + 10
        )
        if urgent
        else Markup("")
    )
    return Markup(
        "<g><title>{title}</title>{halo}"
        '<rect x="{x:.1f}" y="{y:.1f}" width="{w:.1f}" height="{h:.1f}" rx="4" fill="{c}"/>'
        '<text x="{tx:.1f}" y="{ty:.1f}">{ref}</text></g>'
    ).format(
        title=f"{one.ref} {one.name}",
        halo=halo,
        x=x - half_width,
        y=y - half_height,
        w=2 * half_width,
        h=2 * half_height,
        c=COLOURS[one.label],
        tx=x,
        ty=y + 4.6,
        ref=one.ref,
    )


def _store(ref: str, place: Place, title: str) -> Markup:
    x, y = place
    return Markup(
        '<g class="store"><title>{title}</title><circle cx="{x:.1f}" cy="{y:.1f}" r="15"/>'
        '<text x="{x:.1f}" y="{ty:.1f}">{ref}</text></g>'
    ).format(title=title, x=x, y=y, ty=y + 4.2, ref=ref)
