"""One writer at a time: loads, scans and runs change much that others would read half-done.

Two locks, both let go of by somebody else however their holder ends. In the store, a transaction that stays open:
it holds wherever writers run, and the server rolls it back when the connection breaks. In the home of a local
Neo4j, a file: it also holds while the server is down for a bulk import.
"""

from __future__ import annotations

import datetime as dt
import getpass
import os
import platform
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from graphsvc.model.errors import Conflict
from graphsvc.store.local.files import taken

if TYPE_CHECKING:
    from graphsvc.store.driver import Store

_LOCK, _HOLDER = "#lock", "#holder"
PATIENCE = 5.0
"""Seconds to wait for another writer to end."""
TRIES = 6
_WAIT = "Wait until that has ended, or end that process, then run again."


@contextmanager
def alone(store: Store, doing: str) -> Iterator[None]:
    """Hold the right to write much into a store, wherever it is.

    Parameters
    ----------
    store : Store
        Where to write.
    doing : str
        What the holder does, for the message to whoever comes second.

    Raises
    ------
    Conflict
        If another process holds it; says who, doing what, and since when.
    """
    _ask(store)
    with store.kept_open("writer/lock", id=_LOCK):
        store.write("writer/hold", id=_HOLDER, title=_title(doing), started=dt.datetime.now(dt.UTC))
        try:
            yield
        finally:
            store.write("writer/let_go", id=_HOLDER)


def refuse_if_written(store: Store, patience: float = 1.0) -> None:
    """Raise Conflict if somebody is known to hold the right to write; takes nothing."""
    said = store.read("writer/holder", id=_HOLDER)
    if said and not store.can_run("writer/lock", patience, id=_LOCK):
        raise _held(said[0]["title"], said[0]["started"])


@contextmanager
def alone_at_home(lock: Path, doing: str) -> Iterator[None]:
    """Hold the right to write much into the local store of a home; its lock is the file ``lock``.

    Raises
    ------
    Conflict
        If another process holds it; says who, doing what, and since when.
    """
    with os.fdopen(os.open(lock, os.O_RDWR | os.O_CREAT, 0o600), "r+", encoding="utf-8") as file:
        if not taken(file.fileno(), PATIENCE):
            started, _, title = file.read().partition(" ")
            if not title:
                raise Conflict("The store is being written by another process.", _WAIT)
            raise _held(title, dt.datetime.fromisoformat(started))
        file.truncate()
        file.write(f"{dt.datetime.now(dt.UTC).isoformat()} {_title(doing)}")
        file.flush()
        yield


def _ask(store: Store) -> None:
    """Return when nobody writes. A busy server may take its time: only who is known to write is a reason to give up."""
    for _ in range(TRIES):
        if store.can_run("writer/lock", PATIENCE, id=_LOCK):
            return
        for row in store.read("writer/holder", id=_HOLDER):
            raise _held(row["title"], row["started"])
    raise Conflict("The store does not let us write: its lock is held.", "Wait a little, then run again.")


def _held(title: str, started: dt.datetime) -> Conflict:
    return Conflict(f"The store is being written by {title}, since {started:%Y-%m-%d %H:%M} UTC.", _WAIT)


def _title(doing: str) -> str:
    return f"{_user()} on {platform.node()} (process {os.getpid()}, {doing})"


def _user() -> str:
    try:
        return getpass.getuser()
    except (KeyError, OSError):  # a user without a name, as in some containers
        return f"user {os.getuid()}"
