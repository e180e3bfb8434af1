"""Pure work on many values, on all cores.

Helpers are plain child processes of ``python -m ingest.normalise.bulk`` that are told over pipes which function of ours
to apply: unlike ``multiprocessing`` they never run the caller's main module again, and the result does not depend on
their number. Values and results travel as columns (Arrow), which cost the caller next to nothing to pack and unpack.
"""

from __future__ import annotations

import gc
import io
import os
import subprocess
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from contextvars import ContextVar
from importlib import import_module
from pathlib import Path
from queue import SimpleQueue
from typing import IO, Any

import orjson
import polars as pl

from graphsvc.model.errors import GraphsvcError

MANY = 50_000
"""Values from which helpers are worth their start."""
SOME = 2_000
"""Values from which helpers that run already are worth the asking."""

_SHARES, _LEAST = 4, 1_000
"""Into how many shares a child's part of the work is cut, and how many values a share has at least."""
_GARBAGE = 1_000_000
"""New objects after which a helper looks for cycles among them."""

Work = Callable[..., pl.DataFrame]
"""Takes a frame of values (and what else was given, as JSON has it) and returns a frame with a row for each value."""


class Helpers:
    """Child processes, started with the first work that is worth it."""

    def __init__(self, processes: int) -> None:
        self._processes = processes
        self._children: list[_Child] = []

    @property
    def started(self) -> bool:
        """Whether the children run."""
        return bool(self._children)

    def run(self, work: Work, values: pl.DataFrame, given: tuple[Any, ...]) -> pl.DataFrame:
        """Apply ``work`` to shares of the values, each by whoever is free; results are in the order of the values."""
        while len(self._children) < self._processes:
            self._children.append(_Child())
        name = f"{work.__module__}:{work.__qualname__}"
        free = SimpleQueue[_Child]()
        for child in self._children:
            free.put(child)

        def ask(part: pl.DataFrame) -> pl.DataFrame:
            child = free.get()
            try:
                return child.ask(name, part, given)
            finally:
                free.put(child)

        with ThreadPoolExecutor(self._processes) as pool:
            return pl.concat(list(pool.map(ask, values.iter_slices(self._share(values.height)))))

    def _share(self, height: int) -> int:
        """Return how many values to give a child at once: few enough that all end together."""
        return max(-(-height // (self._processes * _SHARES)), _LEAST)

    def close(self) -> None:
        """Let the children end."""
        for child in self._children:
            child.close()
        self._children = []


_CURRENT: ContextVar[Helpers | None] = ContextVar("helpers", default=None)


@contextmanager
def helpers(processes: int | None = None) -> Iterator[Helpers]:
    """Keep the same children for all work within: by default one a core."""
    made = Helpers(processes or min(os.cpu_count() or 1, 16))
    token = _CURRENT.set(made)
    try:
        yield made
    finally:
        _CURRENT.reset(token)
        made.close()


def run(work: Work, values: pl.DataFrame, *given: Any, processes: int | None = None) -> pl.DataFrame:
    """Return what ``work(values, *given)`` returns; children share the work if there are ``MANY`` values.

    Parameters
    ----------
    work : callable
        A function at the top of a module, whose result for a value does not depend on the other values.
    values : DataFrame
        One row a value.
    *given
        Further arguments, the same for all values, of what JSON can hold.
    processes : int, optional
        Children to use; 1: none.

    Raises
    ------
    GraphsvcError
        If a child dies.
    """
    current = _CURRENT.get()
    enough = SOME if current is not None and current.started else MANY
    few = values.height < enough or (os.cpu_count() or 1) == 1
    if processes == 1 or (processes is None and few) or values.is_empty():
        return work(values, *given)
    if current is not None and processes is None:
        return current.run(work, values, given)
    with helpers(processes) as own:
        return own.run(work, values, given)


def columns(rows: Sequence[Sequence[Any] | None], schema: Mapping[str, Any]) -> pl.DataFrame:
    """Return rows as a frame; None stands for a row that holds nothing."""
    empty = (None,) * len(schema)
    cells = zip(*(empty if row is None else row for row in rows), strict=True) if rows else [()] * len(schema)
    return pl.DataFrame(
        [pl.Series(name, of, dtype=kind) for (name, kind), of in zip(schema.items(), cells, strict=True)]
    )


class _Child:
    def __init__(self) -> None:
        path = os.pathsep.join(part or str(Path.cwd()) for part in sys.path)
        self._process = subprocess.Popen(
            [sys.executable, "-m", "ingest.normalise.bulk"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            env={**os.environ, "PYTHONPATH": path},
        )

    def ask(self, work: str, values: pl.DataFrame, given: tuple[Any, ...]) -> pl.DataFrame:
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        answer = None
        try:
            _send(self._process.stdin, [work, given], values)
            answer = _receive(self._process.stdout)
        except BrokenPipeError:
            pass
        if answer is None:
            raise GraphsvcError(
                f"A helper process died (code {self._process.wait()}).", "Is memory short? Then run again."
            )
        error, results = answer
        if error is not None:
            raise GraphsvcError(f"A helper process failed: {error}")
        return results

    def close(self) -> None:
        for pipe in (self._process.stdin, self._process.stdout):
            assert pipe is not None
            pipe.close()
        self._process.wait()


def _send(pipe: IO[bytes], message: object, frame: pl.DataFrame) -> None:
    columns = io.BytesIO()
    frame.write_ipc(columns)
    for content in (orjson.dumps(message), columns.getbuffer()):
        pipe.write(len(content).to_bytes(8, "big"))
        pipe.write(content)
    pipe.flush()


def _receive(pipe: IO[bytes]) -> tuple[Any, pl.DataFrame] | None:
    """Return the next message and its frame, or None at the end."""
    parts = []
    for _ in range(2):
        length = int.from_bytes(pipe.read(8), "big")
        content = pipe.read(length) if length else b""
        if not length or len(content) < length:
            return None
        parts.append(content)
    return orjson.loads(parts[0]), pl.read_ipc(parts[1])


def _main() -> None:
    # What is read lives until its batch is sent: looking through it for cycles again and again finds none.
    gc.freeze()
    gc.set_threshold(_GARBAGE)
    while (asked := _receive(sys.stdin.buffer)) is not None:
        (name, given), values = asked
        error, results = None, pl.DataFrame()
        try:
            module, _, function = name.partition(":")
            results = getattr(import_module(module), function)(values, *given)
        except Exception as failure:  # whatever it is, the parent tells it
            error = f"{type(failure).__name__}: {failure}"
        _send(sys.stdout.buffer, error, results)


if __name__ == "__main__":
    _main()
