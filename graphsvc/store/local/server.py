"""Start, find and stop the one Neo4j of a home, and fill it offline."""

from __future__ import annotations

import subprocess
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from graphsvc.model.errors import BadInput, Conflict, StoreUnavailable
from graphsvc.model.graph import Label
from graphsvc.model.progress import SILENT, Progress
from graphsvc.store.address import ServerAddress
from graphsvc.store.local import artifacts, bulk, java, process
from graphsvc.store.local.config import LocalConfig, Running
from graphsvc.store.local.files import locked, read_secret
from graphsvc.store.local.layout import Layout, write_arguments
from graphsvc.store.local.process import ADMIN, NO_PORTS, SERVER, Found, Ports

if TYPE_CHECKING:
    from graphsvc.store.driver import Store

_OPENED = ("java.nio", "java.io", "sun.nio.ch", "java.util.concurrent", "java.lang")
_OPTIONS = (
    *(f"--add-opens=java.base/{package}=ALL-UNNAMED" for package in _OPENED),
    "--enable-native-access=ALL-UNNAMED",
    "-XX:+ExitOnOutOfMemoryError",
    "-Dlog4j2.disable.jmx=true",
    "-Dfile.encoding=UTF-8",
)
_ATTEMPTS = 3
"""Starts before giving up on free ports that others take first."""


