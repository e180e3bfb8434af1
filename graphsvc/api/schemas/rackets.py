"""Rackets, stores, what they share, and the runs that found them."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any, Literal

from pydantic import Field

from graphsvc.api.schemas.base import Create, Page, Public


class ChokePoint(Public):
    """An identifier that holds a racket together."""

    id: str
    label: str
    name: str
    members: int = Field(description="Members using it")
    share: float = Field(description="Of the members")
    cut: float = Field(description="Share of the group's evidence lost without it")
    pieces: int = Field(description="Parts the group falls into without it")


class Racket(Public):
    """A racket as ranked by the published run."""

    id: str = Field(examples=["r-5f0c1d9e"])
    rank: int = Field(examples=[1])
    score: float = Field(description="Orders rackets by what a raid would capture; not a probability")
    confidence: float = Field(description="Probability that the stores are one operation")
    size: int = Field(description="Stores")
    jurisdictions: tuple[str, ...] = Field(
        description="Division codes of its sites, most used first", examples=[["350302"]]
    )
    brands: tuple[str, ...]
    estimated_value: float | None = Field(
        description="30-day sales a raid would capture; null: not available to this key"
    )
    status: str = Field(description="suspect or harmless")
    name: str
    choke_points: tuple[ChokePoint, ...] = Field(description="The three most telling")
    run_id: str


class Member(Public):
    """A store of a racket."""

    id: str
    seller_id: str
    marketplace: str | None
    name: str
    status: str | None
    confidence: float = Field(description="Probability that the store belongs to the racket")
    role: str | None
    counterfeit: float | None = Field(description="Probability that it sells fakes")
    stability: float | None = Field(
        description="How often it stays with the racket when ties are dropped as often as they mean nothing"
    )
    apart: int | None = Field(
        description="Stores of the racket that no chain of ties leads to: behaviour alone joined them"
    )
    sales_30d: float | None
    opened_on: date | None
    closed_on: date | None
    suspicion: float | None
    url: str | None


class RacketDetail(Racket):
    """A racket with its stores (the surest 2,000) and the run's ranking figures."""

    why: dict[str, Any]
    members: tuple[Member, ...]


class RacketPage(Page[Racket]):
    """Ranked rackets of one run."""

    run_id: str


class GraphNode(Public):
    """A store or a shared identifier."""

    id: str
    label: str
    name: str
    confidence: float | None
    hub_probability: float | None
    members: int | None


class GraphEdge(Public):
    """A store uses an identifier."""

    seller: str
    identifier: str
    types: tuple[str, ...]
    weight: float | None = Field(description="Log-likelihood ratio of one shared use, nats")
    hub_probability: float | None


class RacketGraph(Public):
    """The picture of a racket; totals say what the limit left out."""

    nodes: tuple[GraphNode, ...]
    edges: tuple[GraphEdge, ...]
    members_total: int
    identifiers_total: int


class SellerUse(Public):
    """One identifier a store uses, and who says so."""

    id: str
    label: str
    name: str
    type: str
    source: str | None
    first_seen: date | None
    last_seen: date | None
    count: int | None
    stores: int = Field(description="All stores using it")
    service: str | None


class Seller(Public):
    """A store, what it uses, and where the published run put it."""

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
    uses: tuple[SellerUse, ...] | None = Field(description="null: not shown to brand members")
    why: dict[str, Any] | None = Field(
        description="Why it is in its racket; null: in none, or not shown to brand members"
    )


class Identifier(Public):
    """Something stores may share."""

    id: str
    label: str
    name: str | None
    kind: str | None
    service: str | None = Field(description="Public service it is known to be")
    hub_probability: float | None = Field(
        description="Probability that it serves the public; null: not assessed"
    )
    weight: float | None
    groups: int | None
    stores: int = Field(description="Stores using it; of a person, also those whose accounts it holds")
    users: tuple[str, ...] = Field(description="At most 100 of them")
    run_id: str | None


class Run(Public):
    """A detection run, or one that was started over HTTP and has not written anything yet."""

    id: str
    state: str = Field(
        description="running, failed or done (started here); writing, published or retired (in the store)"
    )
    current: bool = Field(description="Whether readers see this run")
    run_id: str | None = Field(description="Id in the store, once known")
    engine: str | None
    seed: int | None
    started_at: datetime | None
    finished_at: datetime | None
    data_digest: str | None = None
    message: str | None = Field(description="What went wrong")
    parameters: dict[str, Any] = Field(default_factory=dict)
    versions: dict[str, Any] = Field(default_factory=dict)
    figures: dict[str, Any] = Field(default_factory=dict)


class RunPage(Page[Run]):
    """Runs, newest first."""


class RunCreate(Create):
    """How to run detection."""

    engine: Literal["native", "gds", "louvain", "networkx"] = "native"
    seed: int = Field(1, ge=0, le=2**31 - 1)
