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
from typing import Any, ParamSpec, TypeVar

import orjson
import typer
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, SpinnerColumn, TextColumn, TimeElapsedColumn
from rich.progress import Progress as Bars

from graphsvc.model.errors import GraphsvcError
from graphsvc.model.progress import SILENT, Advance, Progress
from graphsvc.settings import Settings, read_settings

_PIPED_WIDTH = 180
"""Columns of a table that is piped: wide enough that no cell breaks."""
P = ParamSpec("P")
R = TypeVar("R")


class TerminalProgress:
    """Progress bars on standard error, erased when a step ends."""

    def __init__(self, console: Console) -> None:
        self._console = console

    @contextmanager
    def step(self, what: str, total: int | None = None) -> Iterator[Advance]:
        """Draw one bar while the step runs."""
        columns = (
            SpinnerColumn(),
            TextColumn("{task.description}"),
            BarColumn(),
            MofNCompleteColumn(),
            TimeElapsedColumn(),
        )
        with Bars(*columns, console=self._console, transient=True) as bars:
            task = bars.add_task(what, total=total)
            yield lambda units: bars.advance(task, units)


@dataclass
class Context:
    """State of one command: quiet or not, JSON or not, where to write."""

    quiet: bool = False
    json: bool = False
    out: Console = field(default_factory=lambda: Console(width=None if sys.stdout.isatty() else _PIPED_WIDTH))
    err: Console = field(default_factory=lambda: Console(stderr=True))

    @property
    def settings(self) -> Settings:
        """Settings read from the environment now."""
        return read_settings()

    @property
    def progress(self) -> Progress:
        """Bars on a terminal, silence elsewhere and with ``--quiet``."""
        return TerminalProgress(self.err) if sys.stderr.isatty() and not self.quiet else SILENT

    def say(self, text: str) -> None:
        """Tell a person something on standard error (not with ``--quiet``)."""
        if not self.quiet:
            self.err.print(text, highlight=False, soft_wrap=True)

    def emit(self, data: Any) -> None:
        """Write machine-readable JSON to standard output."""
        sys.stdout.write(
            orjson.dumps(data, option=orjson.OPT_INDENT_2 | orjson.OPT_SERIALIZE_NUMPY, default=str).decode()
            + "\n"
        )


CONTEXT = Context()
"""Set by the root callback of ``graphsvc``; one process runs one command."""


def one_of(names: Iterable[str]) -> Callable[[str], str]:
    """Return a check of an option's value: wrong usage unless it is one of ``names``."""

    def check(value: str) -> str:
        if value not in names:
            raise typer.BadParameter(f"There is no '{value}'. Use one of: {', '.join(names)}.")
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
        CONTEXT.emit({"error": {"code": error.code, "message": error.message, "remedy": error.remedy}})
    CONTEXT.err.print(f"[red]Error:[/red] {_plain(str(error))}", highlight=False, soft_wrap=True)


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


def _plain(text: str) -> str:
    return text.replace("[", r"\[")
