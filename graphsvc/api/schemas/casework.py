"""What people record: test buys and their custody, notices, operations, outcomes, judgements."""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated, Any, Literal

from pydantic import Field, StringConstraints

from graphsvc.api.schemas.base import Create, Day, DivisionCode, LongText, Money, Page, Public, ShortText


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


class TestBuyPage(Page[TestBuy]):
    """Test buys."""


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


class NoticePage(Page[Notice]):
    """Notices."""


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


class OperationPage(Page[Operation]):
    """Operations."""


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


class OutcomePage(Page[Outcome]):
    """What operations led to."""


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


class JudgementPage(Page[Judgement]):
    """Judgements, revocations among them."""


class JudgementCreate(Create):
    """A word on two stores (``same``, ``different``, ``unsure``) or on one identifier (``whitelist``)."""

    kind: Literal["same", "different", "unsure", "whitelist"]
    a: ShortText
    b: ShortText | None = None
    reason: LongText


class Revocation(Create):
    """Why a judgement is taken back."""

    reason: LongText
