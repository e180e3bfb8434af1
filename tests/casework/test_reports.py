from __future__ import annotations

import pytest

from graphsvc.casework.access import EVERYTHING
from graphsvc.casework.reports import month, report
from graphsvc.model.errors import BadInput
from graphsvc.store.driver import Store


def test_where_nothing_was_recorded_there_is_a_reason_and_no_zero(store: Store) -> None:
    figures = report(store, "2017-01", EVERYTHING).figures
    assert {figure.name for figure in figures} == {"test_buys", "notices", "operations", "outcomes"}
    assert all(figure.value is None and figure.why for figure in figures)


@pytest.mark.parametrize("period", ["2017", "2017-13", "0000-01", "2017-1", "x"])
def test_what_is_no_month_is_told(period: str) -> None:
    with pytest.raises(BadInput, match="not a month"):
        month(period)
