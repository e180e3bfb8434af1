"""Named Cypher: one statement a file under ``queries/``, with a header that says what it does.

A header is the block of ``//`` lines at the top: ``// Title`` first, then ``// purpose:``, ``// params:``,
``// returns:`` and ``// access: read`` or ``write``. A statement may hold slots written ``__LABEL__``, ``__TYPE__``,
``__START__``, ``__END__`` that are filled with names of ``graphsvc.model`` and nothing else; values travel as
parameters only. ``__PROPERTIES__`` stands for properties of the model read from a list ``row``, in their order: rows
travel without their keys: ``id: row[0], openedOn: date(row[1])``.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache
from importlib import resources
from pathlib import Path

from graphsvc.model.graph import Label, Property, Rel, Type

Slot = Label | Rel | tuple[Label, ...] | tuple[Property, ...]
"""What a slot is filled with: a name of the model, alternatives, or properties in the order of a row."""

_SLOT = re.compile(r"__([A-Z_]+?)__")
_READ = {
    Type.DATE: "date(row[{0}])",
    Type.DATETIME: "datetime(row[{0}])",
    Type.POINT: "point({{longitude: row[{0}][0], latitude: row[{0}][1]}})",
}
"""How a property comes out of its place in a row, where that is not the value itself."""


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


def statement(name: str, **slots: Slot) -> str:
    """Return the text of a statement with its slots filled by names of the model.

    Parameters
    ----------
    name : str
        Path below ``queries/`` without the suffix.
    **slots : Label, Rel, tuple of Label or tuple of Property
        Upper-case slot name to model name; labels become an alternative (``A|B``), properties the content of a map that
        reads them from ``row``.

    Raises
    ------
    KeyError
        If a slot is left open.
    """

    def fill(match: re.Match[str]) -> str:
        value = slots[match.group(1)]
        if not isinstance(value, tuple):
            return value.value
        read = [_from_row(place, of) for place, of in enumerate(value) if isinstance(of, Property)]
        return ", ".join(read) or "|".join(of for of in value if isinstance(of, Label))

    return _SLOT.sub(fill, load(name).text)


def _from_row(place: int, of: Property) -> str:
    return f"{of.name}: {_READ.get(of.type, 'row[{0}]').format(place)}"
