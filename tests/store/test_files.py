"""Scratch folders: gone afterwards, gone after a kill with the next one, never taken from who works in them."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

from graphsvc.store.local.files import scratch

HOLDER = """
import sys, time
from pathlib import Path
from graphsvc.store.local.files import scratch
with scratch(Path(sys.argv[1]), "load") as folder:
    (folder / "sellers").write_text("personal")
    print(folder, flush=True)
    time.sleep(600)
"""


def folders(place: Path) -> list[Path]:
    return [path for path in place.iterdir() if path.is_dir()]


def test_what_a_killed_process_left_goes_with_the_next(tmp_path: Path) -> None:
    place = tmp_path / "staging"
    command = [sys.executable, "-c", HOLDER, str(place)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as holder:
        assert holder.stdout is not None
        theirs = Path(holder.stdout.readline().strip())
        try:
            with scratch(place, "scan") as ours:
                assert ours.stat().st_mode & 0o777 == 0o700
                assert set(folders(place)) == {ours, theirs}
        finally:
            holder.kill()
    assert (theirs / "sellers").is_file(), "killed too hard to clear up"
    with scratch(place, "load") as ours:
        assert folders(place) == [ours]
    assert folders(place) == []
