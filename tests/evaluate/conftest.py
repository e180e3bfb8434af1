"""Small hand-made markets."""

from __future__ import annotations

from collections.abc import Callable, Mapping

import polars as pl
import pytest

from graphsvc.model import market as columns
from graphsvc.model.market import Market

MakeMarket = Callable[..., Market]


def make_market(
    uses: Mapping[str, str], suspicion: Mapping[str, float] | None = None, services: tuple[str, ...] = ()
) -> Market:
    """Build a market from identifier → the stores using it, one letter a store."""
    sellers = sorted({seller for stores in uses.values() for seller in stores} | set(suspicion or {}))
    links = [
        {"seller": seller, "identifier": identifier, "label": "PaymentAccount", "type": "PAID_TO"}
        for identifier, stores in uses.items()
        for seller in stores
    ]
    identifiers = [
        {"identifier": i, "label": "PaymentAccount", "service": "a service" if i in services else None}
        for i in uses
    ]
    return Market(
        sellers=pl.DataFrame(
            [{"seller": s, "suspicion": (suspicion or {}).get(s)} for s in sellers], schema=columns.SELLERS
        ),
        links=pl.DataFrame(links, schema=columns.LINKS),
        identifiers=pl.DataFrame(identifiers, schema=columns.IDENTIFIERS),
        similar=pl.DataFrame(schema=columns.SIMILAR),
        offers=pl.DataFrame(schema=columns.OFFERS),
        test_buys=pl.DataFrame(schema=columns.TEST_BUYS),
        notices=pl.DataFrame(schema=columns.NOTICES),
        authorisations=pl.DataFrame(schema=columns.AUTHORISATIONS),
        outcomes=pl.DataFrame(schema=columns.OUTCOMES),
        judgements=pl.DataFrame(schema=columns.JUDGEMENTS),
    )


@pytest.fixture(name="make_market")
def _make_market() -> MakeMarket:
    return make_market
