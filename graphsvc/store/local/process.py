"""Processes of a local Neo4j, marked on their command line so that the next command finds them.

The process table is the one truth about what runs. A pid file could be stale, name a process that took over
the number, or be missing because we were killed before writing it; a mark on the running program cannot.
"""

from __future__ import annotations

import atexit
import os
import signal
import socket
import subprocess
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import psutil

from graphsvc.model.errors import StoreUnavailable

_HOME = "-Dgraphsvc.home="
_ROLE = "-Dgraphsvc.role="
_BOLT = "-Dgraphsvc.bolt="
_HTTP = "-Dgraphsvc.http="
SERVER = "server"
ADMIN = "admin"
_KEPT = {"PATH", "HOME", "LANG", "LC_ALL", "TMPDIR", "TZ", "USER"}
_STARTED: dict[int, subprocess.Popen[bytes]] = {}
"""Our own children, kept so that Python reaps them."""


@atexit.register
def _leave_running() -> None:
    """Let servers outlive us without a warning: they are meant to."""
    for child in _STARTED.values():
        if child.poll() is None:
            child.returncode = 0


@dataclass(frozen=True)
class Ports:
    """Ports of a server on the loopback interface."""

    bolt: int
    http: int


NO_PORTS = Ports(0, 0)
"""Of a process that listens nowhere."""


@dataclass(frozen=True)
class Found:
    """A Java process of a home; psutil compares start times: a pid used anew is never taken for it."""

    process: psutil.Process
    role: str
    ports: Ports

    @property
    def alive(self) -> bool:
        """Whether it still runs."""
        child = _STARTED.get(self.process.pid)
        if child is not None and child.poll() is not None:
            return False
        try:
            return self.process.is_running() and self.process.status() != psutil.STATUS_ZOMBIE
        except psutil.NoSuchProcess:
            return False


def marks(home: Path, role: str, ports: Ports = NO_PORTS) -> list[str]:
    """Return the Java options that mark a process as one of ``home``."""
    return [f"{_HOME}{home}", f"{_ROLE}{role}", f"{_BOLT}{ports.bolt}", f"{_HTTP}{ports.http}"]


def find(home: Path) -> list[Found]:
    """Return the living processes of ``home`` that are ours, oldest first."""
    found = []
    for process in psutil.process_iter():
        try:
            arguments = process.cmdline()
            if f"{_HOME}{home}" in arguments and process.uids().real == os.getuid():
                found.append((process.create_time(), process.pid, _read(process, arguments)))
        except (psutil.NoSuchProcess, psutil.AccessDenied, psutil.ZombieProcess):
            continue
    return [item for _, _, item in sorted(found, key=lambda entry: entry[:2]) if item.alive]


def _read(process: psutil.Process, arguments: Sequence[str]) -> Found:
    def value(mark: str) -> str:
        return next((a.removeprefix(mark) for a in arguments if a.startswith(mark)), "")

    return Found(process, value(_ROLE), Ports(int(value(_BOLT) or 0), int(value(_HTTP) or 0)))


def environment(extra: Mapping[str, str]) -> dict[str, str]:
    """Return a small environment: no Java options, passwords or settings of the caller reach the server."""
    return {key: value for key, value in os.environ.items() if key in _KEPT} | dict(extra)


def spawn(arguments: Sequence[str], env: Mapping[str, str], folder: Path, console: Path) -> Found:
    """Start a program detached from this session, its output in the file ``console``."""
    with console.open("wb") as out:
        child = subprocess.Popen(  # noqa: S603 - our own arguments
            arguments,
            env=dict(env),
            cwd=folder,
            stdin=subprocess.DEVNULL,
            stdout=out,
            stderr=out,
            start_new_session=True,
        )
    _STARTED[child.pid] = child
    return _read(psutil.Process(child.pid), arguments)


def end(found: Found, seconds: float = 120.0) -> None:
    """Ask a process to stop, wait for it, and kill it if it has not stopped after ``seconds``."""
    for signum, patience in ((signal.SIGTERM, seconds), (signal.SIGKILL, 30.0)):
        try:
            found.process.send_signal(signum)
            found.process.wait(patience)
        except psutil.NoSuchProcess:
            break
        except psutil.TimeoutExpired:
            continue
        break
    else:
        raise StoreUnavailable(
            f"Process {found.process.pid} of the local Neo4j cannot be ended.", "End it, then run again."
        )
    child = _STARTED.pop(found.process.pid, None)
    if child is not None:
        child.poll()


def choose_port(asked: int | None, usual: int, setting: str, taken: Sequence[int] = ()) -> int:
    """Return the port to listen on.

    Parameters
    ----------
    asked : int, optional
        0: any free one; None: ``usual``, or any free one if it is busy.
    usual : int
        Neo4j's default.
    setting : str
        Name of the setting, for the message.
    taken : sequence of int
        Ports already given away.

    Raises
    ------
    StoreUnavailable
        If the port that was asked for is busy.
    """
    if asked:
        if asked in taken or not is_free(asked):
            raise StoreUnavailable(
                f"Port {asked} ({setting}) is busy.",
                f"Free it, or set {setting} to another port (0: any free one).",
            )
        return asked
    if asked is None and usual not in taken and is_free(usual):
        return usual
    while True:
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            port = int(probe.getsockname()[1])
        if port not in taken:
            return port


def is_free(port: int) -> bool:
    """Return whether a server could listen on ``port`` of the loopback interface."""
    with socket.socket() as probe:
        # As Java does: a port that only waits for its last connections to fade is free.
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError:
            return False
        return True


def listens(port: int) -> bool:
    """Return whether something accepts connections on ``port`` of the loopback interface."""
    with socket.socket() as probe:
        probe.settimeout(1.0)
        return probe.connect_ex(("127.0.0.1", port)) == 0
