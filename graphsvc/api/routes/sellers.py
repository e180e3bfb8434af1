"""Stores, what links two of them, and identifiers."""

from __future__ import annotations

from dataclasses import asdict
from typing import Annotated, Any

from fastapi import APIRouter, Query

from graphsvc.api.dependencies import IdPath, PoliceDep, ReaderDep, StoreDep
from graphsvc.api.problems import documented
from graphsvc.api.schemas.rackets import Identifier, Seller
from graphsvc.casework import sight
from graphsvc.casework.access import Scope
from graphsvc.model.errors import NotFound
from graphsvc.rackets import explain
from graphsvc.store.driver import Store

router = APIRouter(tags=["stores"])
SellerQuery = Annotated[str, Query(min_length=1, max_length=300, examples=["tao:s1"])]


@router.get("/sellers/{seller_id:path}", responses=documented(401, 404, 422, 429, 503))
def get_seller(seller_id: IdPath, reader: ReaderDep, store: StoreDep) -> Seller:
    """Read a store: what it uses, who says so, why it is in its racket. Brand members see less."""
    found = asdict(sight.seller(store, seller_id, scope=reader.scope))
    if reader.scope.brands:
        hidden = {
            "uses": None,
            "why": None,
            "registered_name": None,
            "sales_30d": None,
            "listings": None,
            "suspect_listings": None,
        }
        return Seller.model_validate({**found, **hidden})
    why = asdict(explain.why_member(store, found["id"])) if found["racket"] else None
    return Seller.model_validate({**found, "why": why})


@router.get("/links/why", responses=documented(401, 403, 404, 422, 429, 503))
def why_linked(a: SellerQuery, b: SellerQuery, reader: PoliceDep, store: StoreDep) -> dict[str, Any]:
    """Explain why two stores are linked: what they share, its weight, what leads from one to the other within their
    racket, what people judged, how they behave, what speaks against it."""
    first, second = (sight.resolve(store, one, scope=reader.scope) for one in (a, b))
    return asdict(explain.why_linked(store, first, second))


@router.get("/identifiers/{identifier_id:path}", responses=documented(401, 403, 404, 422, 429, 503))
def get_identifier(identifier_id: IdPath, reader: PoliceDep, store: StoreDep) -> Identifier:
    """Read an identifier: who uses it (of a person: whose accounts it holds, too), and the probability that it serves
    the public."""
    row = explain.identifier(store, identifier_id)
    if reader.scope.bounded and not sight.identifier_visible(store, identifier_id, reader.scope):
        raise NotFound(
            f"There is no identifier '{identifier_id}'.", "Use an id as shown by `why` or in a dossier."
        )
    users = row["users"] if not reader.scope.bounded else _visible(store, row["users"], reader.scope)
    return Identifier(
        id=row["identifier"],
        label=row["label"],
        name=row["name"],
        kind=row["kind"],
        service=row["service"],
        hub_probability=row["hubProbability"],
        weight=row["weight"],
        groups=row["groups"],
        stores=row["stores"],
        users=tuple(users),
        run_id=row["run"],
    )


def _visible(store: Store, users: list[str], scope: Scope) -> list[str]:
    return [row["id"] for row in store.read("read/sellers_in_sight", sellers=users, **scope.params)]
