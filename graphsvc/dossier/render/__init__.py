"""Thin renderers: a dossier in, bytes out. None of them reads the store or decides what is shown."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from graphsvc.dossier.model import Dossier
from graphsvc.dossier.render import geojson, graphml, html, tables
from graphsvc.dossier.render import json as json_document
from graphsvc.model.errors import BadInput


@dataclass(frozen=True)
class Format:
    """A form a dossier comes in: what it is called, its media type and file suffix."""

    name: str
    media_type: str
    render: Callable[[Dossier, str], bytes]


FORMATS: dict[str, Format] = {
    form.name: form
    for form in (
        Format("json", "application/json", lambda dossier, language: json_document.render(dossier)),
        Format("html", "text/html", html.render),
        Format("csv", "text/csv", lambda dossier, language: tables.render(dossier)),
        Format("graphml", "application/graphml+xml", lambda dossier, language: graphml.render(dossier)),
        Format("geojson", "application/geo+json", lambda dossier, language: geojson.render(dossier)),
    )
}
"""All forms by name, the preferred first."""


def form(name: str) -> Format:
    """Return the form called ``name``; BadInput naming those there are for any other."""
    if name not in FORMATS:
        raise BadInput(f"A dossier cannot be written as '{name}' yet.", f"Use one of: {', '.join(FORMATS)}.")
    return FORMATS[name]
