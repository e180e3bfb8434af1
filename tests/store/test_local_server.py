"""Start, stop, and what happens when either side is killed."""

from __future__ import annotations

import os
import signal
import socket
import stat
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path

import pytest

from graphsvc.model.errors import BadInput, StoreUnavailable
from graphsvc.store.driver import Store
from graphsvc.store.local import LocalConfig, LocalNeo4j, process
from graphsvc.store.local.layout import ROOM, Layout

NewServer = Callable[..., LocalNeo4j]
SLEEPER = [sys.executable, "-c", "import time; time.sleep(600)"]
STARTER = """
import sys
from pathlib import Path
from graphsvc.store.local import LocalConfig, LocalNeo4j
home, cache = map(Path, sys.argv[1:3])
LocalNeo4j(LocalConfig(home, cache, bolt_port=0, http_port=0, heap="512m", pagecache="256m")).start()
"""


def processes(server: LocalNeo4j) -> list[process.Found]:
    return process.find(server.config.home.resolve())


def mode(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


@pytest.mark.neo4j
@pytest.mark.parametrize("fixture", ["neo4j_2026", "neo4j_526"])
def test_is_the_real_neo4j_with_gds_and_browser(request: pytest.FixtureRequest, fixture: str) -> None:
    server: LocalNeo4j = request.getfixturevalue(fixture)
    running = server.start()
    assert running.version.startswith(server.config.version)
    with Store(running.address) as store:
        assert int(store.read("read/gds_version")[0]["version"].split(".")[0]) == 2
    with urllib.request.urlopen(running.browser) as answer:
        assert b"<title>Neo4j Browser</title>" in answer.read()


@pytest.mark.neo4j
def test_second_start_reuses_the_first(neo4j_2026: LocalNeo4j) -> None:
    assert LocalNeo4j(neo4j_2026.config).start() == neo4j_2026.start()
    assert len(processes(neo4j_2026)) == 1


@pytest.mark.neo4j
def test_secrets_are_for_their_owner_only(neo4j_2026: LocalNeo4j) -> None:
    running = neo4j_2026.start()
    home, password = neo4j_2026.config.home, running.address.password
    assert len(password) >= 32
    assert mode(home) == mode(home / "secrets") == mode(home / "neo4j") == 0o700
    assert mode(neo4j_2026.password_file) == 0o600
    server = processes(neo4j_2026)[0].process
    assert password not in " ".join(server.cmdline())
    assert password not in str(server.environ())
    assert password not in repr(running)
    kept = [
        p
        for p in home.rglob("*")
        if p.is_file() and p.stat().st_size < 2**20 and password.encode() in p.read_bytes()
    ]
    assert kept == [neo4j_2026.password_file]


@pytest.mark.neo4j
def test_listens_on_the_loopback_interface_only(neo4j_2026: LocalNeo4j) -> None:
    neo4j_2026.start()
    listening = [c for c in processes(neo4j_2026)[0].process.net_connections("tcp") if c.status == "LISTEN"]
    assert {c.laddr.ip.removeprefix("::ffff:") for c in listening} == {"127.0.0.1"}


@pytest.mark.neo4j
def test_a_password_file_others_can_read_is_refused(neo4j_2026: LocalNeo4j) -> None:
    neo4j_2026.start()
    neo4j_2026.password_file.chmod(0o644)
    try:
        with pytest.raises(StoreUnavailable, match=r"can be read by other users.*chmod 600"):
            neo4j_2026.start()
    finally:
        neo4j_2026.password_file.chmod(0o600)


@pytest.mark.neo4j
@pytest.mark.slow
def test_a_life(new_server: NewServer) -> None:
    """One server through start, kill -9, start, clean stop: the data stays."""
    server = new_server()
    assert server.status() is None
    assert server.stop() is False
    first = server.start()
    with Store(first.address) as store:
        store.run_schema("CREATE (:Seller {id: 'kept'})")
    killed = processes(server)[0]
    killed.process.send_signal(signal.SIGKILL)
    killed.process.wait(30)
    assert server.status() is None
    second = server.start()
    assert second.pid != first.pid
    with Store(second.address) as store:
        assert store.read("read/label_counts") == [{"label": "Seller", "count": 1}]
    with pytest.raises(StoreUnavailable, match=r"holds data of Neo4j 2026\.08, not 5\.26"):
        LocalNeo4j(replace(server.config, version="5.26")).start()
    assert server.stop() is True
    assert processes(server) == []
    assert "Stopped" in server.log.read_text(encoding="utf-8")


@pytest.mark.neo4j
@pytest.mark.slow
@pytest.mark.parametrize("seconds", [0.5, 2.0, 4.0, 8.0])
def test_killing_the_starter_at_any_moment_leaves_one_server_at_most(
    new_server: NewServer, seconds: float
) -> None:
    server = new_server()
    starter = subprocess.Popen(
        [sys.executable, "-c", STARTER, str(server.config.home), str(server.config.cache)]
    )
    time.sleep(seconds)
    starter.kill()
    starter.wait()
    left = {found.process.pid for found in processes(server) if found.role == process.SERVER}
    running = server.start()
    assert left <= {running.pid}, "a server left behind is reused"
    assert [found.process.pid for found in processes(server)] == [running.pid]


@pytest.mark.neo4j
@pytest.mark.slow
def test_many_starters_make_one_server_and_two_homes_two(new_server: NewServer) -> None:
    servers = [new_server("a"), new_server("a"), new_server("b")]
    with ThreadPoolExecutor(3) as pool:
        one, same, other = pool.map(LocalNeo4j.start, servers)
    assert one == same
    assert other.pid != one.pid
    assert other.address.uri != one.address.uri
    assert other.address.password != one.address.password
    assert servers[0].stop() is True
    assert servers[2].status() == other


@pytest.mark.neo4j
@pytest.mark.slow
def test_a_half_started_server_that_never_answers_is_replaced(new_server: NewServer) -> None:
    server = LocalNeo4j(new_server().config, patience=2.0)
    server._layout.make()
    stuck = process.spawn(
        [*SLEEPER, *process.marks(server.config.home.resolve(), process.SERVER)],
        dict(os.environ), server.config.home, server.config.home / "stuck.log",
    )  # fmt: skip
    running = LocalNeo4j(server.config, patience=300.0)
    with pytest.raises(StoreUnavailable):
        server._wait(stuck, "none")
    server._adopt("none")
    assert not stuck.alive
    assert running.start().pid != stuck.process.pid


def test_a_busy_port_that_was_asked_for_is_named(new_server: NewServer) -> None:
    with socket.socket() as busy:
        busy.bind(("127.0.0.1", 0))
        busy.listen()
        port = busy.getsockname()[1]
        for setting in ("bolt_port", "http_port"):
            with pytest.raises(
                StoreUnavailable, match=rf"Port {port} \(GRAPHSVC_{setting.upper()}\) is busy"
            ):
                new_server(setting, **{setting: port}).start()


def test_a_usual_port_that_is_busy_is_avoided_unless_asked_for() -> None:
    with socket.socket() as busy:
        busy.bind(("127.0.0.1", 0))
        busy.listen()
        usual = busy.getsockname()[1]
        assert process.choose_port(None, usual, "X") != usual
    assert process.choose_port(None, usual, "X") == usual
    assert process.choose_port(None, usual, "X", taken=[usual]) != usual


def test_a_heap_that_java_cannot_have(new_server: NewServer) -> None:
    with pytest.raises(StoreUnavailable, match="GRAPHSVC_NEO4J_HEAP"):
        new_server(heap="900000g").start()


def test_a_size_that_is_none(tmp_path: Path) -> None:
    with pytest.raises(BadInput, match="GRAPHSVC_NEO4J_PAGECACHE: 'much' is not a size"):
        LocalConfig(tmp_path, tmp_path, pagecache="much")
    with pytest.raises(BadInput, match=r"2026\.08, 5\.26"):
        LocalConfig(tmp_path, tmp_path, version="4.4")


def test_a_full_disk_is_said_before_the_start(new_server: NewServer, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("graphsvc.store.local.layout.ROOM", 2**60)
    with pytest.raises(StoreUnavailable, match=r"disk of .* is full.*GRAPHSVC_HOME"):
        new_server().start()
    assert ROOM < 2**30


def test_a_home_that_cannot_be_made(new_server: NewServer, tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(StoreUnavailable, match="cannot be used"):
        new_server("file/home").start()


@pytest.mark.parametrize(
    ("said", "cause"),
    [
        ("java.io.IOException: No space left on device", "disk is full"),
        (
            "Caused by: StoreLockException: Lock file has been locked by another process",
            "another Neo4j",
        ),
        ("java.net.BindException: Address already in use", "ports is busy"),
        ("Exception: something new", "something new"),
        ("", "said nothing"),
    ],
)
def test_the_last_words_of_java_are_explained(tmp_path: Path, said: str, cause: str) -> None:
    log = tmp_path / "console.log"
    log.write_text(f"Starting...\n{said}\n" if said else "", encoding="utf-8")
    error = Layout(LocalConfig(tmp_path, tmp_path)).died("Neo4j did not start", log)
    assert cause in error.message
    assert str(log) in error.remedy


def test_a_process_of_another_home_is_not_ours(tmp_path: Path) -> None:
    stranger = process.spawn(
        [*SLEEPER, *process.marks(tmp_path / "home2", process.SERVER)],
        dict(os.environ), tmp_path, tmp_path / "log",
    )  # fmt: skip
    try:
        assert process.find(tmp_path / "home") == []
        assert [f.process.pid for f in process.find(tmp_path / "home2")] == [stranger.process.pid]
    finally:
        process.end(stranger)
    assert process.find(tmp_path / "home2") == []


def test_a_server_outlives_its_starter_without_a_warning(tmp_path: Path) -> None:
    home = tmp_path / "home"
    program = (
        "import sys\nfrom pathlib import Path\nfrom graphsvc.store.local import process\n"
        "home = Path(sys.argv[1])\n"
        "arguments = [sys.executable, '-c', 'import time; time.sleep(600)', *process.marks(home, process.SERVER)]\n"
        "process.spawn(arguments, {}, home.parent, home.parent / 'log')\n"
    )
    command = [sys.executable, "-X", "dev", "-c", program, str(home)]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    left = process.find(home)
    for found in left:
        process.end(found)
    assert len(left) == 1
    assert "still running" not in done.stderr
