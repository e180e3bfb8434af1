"""The investigators' kit for Neo4j Browser: a style sheet and saved queries, in the form Browser imports.

Browser takes both by drag and drop: a ``.grass`` file becomes the style, a ``.zip`` of ``.cypher`` files
becomes favourites, one folder of the archive a folder of favourites; the first line of each (``// Title``)
is its name.
"""

from __future__ import annotations

import zipfile
from dataclasses import dataclass
from pathlib import Path

from graphsvc.store import queries

STYLE = "graphsvc-style.grass"
FAVOURITES = "graphsvc-favourites.zip"

FOLDERS = {
    "1_start": "1 Start from",
    "2_shared": "2 Who shares what",
    "3_racket": "3 The racket",
    "4_evidence": "4 Evidence",
    "5_map": "5 Map",
    "6_quality": "6 Data quality",
}
"""Folder of the source to the name investigators read."""

_LONG_AGO = (1980, 1, 1, 0, 0, 0)


@dataclass(frozen=True)
class Favourite:
    """A saved query: its name in ``queries/``, the folder and title Browser shows, and its text."""

    name: str
    folder: str
    title: str
    text: str


def favourites() -> list[Favourite]:
    """Return all favourites, in order."""
    found = [queries.load(name) for name in queries.names("browser")]
    return [Favourite(q.name, FOLDERS[q.name.split("/")[1]], q.title, q.text) for q in found]


def style() -> str:
    """Return the style sheet (GraSS)."""
    return (queries.root() / "browser" / "style.grass").read_text(encoding="utf-8")


def kit_files() -> list[Path]:
    """Return the source files of the kit: the style sheet first, then the favourites in order."""
    root = queries.root()
    return [root / "browser" / "style.grass", *(root / f"{item.name}.cypher" for item in favourites())]


def favourites_bundle(path: Path) -> Path:
    """Write all favourites as one archive that Browser imports; the same kit gives the same bytes.

    Parameters
    ----------
    path : Path
        The ``.zip`` file to write; replaced if it is there.

    Returns
    -------
    Path
        ``path``.
    """
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for item in favourites():
            entry = zipfile.ZipInfo(f"{item.folder}/{Path(item.name).name}.cypher", _LONG_AGO)
            entry.compress_type = zipfile.ZIP_DEFLATED
            archive.writestr(entry, item.text)
    return path


def write_kit(folder: Path) -> tuple[Path, Path]:
    """Write style sheet and favourites into ``folder`` (made if need be); return both files."""
    folder.mkdir(parents=True, exist_ok=True)
    sheet = folder / STYLE
    sheet.write_text(style(), encoding="utf-8")
    return sheet, favourites_bundle(folder / FAVOURITES)


def instructions(folder: Path) -> list[str]:
    """Return what to tell a person who opens Browser, once the kit lies in ``folder``.

    >>> len(instructions(Path("/home/wei/graphsvc/browser")))
    5
    """
    return [
        "Import the investigators' kit, once per browser:",
        f"  1. drag {folder / STYLE} onto the Browser page (colours and captions),",
        f"  2. drag {folder / FAVOURITES} onto the Browser page (saved queries: the star on the left).",
        "Then set where to start, for example  :param seller => 'taobao:s000001'  and run a favourite.",
        "To import a newer kit, delete the old folders of favourites first: Browser keeps both.",
    ]
