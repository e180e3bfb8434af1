"""Which files hold which table, and what their content is called."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from enum import StrEnum
from pathlib import Path

from graphsvc.model.errors import BadInput
from graphsvc.model.tables import BY_NAME, TABLES

_PACKED = frozenset({".gz", ".zst"})


class Format(StrEnum):
    """How a table is written."""

    CSV = "csv"
    NDJSON = "ndjson"
    PARQUET = "parquet"


_SUFFIXES = {
    ".csv": Format.CSV,
    ".tsv": Format.CSV,
    ".ndjson": Format.NDJSON,
    ".jsonl": Format.NDJSON,
    ".parquet": Format.PARQUET,
}


@dataclass(frozen=True)
class Source:
    """One file of one table."""

    table: str
    path: Path
    format: Format


@dataclass(frozen=True)
class Sources:
    """The files of a data set in the order they are read (sellers first), what was left aside and what is
    wrong."""

    files: tuple[Source, ...]
    ignored: tuple[Path, ...]
    problems: tuple[BadInput, ...]

    @property
    def size(self) -> int:
        """Bytes of all files together, as they lie on disk."""
        return sum(source.path.stat().st_size for source in self.files)


def find(paths: Sequence[Path]) -> Sources:
    """Find the tables in files and folders (not in their subfolders).

    A file's name up to its suffixes is its table's name, whatever its case: ``sellers.csv``,
    ``Listings.ndjson.zst``. Other files of a folder are left aside; a file given by name must be a table.

    Raises
    ------
    BadInput
        If there is no table in any of ``paths``.
    """
    files: dict[Path, Source] = {}
    ignored: list[Path] = []
    problems: list[BadInput] = []
    for path in paths:
        if path.is_dir():
            entries = _entries(path)
            found = [(entry, _source(entry)) for entry in entries if entry.is_file()]
            problems += [_no_file(entry) for entry in entries if _source(entry) and not entry.is_file()]
            files |= {entry.resolve(): source for entry, source in found if source}
            ignored += [entry for entry, source in found if not source and _format(entry)]
            if not any(_source(entry) for entry in entries):
                problems.append(_no_table(path))
        elif not path.is_file():
            problems.append(BadInput(f"{path}: no such file or folder.", "Check the path."))
        elif source := _source(path):
            files[path.resolve()] = source
        else:
            problems.append(_not_a_table(path))
    if not files:
        raise problems[0] if problems else BadInput("No path was given.", "Name a folder or files of tables.")
    order = {table.name: place for place, table in enumerate(TABLES)}
    ordered = sorted(
        files.values(), key=lambda source: (order[source.table], source.path.name, str(source.path))
    )
    return Sources(tuple(ordered), tuple(ignored), tuple(problems))


def content_id(files: Iterable[Source]) -> str:
    """Return 16 hex digits that depend on the files' tables and bytes and on nothing else."""
    digests = [f"{source.table}:{_digest(source.path)}" for source in files]
    return hashlib.blake2b("\n".join(sorted(digests)).encode(), digest_size=8).hexdigest()


def _digest(path: Path) -> str:
    """Return the sha256 of a file; of one that cannot be read, which reading will tell, that of nothing."""
    try:
        with path.open("rb") as handle:
            return hashlib.file_digest(handle, "sha256").hexdigest()
    except OSError:
        return hashlib.sha256().hexdigest()


def _entries(folder: Path) -> list[Path]:
    try:
        return sorted(folder.iterdir())
    except OSError as error:
        raise BadInput(f"{folder} cannot be read: {error.strerror}.", "Check its permissions.") from error


def _no_file(path: Path) -> BadInput:
    what = "a folder" if path.is_dir() else "no file (a link that leads nowhere, or a device)"
    return BadInput(
        f"{path} is called like a table but is {what}.", "Put the table's file there, or rename this."
    )


def _format(path: Path) -> Format | None:
    suffixes = [suffix.lower() for suffix in path.suffixes]
    if suffixes and suffixes[-1] in _PACKED:
        suffixes.pop()
    return _SUFFIXES.get(suffixes[-1]) if suffixes else None


def _stem(path: Path) -> str:
    return path.name.partition(".")[0].lower()


def _source(path: Path) -> Source | None:
    kind = _format(path)
    return Source(_stem(path), path, kind) if kind and _stem(path) in BY_NAME else None


def _not_a_table(path: Path) -> BadInput:
    if _stem(path) in BY_NAME:
        return BadInput(
            f"{path}: its suffix tells no format we read.",
            "Use .csv, .ndjson or .parquet, with .gz or .zst or without.",
        )
    near = get_close_matches(_stem(path), BY_NAME, 1)
    hint = f"Did you mean '{near[0]}'?" if near else f"Tables are: {', '.join(BY_NAME)}."
    return BadInput(f"{path}: there is no table called '{_stem(path)}'.", hint)


def _no_table(folder: Path) -> BadInput:
    names = [entry.name for entry in sorted(folder.iterdir())]
    if not names:
        return BadInput(f"{folder}: the folder is empty.", "Put tables there, such as sellers.csv.")
    found = ", ".join(names[:5]) + (", …" if len(names) > 5 else "")
    return BadInput(
        f"{folder}: no table in this folder (found {found}).",
        f"Name files after their tables: {', '.join(BY_NAME)}.",
    )
