"""Neo4j's own offline importer: the command line for prepared CSV files."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from graphsvc.model.errors import BadInput
from graphsvc.model.graph import Label, Rel

Files = Sequence[Path]
Relationships = Mapping[Rel, Files] | Sequence[tuple[Rel, Files]]
"""Files per type; as pairs where a type runs between several labels, whose headers differ."""


@dataclass(frozen=True)
class Command:
    """A program to run: ``subprocess.run(c.arguments, env=c.environment, cwd=c.folder)``."""

    arguments: tuple[str, ...]
    environment: Mapping[str, str]
    folder: Path


def options(nodes: Mapping[Label, Files], relationships: Relationships, report: Path) -> list[str]:
    """Return the importer's options; each group of files starts with its header file.

    Nothing is tolerated: a relationship to a node that is not there, or a node given twice, fails the import
    instead of being left out.

    Raises
    ------
    BadInput
        If a file is missing or its path cannot be written on the importer's command line.
    """
    out = [
        "database",
        "import",
        "full",
        "neo4j",
        "--overwrite-destination",
        "--id-type=string",
        "--bad-tolerance=0",
        f"--report-file={report}",
    ]
    for label, files in sorted(nodes.items()):
        out.append(f"--nodes={label.value}={_joined(files)}")
    for rel, files in sorted(relationships.items() if isinstance(relationships, Mapping) else relationships):
        out.append(f"--relationships={rel.value}={_joined(files)}")
    return out


def _joined(files: Files) -> str:
    for file in files:
        if not file.is_file():
            raise BadInput(f"{file}: no such file to import.")
        if "," in str(file):
            raise BadInput(f"{file}: the importer cannot read a path with a comma.", "Use another folder.")
    return ",".join(str(file.resolve()) for file in files)
