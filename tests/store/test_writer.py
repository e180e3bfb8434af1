"""Two writers at once: the second is told who is at it, and a holder that dies lets go."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from graphsvc.model.errors import Conflict
from graphsvc.model.graph import Label
from graphsvc.store import writer
from graphsvc.store.driver import Store
from graphsvc.store.writer import alone, alone_at_home, refuse_if_written

pytestmark = pytest.mark.neo4j


def test_the_second_is_refused_and_told_who_holds_it(
    any_store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(writer, "PATIENCE", 2.0)
    with (
        Store(any_store.address) as other,
        alone(any_store, "loading"),
        pytest.raises(Conflict, match=rf"process {os.getpid()}, loading\), since 2"),
        alone(other, "detecting"),
    ):
        raise AssertionError("both hold it")
    with alone(any_store, "loading"):
        pass
    refuse_if_written(any_store)
    assert any_store.read("load/count_nodes", {"LABEL": Label.LOAD})[0]["count"] == 0, "nothing stays"


def test_a_holder_that_is_killed_lets_go(store: Store) -> None:
    program = (
        "import os, sys, time\n"
        "from graphsvc.store.address import ServerAddress\nfrom graphsvc.store.driver import Store\n"
        "from graphsvc.store.writer import alone\n"
        "address = ServerAddress(sys.argv[1], 'neo4j', os.environ['SECRET'], 'neo4j')\n"
        "with Store(address) as store, alone(store, 'testing'):\n"
        "    print('held', flush=True)\n    time.sleep(600)\n"
    )
    process = subprocess.Popen(
        [sys.executable, "-c", program, store.address.uri],
        env=os.environ | {"SECRET": store.address.password},
        stdout=subprocess.PIPE,
    )
    assert process.stdout is not None
    assert process.stdout.readline() == b"held\n"
    process.send_signal(signal.SIGKILL)
    process.wait()
    process.stdout.close()
    with alone(store, "testing"):
        pass


def test_asking_takes_nothing(store: Store) -> None:
    refuse_if_written(store)
    with alone(store, "testing"), pytest.raises(Conflict, match="testing"):
        refuse_if_written(store)


def test_a_home_has_one_writer_until_it_dies(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(writer, "PATIENCE", 0.2)
    program = (
        "import sys, time\nfrom pathlib import Path\nfrom graphsvc.store.writer import alone_at_home\n"
        "with alone_at_home(Path(sys.argv[1]), 'loading tables'):\n"
        "    print('held', flush=True)\n    time.sleep(600)\n"
    )
    lock = tmp_path / "writer.lock"
    with subprocess.Popen([sys.executable, "-c", program, str(lock)], stdout=subprocess.PIPE) as holder:
        assert holder.stdout is not None
        assert holder.stdout.readline() == b"held\n"
        try:
            with (
                pytest.raises(Conflict, match=rf"process {holder.pid}, loading tables\), since 2.* UTC"),
                alone_at_home(lock, "testing"),
            ):
                raise AssertionError("both hold it")
        finally:
            holder.kill()
    with alone_at_home(lock, "testing"):
        assert "testing" in lock.read_text(encoding="utf-8")
