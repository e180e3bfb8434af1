"""What happened in a month, in figures; a figure we cannot give says why instead of showing zero."""

from __future__ import annotations

import calendar
import re
from dataclasses import dataclass
from datetime import date

from graphsvc.casework.access import Scope
from graphsvc.model.errors import BadInput
from graphsvc.store.driver import Store


@dataclass(frozen=True)
class Figure:
    """One figure: ``value`` in ``unit``, or None and ``why`` it is not available."""

    name: str
    value: float | None
    unit: str
    why: str | None = None


@dataclass(frozen=True)
class Report:
    """Figures of one month, within what the reader may see."""

    period: str
    first: date
    last: date
    figures: tuple[Figure, ...]


def month(period: str) -> tuple[date, date]:
    """Return the first and last day of a month written ``2017-01``; BadInput for anything else.

    >>> month("2017-02")
    (datetime.date(2017, 2, 1), datetime.date(2017, 2, 28))
    """
    match = re.fullmatch(r"([0-9]{4})-(0[1-9]|1[0-2])", period)
    if not match or int(match[1]) < 1:
        raise BadInput(f"'{period}' is not a month.", "Write it as YYYY-MM, such as 2017-01.")
    year, number = int(match[1]), int(match[2])
    return date(year, number, 1), date(year, number, calendar.monthrange(year, number)[1])


def report(store: Store, period: str, scope: Scope) -> Report:
    """Return the figures of a month.

    Raises
    ------
    BadInput
        If ``period`` is not a month.
    """
    first, last = month(period)
    figures: list[Figure] = []
    for group, why in _GROUPS.items():
        if scope.brands and group in {"operations", "outcomes"}:
            figures.append(Figure(group, None, "", "Operations are not shown to brand members."))
            continue
        rows = store.read(f"access/report_{group}", first=first, last=last, **scope.params)
        if not rows[0]["any"]:
            figures.append(Figure(group, None, "", why))
            continue
        figures += [
            Figure(row["figure"], row["value"], row["unit"]) for row in rows if row["figure"] is not None
        ]
    return Report(period, first, last, tuple(figures))


_GROUPS = {
    "test_buys": "No test buy has been recorded yet.",
    "notices": "No notice has been recorded yet.",
    "operations": "No operation has been recorded yet.",
    "outcomes": "No outcome of an operation has been recorded yet.",
}
"""Groups of figures, with why a group is not available when nothing of its kind was ever recorded."""
