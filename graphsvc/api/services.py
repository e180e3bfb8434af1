"""What one application holds while it runs; made by ``create_app`` and reached through ``app.state``."""

from __future__ import annotations

import time
from collections import OrderedDict, deque
from collections.abc import Callable
from dataclasses import dataclass
from threading import Lock

from graphsvc.api.jobs import Jobs
from graphsvc.api.metrics import Metrics
from graphsvc.api.problems import Failure
from graphsvc.api.signing import Signer
from graphsvc.casework.keys import KeyRing
from graphsvc.model.errors import StoreUnavailable
from graphsvc.settings import Settings
from graphsvc.store.driver import Store


class StoreDoor:
    """Opens the store when first needed, and again after a failure: the service outlives its server.

    Parameters
    ----------
    opener : callable
        Opens the store; raises StoreUnavailable.
    patience : float
        Seconds after a failure in which that failure is told again without a new attempt.
    """

    def __init__(self, opener: Callable[[], Store], patience: float = 3.0) -> None:
        self._opener = opener
        self._patience = patience
        self._lock = Lock()
        self._opened: tuple[Store, KeyRing] | None = None
        self._failed: tuple[float, StoreUnavailable] | None = None

    def get(self) -> tuple[Store, KeyRing]:
        """Return the open store with the keys in it."""
        opened = self._opened  # Read once without the lock: the common case must not queue.
        if opened is not None:
            return opened
        with self._lock:
            return self._open()

    def _open(self) -> tuple[Store, KeyRing]:
        if self._opened is not None:
            return self._opened
        if self._failed is not None and time.monotonic() - self._failed[0] < self._patience:
            raise StoreUnavailable(self._failed[1].message, self._failed[1].remedy)
        try:
            store = self._opener()
        except StoreUnavailable as error:
            self._failed = (time.monotonic(), error)
            raise
        self._opened = (store, KeyRing(store))
        return self._opened

    def close(self) -> None:
        """Close the store if it is open."""
        with self._lock:
            if self._opened is not None:
                self._opened[0].close()
            self._opened = None


class FailedKeys:
    """Slows guessing: after ``most`` failures in ``window`` seconds an address waits for that prefix."""

    def __init__(self, most: int = 10, window: float = 60.0) -> None:
        self._most, self._window = most, window
        self._failures: OrderedDict[tuple[str, str], deque[float]] = OrderedDict()
        self._lock = Lock()

    def check(self, client: str, prefix: str) -> None:
        """Raise a 429 Failure if this address has failed too often with this prefix."""
        with self._lock:
            times = self._failures.get((client, prefix))
            while times and time.monotonic() - times[0] > self._window:
                times.popleft()
            if times and len(times) >= self._most:
                wait = max(1, round(self._window - (time.monotonic() - times[0])))
                raise Failure(
                    429,
                    "too-many-failures",
                    "Too many wrong keys from this address.",
                    f"Try again in {wait} seconds.",
                    headers={"Retry-After": str(wait)},
                )

    def note(self, client: str, prefix: str) -> None:
        """Take note of a failure."""
        with self._lock:
            self._failures.setdefault((client, prefix), deque()).append(time.monotonic())
            self._failures.move_to_end((client, prefix))
            while len(self._failures) > 10_000:
                self._failures.popitem(last=False)


@dataclass(frozen=True)
class Services:
    """Everything a request may need."""

    settings: Settings
    door: StoreDoor
    failed_keys: FailedKeys
    cursors: Signer
    sessions: Signer
    jobs: Jobs
    metrics: Metrics
    account_key: bytes
