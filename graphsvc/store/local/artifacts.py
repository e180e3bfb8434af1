"""The jars of a pinned release: fetched in parallel, checked against the lock, kept in a shared cache."""

from __future__ import annotations

import hashlib
import http.client
import re
import shutil
import time
import urllib.error
import urllib.request
from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor, as_completed
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from graphsvc.model.errors import StoreUnavailable
from graphsvc.model.progress import Progress
from graphsvc.store.local.config import LocalConfig, Release
from graphsvc.store.local.files import locked

CONNECTIONS = 8
ATTEMPTS = 3
ROOM = 300 * 2**20
"""Bytes that must be free before a download starts."""
_LINE = re.compile(r"[A-Za-z0-9._/+-]+\.jar [0-9a-f]{64}")


@dataclass(frozen=True)
class Artifact:
    """A file of a Maven repository: its path there and its sha256."""

    path: str
    sha256: str

    @property
    def name(self) -> str:
        """File name."""
        return PurePosixPath(self.path).name


def read_lock(release: Release) -> list[Artifact]:
    """Return the locked artifacts of a release in class path order."""
    lines = release.lock.read_text(encoding="utf-8").splitlines()
    bad = [line for line in lines if not _LINE.fullmatch(line) or ".." in line]
    if bad:
        raise ValueError(f"{release.lock}: cannot read '{bad[0]}'")
    return [Artifact(*line.split(" ")) for line in lines]


def folder(config: LocalConfig) -> Path:
    """Return the folder that holds artifacts, laid out as a Maven repository."""
    return config.cache / "artifacts"


def fetch(config: LocalConfig, progress: Progress) -> list[Path]:
    """Return the jars of the release, fetching those that the cache lacks.

    A file appears in the cache only once its content matches the lock, so that what is there can be trusted
    and a download that was cut off goes on where it stopped.

    Raises
    ------
    StoreUnavailable
        If the repository cannot be reached, answers with something else, or the disk is full.
    """
    wanted = read_lock(config.release)
    base = folder(config)
    if _missing(wanted, base):
        with locked(config.cache / "artifacts.lock", "fetching Neo4j's artifacts"):
            _download(_missing(wanted, base), base, config, progress)
    return [base / artifact.path for artifact in wanted]


def damaged(config: LocalConfig) -> list[Path]:
    """Return the cached jars whose content is not what the lock says (missing ones are not counted)."""
    base = folder(config)
    return [
        base / a.path
        for a in read_lock(config.release)
        if (base / a.path).is_file() and sha256_of(base / a.path) != a.sha256
    ]


def sha256_of(path: Path) -> str:
    """Return the sha256 of a file in hexadecimal."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _missing(wanted: Iterable[Artifact], base: Path) -> list[Artifact]:
    return [artifact for artifact in wanted if not (base / artifact.path).is_file()]


def _download(missing: list[Artifact], base: Path, config: LocalConfig, progress: Progress) -> None:
    base.mkdir(parents=True, exist_ok=True)
    free = shutil.disk_usage(base).free
    if missing and free < ROOM:
        raise StoreUnavailable(
            f"Only {free // 2**20} MB are free in {base}; Neo4j's artifacts need {ROOM // 2**20} MB.",
            "Free space there, or set GRAPHSVC_CACHE to another disk.",
        )
    repository = (config.mirror or _public_repository()).rstrip("/")
    with (
        progress.step(f"Fetching Neo4j {config.version}", total=len(missing)) as advance,
        ThreadPoolExecutor(CONNECTIONS) as pool,
    ):
        jobs = [pool.submit(_fetch_one, artifact, base, repository) for artifact in missing]
        try:
            for job in as_completed(jobs):
                job.result()
                advance(1)
        except BaseException:
            pool.shutdown(wait=False, cancel_futures=True)
            raise


def _public_repository() -> str:
    from jgo.constants import MAVEN_CENTRAL_URL

    return str(MAVEN_CENTRAL_URL)


def _fetch_one(artifact: Artifact, base: Path, repository: str) -> None:
    target = base / artifact.path
    part = target.with_name(target.name + ".part")
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        _copy_with_retries(f"{repository}/{artifact.path}", part)
        if sha256_of(part) != artifact.sha256:
            part.unlink()
            raise StoreUnavailable(
                f"The artifact repository sent a wrong {artifact.name} (its sha256 is not the pinned one).",
                "Check the mirror (GRAPHSVC_MAVEN_MIRROR), or use a server of yours (NEO4J_URI).",
            )
        part.replace(target)
    except (
        urllib.error.URLError,
        http.client.HTTPException,
        TimeoutError,
        ConnectionError,
        ValueError,
    ) as error:
        raise StoreUnavailable(
            f"Neo4j's artifact {artifact.name} cannot be fetched: {_reason(error)}.",
            "Set GRAPHSVC_MAVEN_MIRROR to a Maven repository you can reach, or NEO4J_URI to a Neo4j server.",
        ) from error
    except OSError as error:
        raise StoreUnavailable(
            f"{part} cannot be written: {error.strerror}.",
            "Free space there, or set GRAPHSVC_CACHE to another folder.",
        ) from error


def _copy_with_retries(url: str, part: Path) -> None:
    for attempt in range(1, ATTEMPTS + 1):
        try:
            with urllib.request.urlopen(url, timeout=30) as answer, part.open("wb") as out:  # noqa: S310 - address set by the owner
                shutil.copyfileobj(answer, out, 2**20)
        except urllib.error.HTTPError as error:
            if error.code < 500 or attempt == ATTEMPTS:
                raise
        except (urllib.error.URLError, http.client.HTTPException, TimeoutError, ConnectionError):
            if attempt == ATTEMPTS:
                raise
        else:
            return
        time.sleep(attempt)


def _reason(error: Exception) -> str:
    if isinstance(error, urllib.error.HTTPError):
        return f"the repository answers {error.code}"
    return str(getattr(error, "reason", None) or error or type(error).__name__)
