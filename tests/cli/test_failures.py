"""What nobody foresaw is still told in one line."""

from __future__ import annotations

import errno
import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from graphsvc.cli.context import unforeseen


def test_a_full_disk_and_a_missing_file_are_told_as_such() -> None:
    full = unforeseen(OSError(errno.ENOSPC, os.strerror(errno.ENOSPC), "/data/part"))
    assert str(full) == "The disk is full (/data/part). Free space there, then run again."
    assert "The disk is full" in str(unforeseen(ValueError("x: No space left on device (os error 28)")))
    assert "/data/part: Permission denied" in str(
        unforeseen(PermissionError(errno.EACCES, os.strerror(errno.EACCES), "/data/part"))
    )


def test_of_a_fault_of_ours_the_details_are_in_a_private_file(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("GRAPHSVC_HOME", str(tmp_path))
    kept = tmp_path / "failure.txt"
    try:
        raise RuntimeError("out of\ncheese")
    except RuntimeError as error:
        said = unforeseen(error)
    assert said.message == "This should not happen: RuntimeError: out of cheese."
    assert str(kept) in said.remedy
    assert "test_failures.py" in kept.read_text(encoding="utf-8")
    assert kept.stat().st_mode & 0o777 == 0o600


def test_the_command_ends_with_one_line_and_no_trace(tmp_path: Path) -> None:
    program = "import graphsvc.cli.main as m; m.app.command('x')(lambda: 1 / 0); m.main()"
    done = subprocess.run(
        [sys.executable, "-c", program, "--json", "x"],
        capture_output=True, text=True, check=False, env=os.environ | {"GRAPHSVC_HOME": str(tmp_path)},
    )  # fmt: skip
    assert done.returncode == 1
    assert len(done.stderr.splitlines()) == 1
    assert "ZeroDivisionError" in json.loads(done.stdout)["error"]["message"]


def test_an_interrupt_while_importing_is_one_line_and_130() -> None:
    program = (
        "import sys, types\n"
        "class Finder:\n"
        "    def find_spec(self, name, path=None, target=None):\n"
        "        if name == 'graphsvc.cli.main':\n            raise KeyboardInterrupt\n"
        "sys.meta_path.insert(0, Finder())\n"
        "from graphsvc.cli.entry import main\nmain()\n"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (130, "Stopped.\n")
