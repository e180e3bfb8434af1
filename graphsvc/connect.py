"""What every root needs: the store that the settings mean, open and ready, and the key of account hashes."""

from __future__ import annotations

import secrets
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from typing import TYPE_CHECKING

from graphsvc.model.errors import StoreUnavailable
from graphsvc.model.progress import SILENT, Progress
from graphsvc.settings import Settings
from graphsvc.store import schema
from graphsvc.store.address import ServerAddress
from graphsvc.store.local import LocalConfig, LocalNeo4j
from graphsvc.store.local.files import locked, private_folder, read_secret, write_secret
from graphsvc.store.writer import alone, alone_at_home

if TYPE_CHECKING:
    from graphsvc.store.driver import Store

KEY_LENGTH = 16
"""Fewest characters of an account key."""
_OBVIOUS = {
    "changeme",
    "change-me",
    "secret",
    "password",
    "default",
    "example",
    "test",
    "graphsvc",
    "neo4j",
    "key",
}


def local_neo4j(settings: Settings) -> LocalNeo4j:
    """Return the local Neo4j of these settings, running or not."""
    return LocalNeo4j(
        LocalConfig(
            home=settings.home,
            cache=settings.cache,
            version=settings.neo4j_version,
            bolt_port=settings.bolt_port,
            http_port=settings.http_port,
            heap=settings.neo4j_heap,
            pagecache=settings.neo4j_pagecache,
            mirror=settings.maven_mirror,
            java=settings.java,
        )
    )


def open_store(settings: Settings, progress: Progress = SILENT, start: bool = True) -> Store:
    """Return a connected store whose schema is in place; close it when done.

    Parameters
    ----------
    settings : Settings
        With ``neo4j_uri`` that server is used and nothing is started here; else the local Neo4j.
    progress : Progress
        Told of a first start.
    start : bool
        Start the local Neo4j if it does not run.

    Raises
    ------
    StoreUnavailable
        If there is no server that lets us in.
    """
    from graphsvc.store.driver import Store  # slow to import: not for starting and stopping the server

    store = Store(server_address(settings, progress, start))
    try:
        store.verify()
        schema.apply(store)
    except BaseException:
        store.close()
        raise
    return store


def server_address(settings: Settings, progress: Progress = SILENT, start: bool = True) -> ServerAddress:
    """Return where the server of these settings is, without connecting (see :func:`open_store`)."""
    if settings.neo4j_uri is not None:
        return ServerAddress(
            settings.neo4j_uri,
            settings.neo4j_username,
            settings.neo4j_password.get_secret_value(),
            settings.neo4j_database,
        )
    local = local_neo4j(settings)
    running = local.start(progress) if start else local.status()
    if running is None:
        raise StoreUnavailable("The local Neo4j does not run.", "Start it with `graphsvc neo4j start`.")
    return running.address


@contextmanager
def sole_writer(settings: Settings, doing: str, store: Store | None = None) -> Iterator[None]:
    """Hold the right to write much into the store that ``settings`` mean; one process has it at a time.

    Parameters
    ----------
    settings : Settings
        With a local Neo4j the home is locked too, so that no bulk import stops the server under a writer.
    doing : str
        What we do, for the message to whoever comes second.
    store : Store, optional
        The store, open; without it only the home is locked.

    Raises
    ------
    Conflict
        If another process holds it; says who, doing what, and since when.
    """
    with ExitStack() as stack:
        if settings.local:
            home = private_folder(settings.home.expanduser())
            stack.enter_context(alone_at_home(home / "writer.lock", doing))
        if store is not None:
            stack.enter_context(alone(store, doing))
        yield


def account_key(settings: Settings) -> bytes:
    """Return the key that turns account numbers into hashes.

    With a local Neo4j one is made the first time and kept in the home, readable by its owner only. A shared
    server needs one that is set: two loads with different keys would never meet in the same account.

    Raises
    ------
    StoreUnavailable
        If a server is set and the key is missing, short or obvious.
    """
    if settings.account_key is not None:
        return _checked(settings.account_key.get_secret_value()).encode()
    if settings.neo4j_uri is not None:
        raise StoreUnavailable(
            "GRAPHSVC_ACCOUNT_KEY is not set, and NEO4J_URI is.",
            "Set it to a long random text and keep it: account numbers are stored as hashes under this key.",
        )
    folder = private_folder(private_folder(settings.home.expanduser()) / "secrets")
    path = folder / "account-key"
    with locked(folder / "lock", "making the account key"):
        key = read_secret(path)
        if key is None:
            key = secrets.token_hex(32)
            write_secret(path, key)
    return key.encode()


def _checked(key: str) -> str:
    plain = key.strip().lower()
    if len(plain) < KEY_LENGTH or len(set(plain)) < 5 or any(plain.startswith(word) for word in _OBVIOUS):
        raise StoreUnavailable(
            "GRAPHSVC_ACCOUNT_KEY is short or obvious.",
            f"Set it to a random text of at least {KEY_LENGTH} characters, such as 32 bytes in hexadecimal.",
        )
    return key
