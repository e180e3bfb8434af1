"""Files and folders that only we may read, and locks between processes."""

from __future__ import annotations

import fcntl
import os
import shutil
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from graphsvc.model.errors import StoreUnavailable


def private_folder(path: Path) -> Path:
    """Make ``path`` a folder that only its owner may enter, and return it.

    Raises
    ------
    StoreUnavailable
        If it cannot be made or belongs to somebody else.
    """
    try:
        path.mkdir(mode=0o700, parents=True, exist_ok=True)
        if path.stat().st_mode & 0o077:
            path.chmod(0o700)
    except OSError as error:
        raise StoreUnavailable(
            f"Folder {path} cannot be used: {error.strerror}.", "Set GRAPHSVC_HOME to a folder of yours."
        ) from error
    return path


def read_secret(path: Path) -> str | None:
    """Return the content of a secret file, or None if there is none.

    Raises
    ------
    StoreUnavailable
        If others may read it or it is empty: then it is no secret.
    """
    try:
        mode = path.stat().st_mode
    except (FileNotFoundError, NotADirectoryError):
        return None
    if mode & 0o077:
        raise StoreUnavailable(
            f"{path} can be read by other users of this machine (mode {mode & 0o777:04o}).",
            f"Run: chmod 600 '{path}'",
        )
    text = path.read_text(encoding="utf-8").strip()
    if not text:
        raise StoreUnavailable(f"{path} is empty.", "Restore it from a backup, or use a new GRAPHSVC_HOME.")
    return text


def write_secret(path: Path, text: str) -> None:
    """Write a file readable by its owner only, all of it or nothing."""
    part = path.with_name(f".{path.name}.part")
    part.unlink(missing_ok=True)
    with os.fdopen(os.open(part, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w", encoding="utf-8") as out:
        out.write(text + "\n")
        out.flush()
        os.fsync(out.fileno())
    part.replace(path)


@contextmanager
def locked(path: Path, what: str, seconds: float = 900.0) -> Iterator[None]:
    """Hold an exclusive lock on the file ``path``; the system lets go of it however this process ends.

    Raises
    ------
    StoreUnavailable
        If another process still holds it after ``seconds``; ``what`` says what it does meanwhile.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    with os.fdopen(os.open(path, os.O_RDWR | os.O_CREAT, 0o600), "r+") as file:
        if not taken(file.fileno(), seconds):
            raise StoreUnavailable(
                f"Another process has been {what} for {seconds:.0f} seconds (lock {path}).",
                "Let it end, or end it, then run again.",
            )
        yield


def taken(descriptor: int, seconds: float) -> bool:
    """Take the exclusive lock of an open file or folder, waiting for it so long; tell whether it is ours."""
    deadline = time.monotonic() + seconds
    while True:
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            if time.monotonic() >= deadline:
                return False
            time.sleep(0.1)
        else:
            return True


@contextmanager
def scratch(folder: Path, prefix: str) -> Iterator[Path]:
    """Give a new folder in ``folder`` that is deleted afterwards, and delete those that killed processes left.

    A folder is locked as long as its process lives, so that one without an owner is known for what it is.
    """
    with locked(private_folder(folder) / "lock", "clearing up"):
        for old in folder.iterdir():
            _delete_if_left(old)
        made = tempfile.TemporaryDirectory(prefix=f"{prefix}-", dir=folder)
        descriptor = os.open(made.name, os.O_RDONLY)
        fcntl.flock(descriptor, fcntl.LOCK_EX)
    try:
        with made:
            yield Path(made.name)
    finally:
        os.close(descriptor)


def _delete_if_left(folder: Path) -> None:
    try:
        descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    except OSError:  # no folder, or not ours
        return
    try:
        if taken(descriptor, 0):
            shutil.rmtree(folder, ignore_errors=True)
    finally:
        os.close(descriptor)
