"""One load at a time: two at once would each create what both find missing."""

from __future__ import annotations

import datetime as dt
import getpass
import os
import platform
from collections.abc import Iterator
from contextlib import contextmanager

from graphsvc.model.errors import Conflict
from graphsvc.store.driver import Store

_LOCK, _HOLDER = "#lock", "#holder"
PATIENCE = 5.0
"""Seconds to wait for another load to end."""
TRIES = 6


@contextmanager
def alone(store: Store) -> Iterator[None]:
    """Hold the right to load into a store, wherever it is; the server takes it back however this process ends.

    Raises
    ------
    Conflict
        If another process loads; says who, and since when.
    """
    _ask(store)
    with store.kept_open("load/lock", id=_LOCK):
        title = f"{_user()} on {platform.node()} (process {os.getpid()})"
        store.write("load/hold", id=_HOLDER, title=title, started=dt.datetime.now(dt.UTC))
        try:
            yield
        finally:
            store.write("load/let_go", id=_HOLDER)


def _ask(store: Store) -> None:
    """Return when nobody loads. A busy server may take its time: only who is known to load is a reason to give up."""
    for _ in range(TRIES):
        if store.can_run("load/lock", PATIENCE, id=_LOCK):
            return
        for row in store.read("load/holder", id=_HOLDER):
            raise Conflict(
                f"The store is being loaded by {row['title']}, since {row['started']:%Y-%m-%d %H:%M} UTC.",
                "Wait until that load has ended, then run again.",
            )
    raise Conflict("The store does not let us load: its lock is held.", "Wait a little, then run again.")


def _user() -> str:
    try:
        return getpass.getuser()
    except (KeyError, OSError):  # a user without a name, as in some containers
        return f"user {os.getuid()}"
