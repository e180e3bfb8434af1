"""Named Cypher: one statement a file under ``queries/``, with a header that says what it does.

A header is the block of ``//`` lines at the top: ``// Title`` first, then ``// purpose:``, ``// params:``,
``// returns:`` and ``// access: read`` or ``write``. A statement may hold slots written ``__LABEL__``, ``__TYPE__``,
``__START__``, ``__END__`` that are filled with names of ``graphsvc.model`` and nothing else; values travel as
parameters only.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache
from importlib import resources
from pathlib import Path

from graphsvc.model.graph import Label, Rel

_SLOT = re.compile(r"__([A-Z_]+?)__")


@dataclass(frozen=True)
class Query:
    """A statement with its header: ``name`` is the path below ``queries/`` without ``.cypher``."""

    name: str
    title: str
    header: dict[str, str]
    text: str

    @property
    def writes(self) -> bool:
        """Whether the header declares ``access: write``."""
        return self.header.get("access", "read") == "write"


def root() -> Path:
    """Return the folder of the statements: inside the wheel, or beside the package in a checkout."""
    packaged = Path(str(resources.files("graphsvc"))) / "queries"
    return packaged if packaged.is_dir() else packaged.parent.parent / "queries"


@cache
def load(name: str) -> Query:
    """Read ``queries/<name>.cypher``.

    Raises
    ------
    KeyError
        If there is no such file: a programming error, not a user's.
    """
    path = root() / f"{name}.cypher"
    if not path.is_file():
        raise KeyError(f"no statement queries/{name}.cypher")
    title, header = "", {}
    for line in path.read_text(encoding="utf-8").splitlines():
        if not line.startswith("//"):
            break
        content = line[2:].strip()
        key, colon, value = content.partition(":")
        if colon and key in {"purpose", "params", "returns", "access"}:
            header[key] = value.strip()
        elif not title:
            title = content
    return Query(name, title, header, path.read_text(encoding="utf-8"))


def names(under: str = "") -> list[str]:
    """Return the names of all statements below ``under``, sorted."""
    base = root()
    return sorted(p.relative_to(base).with_suffix("").as_posix() for p in (base / under).rglob("*.cypher"))


def statement(name: str, **slots: Label | Rel | tuple[Label, ...]) -> str:
    """Return the text of a statement with its slots filled by names of the model.

    Parameters
    ----------
    name : str
        Path below ``queries/`` without the suffix.
    **slots : Label, Rel or tuple of Label
        Upper-case slot name to model name; a tuple becomes an alternative (``A|B``).

    Raises
    ------
    KeyError
        If a slot is left open.
    """

    def fill(match: re.Match[str]) -> str:
        value = slots[match.group(1)]
        return "|".join(value) if isinstance(value, tuple) else value.value

    return _SLOT.sub(fill, load(name).text)
