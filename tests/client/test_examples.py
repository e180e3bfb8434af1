"""Every example in the client's documentation runs and gives what it says."""

from __future__ import annotations

import doctest
from pathlib import Path

import pytest

import graphsvc.client
from docs.python_client import documented
from graphsvc.store.address import ServerAddress
from tests.client.conftest import KEY

pytestmark = pytest.mark.neo4j


def test_every_example_gives_what_it_says(
    empty_server: ServerAddress, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The examples go on from each other in the order of the page, so they are one test."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("NEO4J_URI", empty_server.uri)
    monkeypatch.setenv("NEO4J_PASSWORD", empty_server.password)
    monkeypatch.setenv("GRAPHSVC_ACCOUNT_KEY", KEY)
    texts = {"graphsvc.client": graphsvc.client.__doc__ or ""}
    texts |= {entry.name: entry.text for entry in documented()}
    names: dict[str, object] = {}
    failed = []
    runner, parser, ran = doctest.DocTestRunner(verbose=False), doctest.DocTestParser(), 0
    try:
        for name, text in texts.items():
            test = parser.get_doctest(text, names, name, None, None)
            told: list[str] = []
            result = runner.run(test, out=told.append, clear_globs=False)
            names, ran = test.globs, ran + result.attempted
            if result.failed:
                failed.append("".join(told))
    finally:
        client = names.get("client")
        if isinstance(client, graphsvc.Client):
            client.close()
    assert not failed, "\n".join(failed)
    assert ran > 40
