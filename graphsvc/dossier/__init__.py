"""One composed document per racket, and thin renderers beside it."""

from __future__ import annotations

from graphsvc.dossier.compose import compose
from graphsvc.dossier.model import Dossier

__all__ = ["Dossier", "compose"]
