"""The whole command line, run in this process against a test's store."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from typer.testing import CliRunner, Result

from graphsvc.cli.context import CONTEXT
from graphsvc.cli.main import app
from graphsvc.store.driver import Store


@pytest.fixture
def graphsvc(monkeypatch: pytest.MonkeyPatch) -> Callable[[Store], Callable[..., Result]]:
    """``graphsvc(store)`` returns what runs a command line: ``run("rackets", "--top", 3)``."""

    def on(store: Store) -> Callable[..., Result]:
        monkeypatch.setenv("NEO4J_URI", store.address.uri)
        monkeypatch.setenv("NEO4J_PASSWORD", store.address.password)
        for name in ("json", "quiet"):  # put back afterwards, whatever a command sets
            monkeypatch.setattr(CONTEXT, name, getattr(CONTEXT, name))
        return lambda *words: CliRunner().invoke(app, [*map(str, words)])

    return on
