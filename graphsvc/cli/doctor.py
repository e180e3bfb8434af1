"""``graphsvc doctor``: is everything in place, and if not, how to mend it."""

from __future__ import annotations

import platform
import shutil
import stat
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass
from enum import StrEnum
from importlib.metadata import version
from pathlib import Path

import psutil
import typer

import graphsvc
from graphsvc.cli.console import styled
from graphsvc.cli.context import CONTEXT, told
from graphsvc.connect import account_key, local_neo4j, server_address
from graphsvc.model.errors import GraphsvcError
from graphsvc.model.progress import SILENT
from graphsvc.settings import Settings
from graphsvc.store.driver import Store
from graphsvc.store.local import artifacts, java, process

PINNED = ("2026.", "5.26.")
"""Neo4j versions the tests run on."""


class Verdict(StrEnum):
    """How a check came out."""

    OK = "ok"
    WARN = "warn"
    FAIL = "fail"


@dataclass(frozen=True)
class Check:
    """One line: what was looked at, how it is, what was found, how to mend it."""

    name: str
    verdict: Verdict
    found: str
    remedy: str = ""


Checks = Iterator[Check]


def register(app: typer.Typer) -> None:
    """Add the command to ``graphsvc``."""
    app.command()(doctor)


@told
def doctor() -> None:
    """Check versions, Java, store, Graph Data Science, disk, memory and secrets; say how to mend them."""
    checks = examine(CONTEXT.settings)
    if CONTEXT.json:
        CONTEXT.emit([asdict(check) for check in checks])
    else:
        for check in checks:
            _print(check)
    if any(check.verdict is Verdict.FAIL for check in checks):
        raise typer.Exit(1)


def examine(settings: Settings) -> list[Check]:
    """Run every check; one that fails never hides the others. Starts nothing and changes no data."""
    parts: list[tuple[str, Callable[[Settings], Checks]]] = [
        ("versions", _versions),
        ("memory", _memory),
        ("disk", _disk),
    ]
    if settings.local:
        parts += [("files", _files), ("java", _java), ("artifacts", _artifacts), ("ports", _ports)]
    parts += [("account key", _key), ("store", _store)]
    checks: list[Check] = []
    for name, part in parts:
        try:
            checks += part(settings)
        except GraphsvcError as error:
            checks.append(Check(name, Verdict.FAIL, error.message, error.remedy))
    return checks


def _versions(_: Settings) -> Checks:
    packages = ", ".join(f"{name} {version(name)}" for name in ("neo4j", "polars", "graspologic-native"))
    yield Check(
        "versions",
        Verdict.OK,
        f"graphsvc {graphsvc.__version__}, Python {platform.python_version()}, {packages}",
    )


def _memory(settings: Settings) -> Checks:
    memory = psutil.virtual_memory()
    found = f"{memory.available / 2**30:.1f} of {memory.total / 2**30:.1f} GiB available"
    wanted = _bytes(settings.neo4j_heap) + _bytes(settings.neo4j_pagecache) if settings.local else 2**30
    if memory.total < wanted:
        remedy = "Lower GRAPHSVC_NEO4J_HEAP and GRAPHSVC_NEO4J_PAGECACHE."
        yield Check("memory", Verdict.FAIL, f"{found}; Neo4j is told to use {wanted / 2**30:.1f}", remedy)
    elif memory.available < wanted // 2:
        yield Check("memory", Verdict.WARN, found, "Close other programs, or lower GRAPHSVC_NEO4J_HEAP.")
    else:
        yield Check("memory", Verdict.OK, found)


def _bytes(size: str) -> int:
    """Return a size as Java writes it in bytes; what is no size is told by the local Neo4j's own check."""
    unit = {"k": 10, "m": 20, "g": 30}.get(size[-1:].lower())
    return int(size[:-1]) << unit if unit and size[:-1].isdigit() else 0


def _disk(settings: Settings) -> Checks:
    for name, setting, path in (
        ("home", "GRAPHSVC_HOME", settings.home),
        ("cache", "GRAPHSVC_CACHE", settings.cache),
    ):
        free = shutil.disk_usage(_existing(path)).free
        found = f"{free / 2**30:.1f} GiB free for {path}"
        if free < 2**29:
            yield Check(
                f"disk of {name}", Verdict.FAIL, found, f"Free space, or set {setting} to another disk."
            )
        elif free < 5 * 2**30:
            yield Check(f"disk of {name}", Verdict.WARN, found, "A million stores need about 5 GiB.")
        else:
            yield Check(f"disk of {name}", Verdict.OK, found)


