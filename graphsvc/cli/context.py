"""What every command shares: settings, the open store, console, progress bars, and how failures are told."""

from __future__ import annotations

import errno
import os
import sys
import tempfile
import traceback
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import wraps
from pathlib import Path
from typing import Any, ParamSpec, TypeVar

import orjson
import typer
from rich.progress import BarColumn, MofNCompleteColumn, SpinnerColumn, TextColumn, TimeElapsedColumn
from rich.progress import Progress as Bars

from graphsvc.cli.console import PlainConsole, styled, visible
from graphsvc.model.errors import BadInput, GraphsvcError
from graphsvc.model.progress import SILENT, Advance, Progress
from graphsvc.settings import Settings, read_settings

LARGEST_COUNT = 2**31 - 1
"""More rows than this can neither be asked for nor shown."""
LARGEST_SEED = 2**32 - 1
"""What every library that draws at random takes as a seed."""
_PIPED_WIDTH = 180
"""Columns of a table that is piped: wide enough that no cell breaks."""
P = ParamSpec("P")
R = TypeVar("R")


class TerminalProgress:
    """Progress bars on standard error, erased when a step ends."""

    def __init__(self, console: PlainConsole) -> None:
        self._console = console

    @contextmanager
    def step(self, what: str, total: int | None = None) -> Iterator[Advance]:
        """Draw one bar while the step runs."""
        columns = (
            SpinnerColumn(),
            TextColumn("{task.description}", markup=False),
            BarColumn(),
            MofNCompleteColumn(),
            TimeElapsedColumn(),
        )
        with Bars(*columns, console=self._console, transient=True) as bars:
            task = bars.add_task(visible(what), total=total)
            yield lambda units: bars.advance(task, units)


@dataclass
class Context:
    """State of one command: quiet or not, JSON or not, where to write."""

    quiet: bool = False
    json: bool = False
    out: PlainConsole = field(
        default_factory=lambda: PlainConsole(width=None if sys.stdout.isatty() else _PIPED_WIDTH)
    )
    err: PlainConsole = field(default_factory=lambda: PlainConsole(stderr=True))

    @property
    def settings(self) -> Settings:
        """Settings read from the environment now."""
        return read_settings()

    @property
    def progress(self) -> Progress:
        """Bars on a terminal, silence elsewhere and with ``--quiet``."""
        return TerminalProgress(self.err) if sys.stderr.isatty() and not self.quiet else SILENT

    def say(self, *parts: str | tuple[str, str]) -> None:
        """Tell a person something in one line on standard error (not with ``--quiet``).

        ``parts`` are text, or text with a style, such as ``("1", "bold")``.
        """
        if not self.quiet:
            self.err.print(styled(*parts), soft_wrap=True)

    def emit(self, data: Any) -> None:
        """Write machine-readable JSON to standard output."""
        self.write(
            orjson.dumps(data, option=orjson.OPT_INDENT_2 | orjson.OPT_SERIALIZE_NUMPY, default=str) + b"\n"
        )

    def write(self, content: bytes, out: Path | None = None) -> None:
        """Write a document to a file, which is told, or to standard output, byte for byte unless that is a terminal.

        Raises
        ------
        BadInput
            If the file cannot be written.
        """
        if out is None:
            _to_standard_output(content)
            return
        try:
            out.write_bytes(content)
        except OSError as error:
            raise BadInput(f"{out} cannot be written: {error.strerror}.", "Give another `--out`.") from error
        self.say(f"Wrote {out} ({len(content):,} bytes).")


CONTEXT = Context()
"""Set by the root callback of ``graphsvc``; one process runs one command."""


def _to_standard_output(content: bytes) -> None:
    if sys.stdout.isatty():
        lines = content.decode("utf-8", "replace").split("\n")
        sys.stdout.write("\n".join(visible(line.removesuffix("\r")) for line in lines))
    else:
        sys.stdout.flush()
        sys.stdout.buffer.write(content)
    sys.stdout.flush()


def one_of(names: Iterable[str]) -> Callable[[str], str]:
    """Return a check of an option's value: wrong usage unless it is one of ``names``."""

    def check(value: str) -> str:
        if value not in names:
            raise typer.BadParameter(f"There is no '{value}'. Use one of: {', '.join(names)}.")
        return value

    return check


@contextmanager
def wrong_usage() -> Iterator[None]:
    """Tell a value that the body refuses as wrong usage (exit code 2): for checks of what options were given."""
    try:
        yield
    except BadInput as error:
        raise typer.BadParameter(str(error)) from error


def at_most(most: int) -> Callable[[int | None], int | None]:
    """Return a check of an option's value: wrong usage if it is above ``most``."""

    def check(value: int | None) -> int | None:
        if value is not None and value > most:
            raise typer.BadParameter(f"{value} is too large: give at most {most}.")
        return value

    return check


def told(command: Callable[P, R]) -> Callable[P, R]:
    """Wrap a command so that failures are one line on standard error and exit code 1, without a stack trace."""

    @wraps(command)
    def run(*args: P.args, **kwargs: P.kwargs) -> R:
        try:
            return command(*args, **kwargs)
        except GraphsvcError as error:
            fail(error)
            raise typer.Exit(1) from error
        except KeyboardInterrupt as error:
            CONTEXT.err.print("Stopped.")
            raise typer.Exit(130) from error

    return run


def fail(error: GraphsvcError) -> None:
    """Tell a failure in one line on standard error, with ``--json`` on standard output as well."""
    if CONTEXT.json:
        said = {"message": visible(error.message), "remedy": visible(error.remedy)}
        CONTEXT.emit({"error": {"code": error.code, **said}})
    CONTEXT.err.print(styled(("Error:", "red"), f" {error}"), soft_wrap=True)


def unforeseen(error: Exception) -> GraphsvcError:
    """Return what to tell of an error that nothing below has explained: the system's, or a fault of ours.

    Of a fault of ours the details go to a file in the home, for whoever mends it.
    """
    said = " ".join(str(error).split())
    if (isinstance(error, OSError) and error.errno == errno.ENOSPC) or "No space left on device" in said:
        if isinstance(error, OSError) and error.filename:
            return GraphsvcError(f"The disk is full ({error.filename}).", "Free space there, then run again.")
        return GraphsvcError(
            "The disk is full.",
            "Free space where GRAPHSVC_HOME (graphsvc doctor tells which folder) and "
            f"{tempfile.gettempdir()} lie, then run again.",
        )
    if isinstance(error, OSError) and error.filename and error.strerror:
        return GraphsvcError(
            f"{error.filename}: {error.strerror}.", "Check that it is there and yours to use."
        )
    message = f"This should not happen: {type(error).__name__}: {said[:300]}."
    try:
        path = read_settings().home.expanduser() / "failure.txt"
        with os.fdopen(
            os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w", encoding="utf-8"
        ) as out:
            traceback.print_exception(error, file=out)
    except (OSError, GraphsvcError):
        return GraphsvcError(message, "Report it.")
    return GraphsvcError(message, f"Report it with {path}.")
