"""The service as people start it: a process of its own, found by its first line, stopped by a signal."""

from __future__ import annotations

import os
import re
import signal
import socket
import subprocess
import sys
from pathlib import Path

import httpx

from graphsvc.casework.access import Role
from graphsvc.casework.keys import KeyRequest, issue
from graphsvc.store.driver import Store
from tests import published_market
from tests.api.conftest import ACCOUNT_KEY

START = [sys.executable, "-c", "from graphsvc.cli.main import main; main()", "serve"]


def environment(store: Store, home: Path) -> dict[str, str]:
    address = store.address
    return {
        **os.environ,
        "NEO4J_URI": address.uri,
        "NEO4J_USERNAME": address.user,
        "NEO4J_PASSWORD": address.password,
        "GRAPHSVC_HOME": str(home),
        "GRAPHSVC_ACCOUNT_KEY": ACCOUNT_KEY,
        "PYTHONPATH": str(Path.cwd()),
    }


def test_it_serves_from_several_processes_and_stops_when_told(store: Store, tmp_path: Path) -> None:
    published_market.write(store)
    token = issue(store, KeyRequest("x", Role.ADMIN)).token
    command = [*START, "--port", "0", "--workers", "2"]
    errors = tmp_path / "stderr"
    with (
        errors.open("wb") as out,
        subprocess.Popen(command, env=environment(store, tmp_path), stderr=out) as process,
    ):
        try:
            address = ""
            while not address and process.poll() is None:
                found = re.search(r"Serving at (http://127\.0\.0\.1:\d+)/", errors.read_text())
                address = found[1] if found else ""
            with httpx.Client(base_url=address, timeout=120) as client:
                answer = client.get("/v1/rackets", headers={"Authorization": f"Bearer {token}"})
                assert [item["id"] for item in answer.json()["items"]] == ["r-001", "r-002", "r-003"]
                assert "server" not in answer.headers
        finally:
            process.send_signal(signal.SIGINT)
            process.wait()
    assert token not in errors.read_text()
    assert "Traceback" not in errors.read_text()


def test_a_busy_port_is_one_line(store: Store, tmp_path: Path) -> None:
    with socket.socket() as busy:
        busy.bind(("127.0.0.1", 0))
        busy.listen()
        command = [*START, "--port", str(busy.getsockname()[1])]
        done = subprocess.run(
            command, env=environment(store, tmp_path), capture_output=True, text=True, check=False
        )
    assert done.returncode == 1
    assert "is in use" in done.stderr
    assert "--port" in done.stderr
    assert "Traceback" not in done.stderr
