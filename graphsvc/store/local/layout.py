"""Folders and files of one home: configuration, plugins, password, and what the log says when Neo4j dies."""

from __future__ import annotations

import re
import secrets
import shutil
from collections.abc import Sequence
from pathlib import Path

from graphsvc.model.errors import StoreUnavailable
from graphsvc.store.local.config import LocalConfig
from graphsvc.store.local.files import private_folder, read_secret, write_secret
from graphsvc.store.local.process import Ports

ROOM = 500 * 2**20
"""Bytes that must be free in the home before Neo4j starts."""

# A disk that fills up cuts the last transaction off in the middle of the log. Neo4j would then refuse the database for
# good; told not to fail it drops what was never committed, and loading again brings it.
_SETTINGS = """\
server.default_listen_address=127.0.0.1
server.default_advertised_address=127.0.0.1
server.bolt.listen_address=127.0.0.1:{bolt}
server.bolt.advertised_address=127.0.0.1:{bolt}
server.http.listen_address=127.0.0.1:{http}
server.http.advertised_address=127.0.0.1:{http}
server.https.enabled=false
server.memory.pagecache.size={pagecache}
db.tx_log.preallocate=false
internal.dbms.tx_log.fail_on_corrupted_log_files=false
dbms.security.procedures.unrestricted=gds.*
dbms.usage_report.enabled=false
client.allow_telemetry=false
internal.server.bolt.thread_pool_shutdown_wait_time=1s
"""

_CAUSES = (
    (r"No space left on device", "the disk is full", "Free space where GRAPHSVC_HOME lies"),
    (
        r"Invalid (maximum|initial) heap size|Could not reserve enough space|Too small maximum heap"
        r"|exceeds the maximum representable size",
        "Java cannot have the heap it is told to use",
        "Set GRAPHSVC_NEO4J_HEAP to a size this machine has",
    ),
    (
        r"OutOfMemoryError|Cannot allocate memory|insufficient memory|Invalid memory configuration",
        "it ran out of memory",
        "Set GRAPHSVC_NEO4J_HEAP and GRAPHSVC_NEO4J_PAGECACHE to what this machine has",
    ),
    (
        r"lock file has been locked by another process|StoreLockException|FileLockException|FailedToLock",
        "another Neo4j uses the same data",
        "Stop that one, or use another GRAPHSVC_HOME",
    ),
    (
        r"UnsupportedClassVersionError",
        "its Java has the wrong version",
        "Unset GRAPHSVC_JAVA, or point it at the right one",
    ),
    (
        r"Address already in use|BindException",
        "one of its ports is busy",
        "Set GRAPHSVC_BOLT_PORT and GRAPHSVC_HTTP_PORT to free ones (0: any)",
    ),
    (
        r"Permission denied|AccessDeniedException",
        "it may not write its files",
        "Make GRAPHSVC_HOME a folder of yours",
    ),
)


class Layout:
    """Where a home keeps what; ``root`` is the folder of the server."""

    def __init__(self, config: LocalConfig) -> None:
        self.config = config
        self.home = config.home.expanduser().resolve()
        self.root = self.home / "neo4j"
        self.conf = self.root / "conf"
        self.logs = self.root / "logs"
        self.plugins = self.root / "plugins"
        self.data = self.root / "data"
        self.console = self.logs / "console.log"
        self.lock = self.root / "lock"
        self.release = self.root / "release"
        self.importing = self.root / "importing"
        self.password_file = self.home / "secrets" / "neo4j-password"
        self.database = self.data / "databases" / "neo4j"

    def make(self) -> None:
        """Make the folders, refusing a home whose data another release wrote, or a full disk."""
        private_folder(self.home)
        for folder in (self.root, self.conf, self.logs, self.plugins, self.data, self.password_file.parent):
            private_folder(folder)
        self.check_release()
        free = shutil.disk_usage(self.root).free
        if free < ROOM:
            raise StoreUnavailable(
                f"The disk of {self.home} is full: {free >> 20} MB are free, Neo4j needs {ROOM >> 20} MB.",
                "Free space there, or set GRAPHSVC_HOME to another disk.",
            )
        self.release.write_text(self.config.version + "\n", encoding="utf-8")

    def check_release(self) -> None:
        """Raise StoreUnavailable if another release wrote this home's data."""
        if (
            self.release.is_file()
            and (kept := self.release.read_text(encoding="utf-8").strip()) != self.config.version
        ):
            raise StoreUnavailable(
                f"{self.home} holds data of Neo4j {kept}, not {self.config.version}.",
                f"Set GRAPHSVC_NEO4J_VERSION={kept}, or use another GRAPHSVC_HOME.",
            )

    def password(self) -> str:
        """Return the password, making one in a file for our eyes only the first time."""
        password = read_secret(self.password_file)
        if password is None:
            password = secrets.token_hex(24)
            write_secret(self.password_file, password)
        return password

    def configure(self, ports: Ports, jars: Sequence[Path]) -> None:
        """Write neo4j.conf, the class path and the links to the plugins."""
        text = _SETTINGS.format(bolt=ports.bolt, http=ports.http, pagecache=self.config.pagecache)
        (self.conf / "neo4j.conf").write_text(text, encoding="utf-8")
        write_arguments(self.class_path, ["-cp", ":".join(str(jar) for jar in jars)])
        for old in self.plugins.iterdir():
            if old.is_symlink():
                old.unlink()
        for jar in jars:
            if "/org/neo4j/gds/" in jar.as_posix():
                (self.plugins / jar.name).symlink_to(jar)

    @property
    def class_path(self) -> Path:
        """Java argument file with the class path: 40 kB that would hide everything else on a command line."""
        return self.conf / "class-path"

    def environment(self) -> dict[str, str]:
        """Return what Neo4j's tools read from the environment."""
        return {"NEO4J_HOME": str(self.root), "NEO4J_CONF": str(self.conf)}

    def forget_database(self) -> None:
        """Delete the graph (not the users), which a bulk import left unfinished."""
        for folder in (self.database, self.data / "transactions" / "neo4j"):
            shutil.rmtree(folder, ignore_errors=True)

    def died(self, what: str, log: Path) -> StoreUnavailable:
        """Return the error for a Java process that ended: its cause if a known one, else its last words."""
        lines = _tail(log)
        text = "\n".join(lines)
        for pattern, cause, remedy in _CAUSES:
            if re.search(pattern, text):
                return StoreUnavailable(f"{what}: {cause}.", f"{remedy} (log: {log}).")
        causes = [line for line in lines if re.search(r"Caused by:|\bERROR\b|Error:|Exception", line)]
        last = (causes or lines or ["it said nothing"])[-1].strip()
        return StoreUnavailable(f"{what}: {last[:300]}", f"(log: {log})")


def write_arguments(path: Path, arguments: Sequence[str]) -> None:
    """Write a Java argument file for our eyes only."""
    quoted = ('"' + a.replace("\\", "\\\\").replace('"', '\\"') + '"' for a in arguments)
    write_secret(path, "\n".join(quoted))


def _tail(log: Path, lines: int = 200) -> list[str]:
    if not log.is_file():
        return []
    return [line for line in log.read_text(encoding="utf-8", errors="replace").splitlines() if line.strip()][
        -lines:
    ]
