"""Identifiers as columns: each pool holds one kind of thing, and rows refer to each other by index."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np

from graphsvc.simulate.streams import Ints

ADDRESS = ("division", "town", "road", "number", "compound", "building", "unit", "bay", "sign")
ACCOUNT = ("kind", "number", "person", "firm", "institution")
WAREHOUSE = ("kind", "operator", "address")
FIRM = ("division", "word", "trade", "licence")
PERSON = ("name",)
PHONE = ("number",)
EMAIL = ("style", "word", "number")

BANK, ALIPAY, WECHAT, PAYPAL, CARD, OTHER = 0, 1, 2, 3, 4, 6
ACCOUNT_KINDS = ("bank", "alipay", "wechat", "paypal", "card", "crypto", "other")
OWN, THIRD_PARTY, UNKNOWN = 0, 1, 2
WAREHOUSE_KINDS = ("own", "third_party", "unknown")


class Pool:
    """A growing table of one kind of identifier; fields left out are -1 (nothing)."""

    def __init__(self, fields: tuple[str, ...]) -> None:
        self._fields = fields
        self._parts: dict[str, list[Ints]] = {name: [] for name in fields}
        self._frozen: dict[str, Ints] | None = None
        self.size = 0

    def add(self, count: int, **values: Ints | int) -> Ints:
        """Append ``count`` rows and return their indices."""
        for name in self._fields:
            self._parts[name].append(
                np.broadcast_to(np.asarray(values.get(name, -1), dtype=np.int64), (count,))
            )
        self._frozen = None
        self.size += count
        return np.arange(self.size - count, self.size, dtype=np.int64)

    def copy(self, rows: Ints, **changed: Ints | int) -> Ints:
        """Append copies of ``rows`` with some fields changed, and return their indices."""
        old = self.columns
        values: dict[str, Ints | int] = {name: old[name][rows] for name in self._fields}
        return self.add(len(rows), **{**values, **changed})

    @property
    def columns(self) -> Mapping[str, Ints]:
        """All rows, a column a field."""
        if self._frozen is None:
            for name, parts in self._parts.items():
                self._parts[name] = [np.concatenate(parts) if parts else np.zeros(0, dtype=np.int64)]
            self._frozen = {name: parts[0] for name, parts in self._parts.items()}
        return self._frozen


@dataclass
class Links:
    """Store-to-identifier links, collected in pieces; days relative to the last day observed."""

    parts: list[tuple[Ints, ...]] = field(default_factory=list)

    def add(self, seller: Ints, target: Ints, kind: Ints | int, first: Ints, last: Ints) -> None:
        """Append links of stores to identifiers, used from day ``first`` to ``last``."""
        self.parts.append(
            (seller, target, np.broadcast_to(np.asarray(kind, dtype=np.int64), seller.shape), first, last)
        )

    def columns(self) -> tuple[Ints, ...]:
        """Return seller, target, kind, first and last, sorted by seller (stable)."""
        if not self.parts:
            return tuple(np.zeros(0, dtype=np.int64) for _ in range(5))
        joined = tuple(np.concatenate([part[i] for part in self.parts]) for i in range(5))
        order = np.argsort(joined[0], kind="stable")
        return tuple(column[order] for column in joined)


@dataclass
class Pools:
    """Every kind of identifier."""

    address: Pool = field(default_factory=lambda: Pool(ADDRESS))
    account: Pool = field(default_factory=lambda: Pool(ACCOUNT))
    warehouse: Pool = field(default_factory=lambda: Pool(WAREHOUSE))
    firm: Pool = field(default_factory=lambda: Pool(FIRM))
    person: Pool = field(default_factory=lambda: Pool(PERSON))
    phone: Pool = field(default_factory=lambda: Pool(PHONE))
    email: Pool = field(default_factory=lambda: Pool(EMAIL))
