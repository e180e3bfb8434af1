"""How the service is and what it did in a month."""

from __future__ import annotations

from datetime import date
from typing import Literal

from graphsvc.api.schemas.base import Public


class Figure(Public):
    """One figure; null with the reason where it is not available."""

    name: str
    value: float | None
    unit: str
    why: str | None


class Report(Public):
    """Figures of a month, within what the key may see."""

    period: str
    first: date
    last: date
    figures: tuple[Figure, ...]


class Check(Public):
    """One readiness check."""

    name: str
    holds: bool
    detail: str


class Readiness(Public):
    """Whether requests can be served, and what speaks against it."""

    ready: bool
    checks: tuple[Check, ...]


class Alive(Public):
    """The process answers."""

    alive: Literal[True] = True
    version: str
