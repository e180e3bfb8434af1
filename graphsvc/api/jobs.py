"""Detection runs started over HTTP: one at a time, each in a process of its own that outlives the request.

A job is a folder with the output of ``graphsvc detect``; a file lock, inherited by the job's process, is
held exactly as long as that process lives, whichever worker started it and whatever becomes of the API.
"""

from __future__ import annotations

import contextlib
import fcntl
import os
import re
import secrets
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from threading import Thread
from typing import Any

import orjson
from pydantic import AliasChoices, SecretStr

from graphsvc.model.errors import Conflict, NotFound
from graphsvc.settings import Settings

_COMMAND = "from graphsvc.cli.main import main; main()"
_ID = re.compile(r"job-[0-9TZ]+-[0-9a-f]{6}")


@dataclass(frozen=True)
class Job:
    """A started run. ``state`` is running, done or failed; ``run_id`` is known once done."""

    id: str
    state: str
    started_at: datetime
    finished_at: datetime | None
    engine: str
    seed: int
    run_id: str | None
    message: str | None


class Jobs:
    """The jobs of one data folder.

    Parameters
    ----------
    folder : Path
        Where jobs are kept; made when the first starts.
    environment : mapping
        What the job's process gets besides our own environment.
    """

    def __init__(self, folder: Path, environment: Mapping[str, str]) -> None:
        self._folder = folder
        self._environment = dict(environment)

    def start(self, engine: str, seed: int) -> Job:
        """Start ``graphsvc detect``; Conflict if a job is running."""
        self._folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        lock = os.open(self._folder / "lock", os.O_RDWR | os.O_CREAT, 0o600)
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            other = os.read(lock, 200).decode() or "its id is not known yet"
            os.close(lock)
            raise Conflict(
                f"A run is going on already ({other}).",
                f"Read how it is doing at /v1/runs/{other}, or wait for its end.",
            ) from error
        try:
            now = datetime.now(UTC)
            job = Job(
                f"job-{now:%Y%m%dT%H%M%SZ}-{secrets.token_hex(3)}",
                "running",
                now,
                None,
                engine,
                seed,
                None,
                None,
            )
            home = self._folder / job.id
            home.mkdir(mode=0o700)
            command = [
                sys.executable,
                "-c",
                _COMMAND,
                "--json",
                "detect",
                "--engine",
                engine,
                "--seed",
                str(seed),
            ]
            (home / "job.json").write_bytes(
                orjson.dumps(
                    {"started_at": now.isoformat(), "engine": engine, "seed": seed, "command": command}
                )
            )
            os.truncate(lock, 0)
            os.write(lock, job.id.encode())
            process = subprocess.Popen(  # noqa: S603 - the command is made of our own parts and checked values
                [sys.executable, "-m", "graphsvc.api.job", str(home)],
                pass_fds=(lock,),
                start_new_session=True,
                env={**os.environ, **self._environment},
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL,
            )
        finally:
            os.close(lock)
        # Somebody must wait for the process, or it stays behind as a zombie when it ends.
        Thread(target=process.wait, daemon=True).start()
        return job

    def get(self, id: str) -> Job:
        """Return a job; NotFound if there is none of this id."""
        home = self._folder / id
        if not _ID.fullmatch(id) or not (home / "job.json").is_file():
            raise NotFound(f"There is no run '{id}'.", "See the list of runs.")
        begun = orjson.loads((home / "job.json").read_bytes())
        ended = _json(home / "result.json")
        common: dict[str, Any] = {
            "id": id,
            "started_at": datetime.fromisoformat(begun["started_at"]),
            "engine": begun["engine"],
            "seed": begun["seed"],
        }
        if ended is None:
            running = self._running() == id
            ended = _json(home / "result.json") if not running else None
            if ended is None:
                lost = None if running else "It ended without a word, as a killed process does."
                return Job(
                    **common,
                    state="running" if running else "failed",
                    finished_at=None,
                    run_id=None,
                    message=lost,
                )
        return Job(
            **common,
            state="done" if ended["code"] == 0 else "failed",
            finished_at=datetime.fromisoformat(ended["finished_at"]),
            run_id=ended.get("run_id"),
            message=ended.get("message"),
        )

    def _running(self) -> str | None:
        """Return the id of the job whose process holds the lock."""
        try:
            lock = os.open(self._folder / "lock", os.O_RDWR)
        except FileNotFoundError:
            return None
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return os.read(lock, 200).decode()
        finally:
            os.close(lock)
        return None


def _json(path: Path) -> dict[str, Any] | None:
    with contextlib.suppress(FileNotFoundError):
        value: dict[str, Any] = orjson.loads(path.read_bytes())
        return value
    return None


def environment_of(settings: Settings) -> dict[str, str]:
    """Return the environment variables that make another process read the same settings."""
    out = {}
    for name, field in type(settings).model_fields.items():
        value = getattr(settings, name)
        if value is None:
            continue
        alias = field.validation_alias
        variable = str(alias.choices[0]) if isinstance(alias, AliasChoices) else f"GRAPHSVC_{name.upper()}"
        out[variable] = value.get_secret_value() if isinstance(value, SecretStr) else str(value)
    return out
