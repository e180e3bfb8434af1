"""Two loads at once: the second is told who is at it, and a holder that dies lets go."""

from __future__ import annotations

import os
import signal
import subprocess
import sys

import pytest

from graphsvc.model.errors import Conflict
from graphsvc.model.graph import Label
from graphsvc.store.driver import Store
from ingest import alone as module
from ingest.alone import alone

pytestmark = pytest.mark.neo4j


def test_the_second_is_refused_and_told_who_holds_it(
    any_store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "PATIENCE", 2.0)
    with (
        Store(any_store.address) as other,
        alone(any_store),
        pytest.raises(Conflict, match=rf"process {os.getpid()}\), since 2"),
        alone(other),
    ):
        raise AssertionError("both hold it")
    with alone(any_store):
        pass
    assert any_store.read("load/count_nodes", {"LABEL": Label.LOAD})[0]["count"] == 0, "nothing stays"


def test_a_holder_that_is_killed_lets_go(store: Store) -> None:
    program = (
        "import os, sys, time\nfrom graphsvc.store.driver import ServerAddress, Store\n"
        "from ingest.alone import alone\n"
        "address = ServerAddress(sys.argv[1], 'neo4j', os.environ['SECRET'], 'neo4j')\n"
        "with Store(address) as store, alone(store):\n"
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
    with alone(store):
        pass
