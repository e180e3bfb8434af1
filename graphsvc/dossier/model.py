"""What a dossier holds. Renderers read this and nothing else.

Amounts are in the currency of the data unless said otherwise; probabilities and shares run from 0 to 1.
A part that is empty because nothing is known, or hidden from the reader, is named in ``not_available``
with the reason. A part is called Dossier… where the API also describes a thing of that name by itself.
"""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from pydantic import BaseModel, ConfigDict, Field


class Part(BaseModel):
    """Base of all parts: immutable, no unknown fields."""

    model_config = ConfigDict(frozen=True, extra="forbid", from_attributes=True)


class NotAvailable(Part):
    """A part the dossier does not have, and why."""

    part: str
    why: str


class RunFacts(Part):
    """Which run found the racket, and how."""

    id: str
    engine: str | None
    seed: int | None
    finished_at: datetime | None = Field(
        description="Data received after this moment are not in the grouping."
    )
    data_digest: str | None = Field(description="Hash of the data the run read.")
    parameters: dict[str, Any] = Field(default_factory=dict)
    versions: dict[str, Any] = Field(default_factory=dict)


class Figures(Part):
    """How the racket ranks, and what the figures mean."""

    rank: int
    score: float = Field(
        description="What a raid would capture, on the scale of the ranking; only its order matters."
    )
    confidence: float = Field(description="Probability that the stores are one operation.")
    size: int = Field(description="Stores in the group.")
    status: str
    estimated_value: float | None = Field(description="30-day sales a raid would capture.")
    confirmed_fakes: int | None = Field(
        description="Test buys from its stores found counterfeit; null where no test buy is recorded."
    )
    sites: int
    accounts: int
    why: dict[str, Any] = Field(default_factory=dict, description="Ranking figures as the run recorded them.")


class Jurisdiction(Part):
    """A division with sites of the racket."""

    adcode: str
    name: str | None
    sites: int


class Store(Part):
    """A member store. ``ref`` is how pictures and tables of the dossier name it."""

    ref: str
    id: str
    seller_id: str
    marketplace: str | None
    name: str
    status: str | None
    confidence: float
    role: str | None
    counterfeit: float | None
    stability: float | None
    apart: int | None
    sales_30d: float | None
    opened_on: date | None
    closed_on: date | None
    url: str | None


class Site(Part):
    """A place: an address the stores use, or a warehouse."""

    ref: str
    id: str
    kind: str
    text: str
    adcode: str | None
    province: str | None
    city: str | None
    district: str | None
    latitude: float | None
    longitude: float | None
    roles: tuple[str, ...]
    stores: int
    parcels: int | None
    first_seen: date | None
    last_seen: date | None
    hub_probability: float | None
    service: str | None


class Account(Part):
    """A payment account, masked."""

    ref: str
    id: str
    name: str
    kind: str | None
    institution: str | None
    holders: tuple[str, ...]
    stores: int
    transactions: int | None
    first_seen: date | None
    last_seen: date | None
    hub_probability: float | None
    service: str | None


class Contact(Part):
    """A telephone, e-mail address or licence."""

    ref: str
    id: str
    label: str
    name: str
    stores: int
    first_seen: date | None
    last_seen: date | None
    hub_probability: float | None
    service: str | None


class Person(Part):
    """A registrant or account holder; namesakes cannot be told apart."""

    ref: str
    id: str
    name: str
    registered: int = Field(description="Stores registered in this name.")
    accounts: int = Field(description="Accounts held in this name.")
    hub_probability: float | None


class Evidence(Part):
    """Something at least two stores share; ``weight``: log-likelihood ratio of a shared use, in nats."""

    ref: str
    id: str
    label: str
    name: str
    members: int
    kinds: tuple[str, ...]
    sources: tuple[str, ...]
    first_seen: date | None
    last_seen: date | None
    hub_probability: float | None
    stores: int | None
    groups: int | None
    weight: float | None


class DossierChokePoint(Part):
    """What to secure first: without it the group loses ``cut`` of its evidence and falls into ``pieces``."""

    ref: str
    id: str
    label: str
    name: str
    members: int
    share: float
    cut: float
    pieces: int


class BrandSales(Part):
    """A brand the stores sell; ``lowest_price_ratio``: lowest price over what the brand usually costs."""

    id: str
    name: str
    stores: int
    listings: int
    suspect_listings: int
    units_30d: int
    sales_30d: float
    lowest_price_ratio: float | None
    fakes: int
    test_buys: int


class DossierTestBuy(Part):
    """A sample bought from one of the stores."""

    id: str
    seller: str
    seller_name: str
    brand: str | None
    bought_on: date | None
    verdict: str | None
    examiner: str | None
    examined_on: date | None
    origin_address: str | None
    account: str | None


class DossierNotice(Part):
    """A takedown notice against one of the stores."""

    id: str
    seller: str
    seller_name: str
    brand: str | None
    filed_on: date | None
    outcome: str | None
    reason: str | None


class DossierOutcome(Part):
    """What an earlier operation led to at one of the stores."""

    id: str
    operation: str | None
    operation_name: str | None
    authority: str | None
    seller: str
    kind: str
    value: float | None
    currency: str | None
    count: int | None
    on: date | None


class Use(Part):
    """An edge of the network: a store uses a shared identifier."""

    store: str = Field(description="ref of the store")
    identifier: str = Field(description="ref of the identifier")
    types: tuple[str, ...]


class Dossier(Part):
    """A racket as handed to the police."""

    racket: str
    name: str
    run: RunFacts
    figures: Figures
    jurisdictions: tuple[Jurisdiction, ...]
    choke_points: tuple[DossierChokePoint, ...]
    stores: tuple[Store, ...]
    sites: tuple[Site, ...]
    accounts: tuple[Account, ...]
    people: tuple[Person, ...]
    contacts: tuple[Contact, ...]
    brands: tuple[BrandSales, ...]
    evidence: tuple[Evidence, ...]
    network: tuple[Use, ...]
    test_buys: tuple[DossierTestBuy, ...]
    notices: tuple[DossierNotice, ...]
    outcomes: tuple[DossierOutcome, ...]
    method: tuple[str, ...]
    limits: tuple[str, ...]
    not_available: tuple[NotAvailable, ...]
    content_sha256: str = Field(description="SHA-256 over the canonical JSON of everything else.")
