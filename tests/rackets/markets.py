"""Hand-made markets: who uses what, and what is said of whom, in a few words a fact."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import fields, replace
from datetime import date
from typing import Any

import polars as pl

from graphsvc.model import market as columns
from graphsvc.model.graph import Label, Rel
from graphsvc.model.market import Market

KINDS: dict[str, tuple[Label, Rel]] = {
    "account": (Label.PAYMENT_ACCOUNT, Rel.PAID_TO),
    "ship": (Label.ADDRESS, Rel.SHIPS_FROM),
    "return": (Label.ADDRESS, Rel.RETURNS_TO),
    "registered": (Label.ADDRESS, Rel.REGISTERED_AT),
    "warehouse": (Label.WAREHOUSE, Rel.STOCKS_AT),
    "phone": (Label.PHONE, Rel.USES_PHONE),
    "email": (Label.EMAIL, Rel.USES_EMAIL),
    "licence": (Label.LICENCE, Rel.LICENSED_AS),
    "person": (Label.PERSON, Rel.REGISTERED_BY),
}
"""What the word before the colon of an identifier's name means."""

Uses = dict[str, list[str]]


def make(
    uses: Mapping[str, Iterable[str]],
    alone: Iterable[str] = (),
    services: Iterable[str] = (),
    stores: Mapping[str, Mapping[str, Any]] | None = None,
    **tables: list[dict[str, Any]],
) -> Market:
    """Build a market.

    Parameters
    ----------
    uses : mapping
        Identifier (``account:a``, ``ship:x``; see ``KINDS``) to the stores using it.
    alone : iterable of str
        Stores that use nothing.
    services : iterable of str
        Identifiers known to serve the public.
    stores : mapping
        What is known of single stores (columns of ``SELLERS``).
    **tables : list of dict
        Rows of the other frames, by name (``test_buys=[…]``).
    """
    known = {name: list(users) for name, users in uses.items()}
    names = sorted({s for users in known.values() for s in users} | set(alone) | set(stores or {}))
    public = set(services)
    links = [
        {"seller": seller, "identifier": name, "label": label.value, "type": rel.value}
        for name, users in known.items()
        for label, rel in [KINDS[name.partition(":")[0]]]
        for seller in users
    ]
    identifiers = [
        {
            "identifier": name,
            "label": KINDS[name.partition(":")[0]][0].value,
            "name": name,
            "service": "a public service" if name in public else None,
        }
        for name in known
    ]
    rows = {
        "sellers": [{"seller": s, "name": s, **dict((stores or {}).get(s, {}))} for s in names],
        "links": links,
        "identifiers": identifiers,
        **tables,
    }
    return Market(
        **{
            field.name: pl.DataFrame(rows.get(field.name, []), schema=getattr(columns, field.name.upper()))
            for field in fields(Market)
        }
    )


def names(prefix: str, count: int) -> list[str]:
    """Return ``count`` store names."""
    return [f"{prefix}{n:03d}" for n in range(count)]


def block(prefix: str, count: int) -> Uses:
    """All stores behind one account, one workshop and one telephone."""
    return {f"{kind}:{prefix}": names(prefix, count) for kind in ("account", "ship", "phone")}


def chain(prefix: str, count: int) -> Uses:
    """Each account, workshop and telephone serves a few neighbours only; none ties the whole."""
    stores = names(prefix, count)
    out: Uses = {}
    for kind, start, step in (("account", 0, 2), ("ship", 1, 3), ("phone", 2, 4)):
        for place in range(start, count - 1, step):
            out[f"{kind}:{prefix}{place}"] = stores[place : place + step + 1]
    return out


def strangers(count: int) -> Uses:
    """Stores that share nothing: each its own account, workshop and telephone."""
    return {
        f"{kind}:own-{store}": [store] for store in names("z", count) for kind in ("account", "ship", "phone")
    }


def confirmed(stores: Iterable[str], brand: str = "nordlauf") -> list[dict[str, Any]]:
    """Test buys that turned out to be fakes."""
    return [
        {"seller": s, "brand": brand, "verdict": "counterfeit", "boughtOn": date(2017, 1, 5)} for s in stores
    ]


def shuffled(market: Market, seed: int) -> Market:
    """Return the same market with the rows of every frame in another order."""
    return replace(
        market,
        **{
            name: frame.sample(fraction=1.0, shuffle=True, seed=seed)
            for name, frame in vars(market).items()
            if frame.height
        },
    )


def groups(members: pl.DataFrame) -> set[frozenset[str]]:
    """Return the groups of a run's members as sets of stores."""
    return {
        frozenset(part["seller"].to_list()) for _, part in members.group_by("racketId", maintain_order=True)
    }