def _existing(path: Path) -> Path:
    """Return the nearest folder that is there already."""
    path = path.expanduser().absolute()
    return next(p for p in (path, *path.parents) if p.is_dir())


def _files(settings: Settings) -> Checks:
    home = settings.home.expanduser()
    if not home.is_dir():
        yield Check("files", Verdict.OK, f"{home} is made at the first start")
        return
    secrets = sorted((home / "secrets").iterdir()) if (home / "secrets").is_dir() else []
    open_ones = [p for p in (home, *secrets) if p.stat().st_mode & (stat.S_IRWXG | stat.S_IRWXO)]
    for path in open_ones:
        remedy = f"Run: chmod {700 if path.is_dir() else 600} '{path}'"
        yield Check("files", Verdict.FAIL, f"{path} is open to other users", remedy)
    if not open_ones:
        yield Check("files", Verdict.OK, f"{home} is for its owner only")


def _java(settings: Settings) -> Checks:
    config = local_neo4j(settings).config
    installed = config.java is not None or java.installed(config)
    found = (
        str(java.find(config, SILENT))
        if installed
        else f"Java {config.release.java} is fetched at the first start"
    )
    yield Check("java", Verdict.OK, found)


def _artifacts(settings: Settings) -> Checks:
    config = local_neo4j(settings).config
    locked = artifacts.read_lock(config.release)
    missing = sum(not (artifacts.folder(config) / artifact.path).is_file() for artifact in locked)
    damaged = artifacts.damaged(config)
    if damaged:
        names = ", ".join(path.name for path in damaged[:3])
        yield Check(
            "artifacts",
            Verdict.FAIL,
            f"{len(damaged)} damaged: {names}",
            f"Delete {artifacts.folder(config)}",
        )
    elif missing:
        yield Check("artifacts", Verdict.OK, f"{missing} of {len(locked)} are fetched at the next start")
    else:
        yield Check("artifacts", Verdict.OK, f"{len(locked)} of Neo4j {config.version}, each as pinned")


def _ports(settings: Settings) -> Checks:
    running = local_neo4j(settings).status()
    if running is not None:
        yield Check("ports", Verdict.OK, f"{running.address.uri}, {running.browser}")
        return
    for name, port in (
        ("GRAPHSVC_BOLT_PORT", settings.bolt_port),
        ("GRAPHSVC_HTTP_PORT", settings.http_port),
    ):
        if port and not process.is_free(port):
            remedy = f"Free it, or set {name} to another port (0: any free one)."
            yield Check("ports", Verdict.FAIL, f"port {port} is busy", remedy)
            return
    yield Check(
        "ports",
        Verdict.OK,
        "those that were asked for are free" if settings.bolt_port else "a free one is taken",
    )


def _key(settings: Settings) -> Checks:
    if (
        settings.local
        and settings.account_key is None
        and not (settings.home.expanduser() / "secrets" / "account-key").exists()
    ):
        yield Check("account key", Verdict.OK, "made when first needed")
        return
    account_key(settings)
    yield Check("account key", Verdict.OK, "set" if settings.account_key else "kept in the home")


def _store(settings: Settings) -> Checks:
    if settings.local and local_neo4j(settings).status() is None:
        yield Check(
            "store", Verdict.WARN, "the local Neo4j does not run", "Start it with `graphsvc neo4j start`."
        )
        return
    with Store(server_address(settings, start=False)) as store:
        found = store.version()
        tested = found.startswith(PINNED)
        remedy = "" if tested else "Tests run on 2026.08 and 5.26; use one of them if something fails."
        yield Check(
            "store", Verdict.OK if tested else Verdict.WARN, f"Neo4j {found} at {store.address.uri}", remedy
        )
        yield _gds(store)


def _gds(store: Store) -> Check:
    try:
        return Check("gds", Verdict.OK, f"Graph Data Science {store.read('read/gds_version')[0]['version']}")
    except GraphsvcError as error:
        return Check("gds", Verdict.WARN, error.message, error.remedy)


def _print(check: Check) -> None:
    colour = {Verdict.OK: "green", Verdict.WARN: "yellow", Verdict.FAIL: "red"}[check.verdict]
    line = styled((f"{check.verdict:<5}", colour), f"{check.name:<14} {check.found}")
    CONTEXT.out.print(line, soft_wrap=True)
    if check.remedy:
        CONTEXT.out.print(f"{'':<19} {check.remedy}", soft_wrap=True)
