"""Pure work on many values, on all cores.

Helpers are plain child processes of ``python -m ingest.normalise.bulk`` that are told over pipes which function of ours
to apply: unlike ``multiprocessing`` they never run the caller's main module again, and the result does not depend on
their number.
"""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from contextvars import ContextVar
from importlib import import_module
from pathlib import Path
from typing import IO, Any, cast

import orjson

from graphsvc.model.errors import GraphsvcError

MANY = 50_000
"""Values from which helpers are worth their start."""

Work = Callable[..., list[Any]]
"""Takes a list of values (and what else was given) and returns as many results; all of it as JSON has it."""


class Helpers:
    """Child processes, started with the first work that is worth it."""

    def __init__(self, processes: int) -> None:
        self._processes = processes
        self._children: list[_Child] = []

    def run(self, work: Work, values: Sequence[Any], given: tuple[Any, ...]) -> list[Any]:
        """Apply ``work`` to shares of the values, one a child; results are in the order of the values."""
        while len(self._children) < self._processes:
            self._children.append(_Child())
        name = f"{work.__module__}:{work.__qualname__}"
        share = -(-len(values) // self._processes) or 1
        shares = [values[start : start + share] for start in range(0, len(values), share)]
        with ThreadPoolExecutor(self._processes) as pool:
            done = pool.map(
                lambda child, part: child.ask(name, part, given), self._children[: len(shares)], shares
            )
            return [result for results in done for result in results]

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


def run(work: Work, values: Sequence[Any], *given: Any, processes: int | None = None) -> list[Any]:
    """Return what ``work(values, *given)`` returns; children share the work if there are ``MANY`` values.

    Parameters
    ----------
    work : callable
        A function at the top of a module, whose result for a value does not depend on the other values.
    values : sequence
        Of what JSON can hold.
    *given
        Further arguments, the same for all values.
    processes : int, optional
        Children to use; 1: none.

    Raises
    ------
    GraphsvcError
        If a child dies.
    """
    if processes == 1 or (processes is None and (len(values) < MANY or (os.cpu_count() or 1) == 1)):
        return work(values, *given)
    current = _CURRENT.get()
    if current is not None and processes is None:
        return current.run(work, values, given)
    with helpers(processes) as own:
        return own.run(work, values, given)


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

    def ask(self, work: str, values: Sequence[Any], given: tuple[Any, ...]) -> list[Any]:
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        try:
            _send(self._process.stdin, [work, values, given])
            answer = _receive(self._process.stdout)
        except BrokenPipeError:
            answer = None
        if answer is None:
            raise GraphsvcError(
                f"A helper process died (code {self._process.wait()}).", "Is memory short? Then run again."
            )
        if "error" in answer:
            raise GraphsvcError(f"A helper process failed: {answer['error']}")
        return cast(list[Any], answer["results"])

    def close(self) -> None:
        for pipe in (self._process.stdin, self._process.stdout):
            assert pipe is not None
            pipe.close()
        self._process.wait()


def _send(pipe: IO[bytes], message: object) -> None:
    content = orjson.dumps(message)
    pipe.write(len(content).to_bytes(8, "big"))
    pipe.write(content)
    pipe.flush()


def _receive(pipe: IO[bytes]) -> Any:
    """Return the next message, or None at the end."""
    length = int.from_bytes(pipe.read(8), "big")
    content = pipe.read(length) if length else b""
    return orjson.loads(content) if length and len(content) == length else None


def _main() -> None:
    while (asked := _receive(sys.stdin.buffer)) is not None:
        name, values, given = asked
        try:
            module, _, function = name.partition(":")
            answer: dict[str, Any] = {"results": getattr(import_module(module), function)(values, *given)}
        except Exception as error:  # whatever it is, the parent tells it
            answer = {"error": f"{type(error).__name__}: {error}"}
        _send(sys.stdout.buffer, answer)


if __name__ == "__main__":
    _main()
