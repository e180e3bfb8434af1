"""One module per table, each with ``build(rows, context) -> Parts``: validated rows to nodes and
relationships.

The same shape everywhere: read the identifiers of a batch, add the nodes, add the relationships.
"""

from __future__ import annotations

from collections.abc import Callable

import polars as pl

from ingest.frames import Parts
from ingest.tables import (
    authorisations,
    known_services,
    listings,
    notices,
    operations,
    outcomes,
    payment_accounts,
    seller_addresses,
    seller_warehouses,
    sellers,
    test_buys,
    warehouses,
)
from ingest.tables.context import Context

BUILDERS: dict[str, Callable[[pl.DataFrame, Context], Parts]] = {
    "sellers": sellers.build,
    "seller_addresses": seller_addresses.build,
    "payment_accounts": payment_accounts.build,
    "warehouses": warehouses.build,
    "seller_warehouses": seller_warehouses.build,
    "listings": listings.build,
    "test_buys": test_buys.build,
    "notices": notices.build,
    "operations": operations.build,
    "outcomes": outcomes.build,
    "known_services": known_services.build,
    "authorisations": authorisations.build,
}
"""How each table is built, by its name."""
