"""The consoles that commands print on: data is shown as it is, and can neither style nor steer the terminal."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any

from rich.console import Console
from rich.text import Text

_UNSEEN = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069\ud800-\udfff]")
"""Control characters, line separators, reversals of the direction of writing, and halves of characters."""

_NAMED = 3
"""Things that are named of many."""


class PlainConsole(Console):
    """A console without markup, emoji codes and highlighting, on which control characters are visible.

    Every string that is printed, also those in tables, is taken as it is; what is to have a style is made
    with :func:`styled`.
    """

    def __init__(self, **options: Any) -> None:
        super().__init__(markup=False, emoji=False, highlight=False, **options)

    def render_str(self, text: str, **options: Any) -> Text:
        """Return a string as text; Rich calls this for every string it prints."""
        return super().render_str(visible(text), **options)


def visible(text: str) -> str:
    """Return text in one line, with whatever steers a terminal written as JSON writes it.

    >>> print(visible("a\\tb\\x1b[31m"))
    a\\u0009b\\u001b[31m
    """
    return _UNSEEN.sub(lambda found: f"\\u{ord(found[0]):04x}", text)


def styled(*parts: str | tuple[str, str]) -> Text:
    """Return one text of plain parts and parts with a style, such as ``("1", "bold")``."""
    return Text.assemble(
        *(visible(part) if isinstance(part, str) else (visible(part[0]), part[1]) for part in parts)
    )


def some(what: Sequence[str], more: str = "more") -> str:
    """Return the first few of many as one text, and how many ``more`` there are.

    >>> some(["a", "b", "c", "d", "e"])
    'a; b; c; and 2 more'
    """
    rest = f"; and {len(what) - _NAMED} {more}" if len(what) > _NAMED else ""
    return "; ".join(what[:_NAMED]) + rest
