"""Which stores and identifiers somebody may see."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from graphsvc.casework.access import EVERYTHING, Scope
from graphsvc.model.errors import NotFound
from graphsvc.store.driver import Store


@dataclass(frozen=True)
class SellerUse:
    """One identifier a store uses, and who says so. ``stores`` counts all stores using it."""

    id: str
    label: str
    name: str
    type: str
    source: str | None
    first_seen: date | None
    last_seen: date | None
    count: int | None
    stores: int
    service: str | None


@dataclass(frozen=True)
class Seller:
    """A store with what is known of it. ``racket`` is the lasting id of its group in the published run."""

    id: str
    seller_id: str
    marketplace: str | None
    name: str
    registered_name: str | None
    status: str | None
    opened_on: date | None
    closed_on: date | None
    url: str | None
    listings: int | None
    suspect_listings: int | None
    sales_30d: float | None
    suspicion: float | None
    racket: str | None
    rank: int | None
    member_confidence: float | None
    brands: tuple[str, ...]
    uses: tuple[SellerUse, ...]


def seller(store: Store, seller_id: str, *, scope: Scope = EVERYTHING, limit: int = 200) -> Seller:
    """Return a store by its id (``marketplace:seller_id``), or by the id as received where that is unique.

    Raises
    ------
    NotFound
        If there is none in the scope.
    """
    key = resolve(store, seller_id, scope=scope)
    row = store.read("read/seller", seller=key)[0]
    uses = tuple(SellerUse(**use) for use in store.read("read/seller_uses", seller=key, limit=limit))
    brands = scope.brands or tuple(row["brands"])
    shown: dict[str, Any] = {**row, "brands": tuple(b for b in row["brands"] if b in brands)}
    return Seller(**shown, uses=uses)


def resolve(store: Store, seller_id: str, *, scope: Scope = EVERYTHING) -> str:
    """Return the id of the Seller node meant by ``seller_id``, if it is in the scope; else raise NotFound."""
    rows = store.read("read/seller_in_sight", seller=seller_id, **scope.params)
    if len(rows) != 1:
        missing = (
            f"There is no store '{seller_id}'."
            if not rows
            else f"Several marketplaces have a store '{seller_id}'."
        )
        raise NotFound(missing, "Give the id as `marketplace:seller_id`.")
    return str(rows[0]["id"])


def identifier_visible(store: Store, identifier: str, scope: Scope) -> bool:
    """Whether a store in the scope uses the identifier (looks at no more than 1,000 of its stores)."""
    return bool(
        store.read("read/identifier_in_sight", identifier=identifier, limit=1000, **scope.params)[0]["seen"]
    )
