
"""Reading many addresses on all cores.

Helpers are plain child processes of ``python -m ingest.normalise.bulk`` that get their share on standard input: unlike
``multiprocessing`` they never run the caller's main module again, and the result does not depend on their number.
"""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from operator import attrgetter
from pathlib import Path
from typing import Any, cast

import orjson

from graphsvc.model.errors import GraphsvcError

MANY = 50_000
"""Distinct addresses from which helpers are worth their start."""

Value = tuple[str, str, str]
"""Text, postcode, country."""


def read(values: Sequence[Value], processes: int | None = None) -> list[tuple[Any, ...]]:
    """Return the fields of ``address.Address`` for each value, in order.

    Parameters
    ----------
    values : sequence of (text, postcode, country)
        Empty strings where nothing is given.
    processes : int, optional
        Children to use; by default one a core from ``MANY`` values up, else none.

    Raises
    ------
    GraphsvcError
        If a child dies.
    """
    if processes is None:
        processes = min(os.cpu_count() or 1, 16) if len(values) >= MANY else 1
    if processes <= 1:
        return _here(values)
    share = -(-len(values) // processes) or 1
    shares = [values[start : start + share] for start in range(0, len(values), share)]
    with ThreadPoolExecutor(len(shares)) as pool:
        return [row for rows in pool.map(_child, shares) for row in rows]


def _here(values: Sequence[Value]) -> list[tuple[Any, ...]]:
    from ingest.normalise import address

    parse = address.parse.__wrapped__
    fields = attrgetter(*address.SCHEMA)
    return [
        fields(parse(text, postcode=postcode or None, country=country or None))
        for text, postcode, country in values
    ]


def _child(values: Sequence[Value]) -> list[tuple[Any, ...]]:
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(path or str(Path.cwd()) for path in sys.path)}
    done = subprocess.run(
        [sys.executable, "-m", "ingest.normalise.bulk"],
        input=orjson.dumps(values),
        capture_output=True,
        env=environment,
        check=False,
    )
    if done.returncode:
        raise GraphsvcError(
            f"A process that reads addresses ended with code {done.returncode}.",
            done.stderr.decode(errors="replace").strip()[-300:],
        )
    return [tuple(row) for row in cast(list[list[Any]], orjson.loads(done.stdout))]


def _main() -> None:
    values = orjson.loads(sys.stdin.buffer.read())
    sys.stdout.buffer.write(orjson.dumps(_here(values)))


if __name__ == "__main__":
    _main()
