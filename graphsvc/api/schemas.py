"""What the API takes and gives, as models: Public, and Create where things are made."""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated, Any, Generic, Literal, TypeVar

from pydantic import BaseModel, ConfigDict, Field, StringConstraints

Item = TypeVar("Item")

ShortText = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=200)]
LongText = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=2000)]
DivisionCode = Annotated[str, StringConstraints(pattern=r"^[0-9]{2}([0-9]{2}){0,2}$")]
Money = Annotated[float, Field(ge=0, le=1e15, allow_inf_nan=False)]
Day = Annotated[date, Field(ge=date(1990, 1, 1), le=date(2100, 1, 1))]


class Public(BaseModel):
    """What the API gives; read from our own values."""

    model_config = ConfigDict(from_attributes=True, frozen=True)


class Create(BaseModel):
    """What the API takes; unknown members are refused, so that a typing slip is not silently dropped."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class Page(Public, Generic[Item]):
    """A page of a list."""

    items: list[Item]
    next_cursor: str | None = Field(
        description="Give it as `cursor` for the next page; null: this was the last"
    )


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
    stores: int
    users: tuple[str, ...] = Field(description="At most 100 stores")
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


class RunCreate(Create):
    """How to run detection."""

    engine: Literal["native", "gds", "louvain", "networkx"] = "native"
    seed: int = Field(1, ge=0, le=2**31 - 1)


class TestBuy(Public):
    """A sample bought from a store; the account it was paid to is masked."""

    __test__ = False

    id: str
    seller: str
    seller_name: str
    brand: str | None
    listing_id: str | None
    bought_on: date | None
    verdict: str | None
    examiner: str | None
    examined_on: date | None
    tracking_no: str | None
    origin_address: str | None
    account: str | None
    source: str | None


class TestBuyCreate(Create):
    """A sample to record, as a row of the table ``test_buys``."""

    __test__ = False

    test_buy_id: ShortText
    seller_id: ShortText = Field(
        description="As `marketplace:seller_id`, or the id as received where it is unique"
    )
    brand: ShortText
    listing_id: ShortText | None = None
    bought_on: Day | None = None
    verdict: Literal["counterfeit", "genuine", "inconclusive", "pending"] = "pending"
    examiner: ShortText | None = None
    examined_on: Day | None = None
    origin_address: ShortText | None = None
    payment_account_no: (
        Annotated[str, StringConstraints(strip_whitespace=True, min_length=4, max_length=64)] | None
    ) = None
    tracking_no: ShortText | None = None


class CustodyEvent(Public):
    """One step in the custody of a test buy; ``hash`` covers the step and the hash of the one before."""

    sequence: int
    at: datetime
    by: str
    action: str
    details: dict[str, Any]
    previous: str
    hash: str


class CustodyChain(Public):
    """The custody of a test buy, first step first, and whether the chain holds."""

    test_buy: str
    intact: bool
    broken_at: int | None
    why: str | None
    events: tuple[CustodyEvent, ...]


class CustodyEventCreate(Create):
    """A step to record."""

    action: Literal[
        "bought",
        "received",
        "sealed",
        "opened",
        "photographed",
        "examined",
        "handed_over",
        "stored",
        "returned",
        "destroyed",
        "remark",
    ]
    place: ShortText | None = None
    note: LongText | None = None
    evidence_sha256: Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{64}$")] | None = Field(
        None, description="Hash of a file that belongs to the step, such as a photograph"
    )


class Notice(Public):
    """A takedown notice."""

    id: str
    seller: str
    seller_name: str
    brand: str | None
    listing_id: str | None
    filed_on: date | None
    outcome: str | None
    reason: str | None
    source: str | None


class NoticeCreate(Create):
    """A notice to record, as a row of the table ``notices``."""

    notice_id: ShortText
    seller_id: ShortText
    brand: ShortText
    listing_id: ShortText | None = None
    filed_on: Day | None = None
    outcome: Literal["removed", "rejected", "pending"] = "pending"
    reason: LongText | None = None


class Operation(Public):
    """A police operation."""

    id: str
    name: str
    authority: str | None
    jurisdiction: str | None
    started_on: date | None
    ended_on: date | None
    outcomes: int
    source: str | None


class OperationCreate(Create):
    """An operation to record, as a row of the table ``operations``."""

    operation_id: ShortText
    name: ShortText
    authority: ShortText | None = None
    jurisdiction: DivisionCode | None = None
    started_on: Day | None = None
    ended_on: Day | None = None


class Outcome(Public):
    """One thing an operation led to."""

    id: str
    operation: str
    kind: str
    seller: str | None
    address: str | None
    value: float | None
    currency: str | None
    count: int | None
    on: date | None
    source: str | None


class OutcomeCreate(Create):
    """An outcome to record, as a row of the table ``outcomes``."""

    kind: Literal["arrest", "site_closed", "store_closed", "goods_seized", "no_finding"]
    seller_id: ShortText | None = None
    address: ShortText | None = None
    value: Money | None = None
    currency: Annotated[str, StringConstraints(pattern=r"^[A-Z]{3}$")] | None = None
    count: int | None = Field(None, ge=0, le=10**9)
    on: Day | None = None


class Judgement(Public):
    """A person's word, or the revocation of one."""

    id: str
    kind: str
    a: str
    b: str | None
    by: str
    at: datetime
    reason: str
    revoked_by: str | None


class JudgementCreate(Create):
    """A word on two stores (``same``, ``different``, ``unsure``) or on one identifier (``whitelist``)."""

    kind: Literal["same", "different", "unsure", "whitelist"]
    a: ShortText
    b: ShortText | None = None
    reason: LongText


class Revocation(Create):
    """Why a judgement is taken back."""

    reason: LongText


class Figure(Public):
    """One figure; null with the reason where it is not available."""

    name: str
    value: float | None
    unit: str
    why: str | None


class Report(Public):
    """Figures of a month, within what the key may see."""

    period: str
    first: date
    last: date
    figures: tuple[Figure, ...]


class Check(Public):
    """One readiness check."""

    name: str
    holds: bool
    detail: str


class Readiness(Public):
    """Whether requests can be served, and what speaks against it."""

    ready: bool
    checks: tuple[Check, ...]


class Alive(Public):
    """The process answers."""

    alive: Literal[True] = True
    version: str
