"""Settings to an open store, and the key of the account hashes."""

from __future__ import annotations

import stat

import pytest

from graphsvc.connect import account_key, open_store
from graphsvc.model.errors import StoreUnavailable
from graphsvc.settings import read_settings as settings
from graphsvc.store.local import LocalNeo4j, process

KEY = "2f8a91c4d07be6530f"


@pytest.mark.neo4j
def test_the_local_store_is_opened_with_its_schema(
    neo4j_2026: LocalNeo4j, monkeypatch: pytest.MonkeyPatch
) -> None:
    address = neo4j_2026.start().address
    monkeypatch.setenv("GRAPHSVC_HOME", str(neo4j_2026.config.home))
    with open_store(settings()) as store:
        assert store.address == address
        assert store.version().startswith("2026.08")


@pytest.mark.neo4j
def test_a_server_that_is_set_is_used_and_none_is_started(
    neo4j_526: LocalNeo4j, monkeypatch: pytest.MonkeyPatch
) -> None:
    address = neo4j_526.start().address
    monkeypatch.setenv("NEO4J_URI", address.uri)
    monkeypatch.setenv("NEO4J_PASSWORD", address.password)
    with open_store(settings()) as store:
        assert store.version().startswith("5.26")
    assert not settings().home.exists()


def test_a_server_that_is_set_and_away_is_an_error_and_none_is_started(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    port = process.choose_port(0, 0, "")
    monkeypatch.setenv("NEO4J_URI", f"bolt://127.0.0.1:{port}")
    with pytest.raises(StoreUnavailable, match="cannot be reached"):
        open_store(settings())
    assert not settings().home.exists()


def test_a_local_server_that_may_not_be_started() -> None:
    with pytest.raises(StoreUnavailable, match="graphsvc neo4j start"):
        open_store(settings(), start=False)
    assert not settings().home.exists()


def test_the_local_key_is_made_once_and_kept_secret() -> None:
    first = account_key(settings())
    assert len(first) >= 32
    assert account_key(settings()) == first
    path = settings().home / "secrets" / "account-key"
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert stat.S_IMODE(settings().home.stat().st_mode) == 0o700
    path.chmod(0o644)
    with pytest.raises(StoreUnavailable, match="can be read by other users"):
        account_key(settings())


def test_a_shared_server_needs_a_key_of_its_own(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NEO4J_URI", "bolt://127.0.0.1:1")
    with pytest.raises(StoreUnavailable, match="GRAPHSVC_ACCOUNT_KEY is not set"):
        account_key(settings())
    monkeypatch.setenv("GRAPHSVC_ACCOUNT_KEY", KEY)
    assert account_key(settings()) == KEY.encode()


@pytest.mark.parametrize("key", ["", "short", "changeme-changeme-changeme", "a" * 40, "password1234567890"])
def test_an_obvious_key_is_refused_and_not_repeated(monkeypatch: pytest.MonkeyPatch, key: str) -> None:
    monkeypatch.setenv("GRAPHSVC_ACCOUNT_KEY", key)
    with pytest.raises(StoreUnavailable, match="short or obvious") as caught:
        account_key(settings())
    assert len(key) < 6 or key not in str(caught.value)
