"""GeoJSON: the sites that have coordinates."""

from __future__ import annotations

import orjson

from graphsvc.dossier.model import Dossier, Site


def render(dossier: Dossier) -> bytes:
    """Return a FeatureCollection of points (WGS 84); ``unlocated`` counts sites without coordinates."""
    located = [site for site in dossier.sites if site.latitude is not None and site.longitude is not None]
    return (
        orjson.dumps(
            {
                "type": "FeatureCollection",
                "racket": dossier.racket,
                "run": dossier.run.id,
                "content_sha256": dossier.content_sha256,
                "unlocated": len(dossier.sites) - len(located),
                "features": [_feature(site) for site in located],
            },
            option=orjson.OPT_INDENT_2,
        )
        + b"\n"
    )


def _feature(site: Site) -> dict[str, object]:
    properties = site.model_dump(mode="json", exclude={"latitude", "longitude"})
    return {
        "type": "Feature",
        "id": site.ref,
        "properties": properties,
        "geometry": {"type": "Point", "coordinates": [site.longitude, site.latitude]},
    }
