"""The process around one detection run; it holds the lock it inherited."""

from __future__ import annotations

import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import orjson


def main(folder: Path) -> int:
    """Run the command of ``job.json``, keep its output beside it and write ``result.json``."""
    command = orjson.loads((folder / "job.json").read_bytes())["command"]
    with (folder / "stdout").open("wb") as out, (folder / "stderr").open("wb") as err:
        ended = subprocess.run(command, stdout=out, stderr=err, stdin=subprocess.DEVNULL, check=False)  # noqa: S603
        code = ended.returncode
    result: dict[str, Any] = {"code": code, "finished_at": datetime.now(UTC).isoformat()}
    result |= (
        _said((folder / "stdout").read_bytes()) if code == 0 else {"message": _last_line(folder / "stderr")}
    )
    part = folder / "result.part"
    part.write_bytes(orjson.dumps(result))
    part.rename(folder / "result.json")
    return code


def _said(output: bytes) -> dict[str, Any]:
    """Return the id of the run, from the JSON that ``graphsvc --json detect`` writes."""
    try:
        said = orjson.loads(output)
    except orjson.JSONDecodeError:
        return {}
    found = (said.get("run_id") or said.get("run")) if isinstance(said, dict) else None
    return {"run_id": found} if isinstance(found, str) else {}


def _last_line(path: Path) -> str:
    lines = path.read_text(encoding="utf-8", errors="replace").strip().splitlines()
    return lines[-1][:500] if lines else "It failed without a message."


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1])))
