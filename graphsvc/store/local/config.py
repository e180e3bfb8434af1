"""What a local Neo4j is made of: its settings, and the releases that are pinned."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

from graphsvc.model.errors import BadInput
from graphsvc.store.address import ServerAddress

_SIZE = re.compile(r"[1-9]\d*[kmgKMG]")


@dataclass(frozen=True)
class Release:
    """One pinned Neo4j: what to resolve, what to run, and the Java it needs."""

    name: str
    coordinates: tuple[str, ...]
    main_class: str
    java: int

    @property
    def lock(self) -> Path:
        """File of the artifacts, one a line: path in a Maven repository, then sha256, in class path order."""
        return Path(__file__).with_name(f"artifacts-{self.name}.txt")


RELEASES = {
    release.name: release
    for release in (
        Release(
            "2026.08",
            (
                "org.neo4j:neo4j:2026.08.1",
                "org.neo4j.app:neo4j-server:2026.08.1",
                "org.neo4j.client:neo4j-browser:5.24.0",
                "org.neo4j.gds:proc:2.26.0",
                "org.neo4j.gds:opengds-extension:2.26.0",
            ),
            "org.neo4j.server.Neo4jCommunity",
            25,
        ),
        Release(
            "5.26",
            (
                "org.neo4j:neo4j:5.26.30",
                "org.neo4j.app:neo4j-server:5.26.30",
                "org.neo4j.client:neo4j-browser:5.24.0",
                "org.neo4j.gds:proc:2.13.9",
                "org.neo4j.gds:opengds-extension:2.13.9",
            ),
            "org.neo4j.server.CommunityEntryPoint",
            17,
        ),
    )
}


@dataclass(frozen=True)
class LocalConfig:
    """Settings of a local Neo4j.

    Parameters
    ----------
    home : Path
        Data folder; the server lives in ``home/neo4j``, its password in ``home/secrets``. Made 0700.
    cache : Path
        Where downloaded artifacts are kept, shared by all homes.
    version : str
        Which pinned release: ``2026.08`` or ``5.26``.
    bolt_port, http_port : int, optional
        Ports on the loopback interface; 0: any free one; None: Neo4j's usual one, or a free one if busy.
    heap, pagecache : str
        Sizes as Java writes them, such as ``512m`` or ``2g``.
    mirror : str, optional
        Address of a Maven repository to use instead of the public one.
    java : Path, optional
        A ``java`` to run instead of the one from pip; the machine's own is never used unasked.

    Raises
    ------
    BadInput
        If the version is not a pinned one, or a size cannot be read.
    """

    home: Path
    cache: Path
    version: str = "2026.08"
    bolt_port: int | None = None
    http_port: int | None = None
    heap: str = "2g"
    pagecache: str = "1g"
    mirror: str | None = None
    java: Path | None = None

    def __post_init__(self) -> None:
        if self.version not in RELEASES:
            raise BadInput(
                f"No local Neo4j '{self.version}'.",
                f"GRAPHSVC_NEO4J_VERSION is one of {', '.join(RELEASES)}; for another server set NEO4J_URI.",
            )
        for setting, size in (
            ("GRAPHSVC_NEO4J_HEAP", self.heap),
            ("GRAPHSVC_NEO4J_PAGECACHE", self.pagecache),
        ):
            if not _SIZE.fullmatch(size):
                raise BadInput(f"Setting {setting}: '{size}' is not a size.", "Write it like 512m or 2g.")

    @property
    def release(self) -> Release:
        """The pinned release."""
        return RELEASES[self.version]


@dataclass(frozen=True)
class Running:
    """A local Neo4j that answers: where, and as which process."""

    address: ServerAddress
    browser: str
    pid: int
    version: str
