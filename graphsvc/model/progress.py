"""How long work tells a person where it stands, without knowing whether anybody looks."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from typing import Protocol

Advance = Callable[[int], None]
"""Called with the number of units done since the last call."""


class Progress(Protocol):
    """Reports named steps; the command line draws bars, tests and libraries stay silent."""

    def step(self, what: str, total: int | None = None) -> AbstractContextManager[Advance]:
        """Open a step called ``what`` of ``total`` units (None: unknown)."""
        ...


class _Silent:
    @contextmanager
    def step(self, what: str, total: int | None = None) -> Iterator[Advance]:
        yield lambda units: None


SILENT: Progress = _Silent()
"""A progress that says nothing."""
