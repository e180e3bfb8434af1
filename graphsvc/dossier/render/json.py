"""JSON: the document itself."""

from __future__ import annotations

import orjson

from graphsvc.dossier.model import Dossier


def render(dossier: Dossier) -> bytes:
    """Return the dossier as indented JSON; its seal is over the canonical form, not these bytes."""
    return orjson.dumps(dossier.model_dump(mode="json"), option=orjson.OPT_INDENT_2) + b"\n"