class LocalNeo4j:
    """The Neo4j of one home: at most one server, whoever starts it, whatever was killed before.

    Parameters
    ----------
    config : LocalConfig
        Home, cache, release, ports and sizes.
    patience : float
        Seconds to wait for a started server to answer.
    """

    def __init__(self, config: LocalConfig, patience: float = 300.0) -> None:
        self.config = config
        self._layout = Layout(config)
        self._patience = patience

    @property
    def password_file(self) -> Path:
        """File with the password, readable by its owner only."""
        return self._layout.password_file

    @property
    def log(self) -> Path:
        """File with what the server said since it was last started."""
        return self._layout.console

    def start(self, progress: Progress = SILENT) -> Running:
        """Return the running server, starting it if need be.

        The first start fetches Neo4j (about 200 MB) into the cache; a server that an interrupted command left
        behind is reused if it answers and replaced if it does not.

        Raises
        ------
        StoreUnavailable
            If artifacts cannot be fetched, a port that was asked for is busy, the disk is full, or Java dies.
        """
        running = self.status()
        if running is not None:
            return running
        with self._locked():
            return self._start(progress)

    def stop(self) -> bool:
        """Stop the server cleanly; return whether there was one."""
        if not self._layout.root.is_dir():
            return False
        with self._locked():
            return self._end_all()

    def status(self) -> Running | None:
        """Return the server if it runs and answers, else None; changes nothing."""
        self._layout.check_release()
        password = read_secret(self._layout.password_file)
        servers = [found for found in process.find(self._layout.home) if found.role == SERVER]
        if password is None or not servers or not process.listens(servers[0].ports.bolt):
            return None
        try:
            return self._ask(servers[0], password)
        except StoreUnavailable:
            return None

    def import_full(
        self,
        nodes: Mapping[Label, bulk.Files],
        relationships: bulk.Relationships,
        progress: Progress = SILENT,
        overwrite: bool = False,
    ) -> None:
        """Fill the empty store with Neo4j's offline importer; a running server is stopped and started again.

        Parameters
        ----------
        nodes, relationships : mapping to sequence of Path
            CSV files per label and relationship type, the header file first.
        progress : Progress
            Told of the steps.
        overwrite : bool
            Replace what the store holds.

        Raises
        ------
        Conflict
            If the store holds anything and ``overwrite`` is not set.
        BadInput
            If the importer refuses the files; the store is empty then.
        """
        before = self.status()
        if not overwrite and self._holds_data(progress):
            raise Conflict(
                f"The local Neo4j in {self._layout.home} is not empty.",
                "Load without --full, or use another GRAPHSVC_HOME.",
            )
        with self._locked():
            self._end_all()
            command = self._import_command(nodes, relationships, progress)
            self._layout.importing.touch()
            with progress.step("Importing into Neo4j"):
                self._run_import(command)
            self._layout.importing.unlink()
            if before is not None:
                port = int(before.address.uri.rsplit(":", 1)[1])
                http = int(before.browser.split(":")[2].split("/")[0])
                self._start(progress, preferred=Ports(port, http))

    def import_command(
        self,
        nodes: Mapping[Label, bulk.Files],
        relationships: bulk.Relationships,
        progress: Progress = SILENT,
    ) -> bulk.Command:
        """Return the bare importer's command for a home that was never started, for measuring against."""
        with self._locked():
            return self._import_command(nodes, relationships, progress)

    @contextmanager
    def _locked(self) -> Iterator[None]:
        self._layout.make()
        with locked(self._layout.lock, "starting or stopping this Neo4j"):
            yield

    def _start(self, progress: Progress, preferred: Ports | None = None) -> Running:
        password = self._layout.password()
        program = java.find(self.config, progress)
        jars = artifacts.fetch(self.config, progress)
        with progress.step("Starting Neo4j"):
            running = self._adopt(password)
            if running is not None:
                return running
            self._mend()
            for attempt in range(1, _ATTEMPTS + 1):
                ports = self._ports(preferred)
                self._layout.configure(ports, jars)
                self._set_password(program, password)
                found = self._spawn(program, ports)
                try:
                    return self._wait(found, password)
                except BaseException as error:
                    process.end(found)
                    lost_race = isinstance(error, StoreUnavailable) and "ports is busy" in error.message
                    if not lost_race or attempt == _ATTEMPTS:
                        raise
                    preferred = None
        raise AssertionError("unreachable")

    def _adopt(self, password: str) -> Running | None:
        """Return the server that already runs, if it comes to answer; end all else that was left running."""
        found = process.find(self._layout.home)
        servers = [f for f in found if f.role == SERVER]
        for other in [f for f in found if f.role != SERVER] + servers[1:]:
            process.end(other)
        if not servers:
            return None
        try:
            return self._wait(servers[0], password)
        except StoreUnavailable:
            process.end(servers[0])
            return None

    def _mend(self) -> None:
        """Undo what was cut off: an import that did not end left half a graph in an empty store."""
        if self._layout.importing.exists():
            self._layout.forget_database()
            self._layout.importing.unlink()

    def _end_all(self) -> bool:
        found = process.find(self._layout.home)
        for each in found:
            process.end(each)
        return any(f.role == SERVER for f in found)

    def _ports(self, preferred: Ports | None) -> Ports:
        bolt, http = self.config.bolt_port, self.config.http_port
        if preferred is not None and process.is_free(preferred.bolt) and process.is_free(preferred.http):
            return preferred
        first = process.choose_port(bolt, 7687, "GRAPHSVC_BOLT_PORT", [http] if http else [])
        return Ports(first, process.choose_port(http, 7474, "GRAPHSVC_HTTP_PORT", [first]))

    def _set_password(self, program: Path, password: str) -> None:
        """Give a store that was never started its first password, which is in no command line."""
        if (self._layout.data / "databases" / "system").is_dir():
            return
        (self._layout.data / "dbms" / "auth.ini").unlink(missing_ok=True)
        arguments = self._layout.conf / "set-password"
        write_arguments(arguments, ["org.neo4j.cli.AdminTool", "dbms", "set-initial-password", password])
        try:
            log = self._layout.logs / "set-password.log"
            if self._run_admin([*self._java(program, ADMIN), f"@{arguments}"], log) != 0:
                raise self._layout.died("Neo4j's first password cannot be set", log)
        finally:
            arguments.unlink(missing_ok=True)

    def _java(self, program: Path, role: str, ports: Ports = NO_PORTS) -> list[str]:
        return [
            str(program),
            *process.marks(self._layout.home, role, ports),
            f"-Xmx{self.config.heap}",
            *_OPTIONS,
            f"@{self._layout.class_path}",
        ]

    def _spawn(self, program: Path, ports: Ports) -> Found:
        root, conf = self._layout.root, self._layout.conf
        arguments = [
            *self._java(program, SERVER, ports),
            self.config.release.main_class,
            "--console-mode",  # its log on standard output as well, where we look for causes
            f"--home-dir={root}",
            f"--config-dir={conf}",
        ]
        return process.spawn(
            arguments, process.environment(self._layout.environment()), root, self._layout.console
        )

    def _wait(self, found: Found, password: str) -> Running:
        deadline = time.monotonic() + self._patience
        refusal: StoreUnavailable | None = None
        while time.monotonic() < deadline:
            if not found.alive:
                raise self._layout.died("Neo4j did not start", self._layout.console)
            if process.listens(found.ports.bolt) and process.listens(found.ports.http):
                try:
                    return self._ask(found, password)
                except StoreUnavailable as error:
                    # no waiting mends these
                    if any(said in error.message for said in ("refuses the user", "has shut its database")):
                        raise
                    refusal = error  # its database is not there yet
            time.sleep(0.1)
        said = f" ({refusal.message})" if refusal else ""
        raise StoreUnavailable(
            f"Neo4j does not answer after {self._patience:.0f} seconds{said}.",
            f"See {self._layout.console}, then run again.",
        )

    def _ask(self, found: Found, password: str) -> Running:
        address = ServerAddress(f"bolt://127.0.0.1:{found.ports.bolt}", "neo4j", password, "neo4j")
        with _connected(address) as store:
            version = store.version()
        return Running(address, f"http://127.0.0.1:{found.ports.http}/browser/", found.process.pid, version)

    def _holds_data(self, progress: Progress) -> bool:
        if not self._layout.database.is_dir() or self._layout.importing.exists():
            return False
        with _connected(self.start(progress).address) as store:
            return not store.read("read/is_empty")[0]["empty"]

    def _import_command(
        self, nodes: Mapping[Label, bulk.Files], relationships: bulk.Relationships, progress: Progress
    ) -> bulk.Command:
        program = java.find(self.config, progress)
        self._layout.configure(Ports(7687, 7474), artifacts.fetch(self.config, progress))
        arguments = [
            *self._java(program, ADMIN),
            "org.neo4j.cli.AdminTool",
            *bulk.options(nodes, relationships, self._layout.logs / "import.report"),
        ]
        return bulk.Command(
            tuple(arguments), process.environment(self._layout.environment()), self._layout.root
        )

    def _run_import(self, command: bulk.Command) -> None:
        log = self._layout.logs / "import.log"
        if self._run_admin(list(command.arguments), log) == 0:
            return
        self._layout.forget_database()
        self._layout.importing.unlink(missing_ok=True)
        error = self._layout.died("Neo4j's importer failed", log)
        if error.remedy.startswith("(log:"):
            raise BadInput(error.message, error.remedy)
        raise error

    def _run_admin(self, arguments: list[str], log: Path) -> int:
        with log.open("wb") as out:
            done = subprocess.run(  # noqa: S603 - our own arguments
                arguments,
                check=False,
                env=process.environment(self._layout.environment()),
                cwd=self._layout.root,
                stdin=subprocess.DEVNULL,
                stdout=out,
                stderr=out,
            )
        return done.returncode


def _connected(address: ServerAddress) -> Store:
    from graphsvc.store.driver import Store  # slow to import: not for a server that does not run

    return Store(address)
