"""GraphML: stores, what they share, and who uses what, for network tools."""

from __future__ import annotations

import io
import re

import networkx as nx

from graphsvc.dossier.model import Dossier

_NOT_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def render(dossier: Dossier) -> bytes:
    """Return the network as GraphML 1.0; -1 stands for what the run did not assess."""
    graph: nx.Graph[str] = nx.Graph(
        racket=_text(dossier.racket), run=_text(dossier.run.id), sha256=dossier.content_sha256
    )
    for store in dossier.stores:
        graph.add_node(
            store.ref, label="Seller", name=_text(store.name), id=_text(store.id), confidence=store.confidence
        )
    weights: dict[str, float] = {}
    for one in dossier.evidence:
        graph.add_node(
            one.ref, label=one.label, name=_text(one.name), id=_text(one.id), hub=_number(one.hub_probability)
        )
        weights[one.ref] = _number(one.weight)
    for use in dossier.network:
        graph.add_edge(
            use.store, use.identifier, types=" ".join(use.types), weight=weights.get(use.identifier, -1.0)
        )
    out = io.BytesIO()
    nx.write_graphml_xml(graph, out, encoding="utf-8")
    return out.getvalue()


def _number(value: float | None) -> float:
    """Return -1 for what the run did not assess: GraphML has no missing numbers."""
    return -1.0 if value is None else value


def _text(value: str) -> str:
    """Drop characters that XML cannot hold."""
    return _NOT_XML.sub("", value)
