"""What an explanation says: data classes, for the command line, the API and notebooks alike."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

REST = "rest"
"""What a store is tied to that is of the core itself; others are tied to the core (``findings.CORE``)."""
SAME, OPERATION = "same", "operation"
"""Kinds of :class:`Judged` that bind two stores together."""


@dataclass(frozen=True)
class Shared:
    """Something two or more stores have in common: ``weight`` in nats, 0 for a hub; None where no run assessed it.

    Who holds accounts of several stores is shared, too: ``through`` then has ``HELD_BY``. A person is assessed once, as
    registrant or as holder, whichever more stores know it as. Of two things that are perhaps the same (``SIMILAR_TO``)
    ``hub_probability`` is that sharing them means nothing. ``idle_days``: how long it lay idle between two
    stores, where that is known; it may have changed hands, and ``weight`` is lowered as the run lowered it.
    """

    identifier: str
    label: str
    name: str
    weight: float | None
    hub_probability: float | None
    stores: int | None
    through: tuple[str, ...] = ()
    sources: tuple[str, ...] = ()
    seen: dict[str, str | None] = field(default_factory=dict)
    remark: str = ""
    idle_days: int | None = None


@dataclass(frozen=True)
class Hop:
    """One step of a path: from a store, by an identifier, to another store; ``weight`` in nats.

    Where people's word leads on, ``label`` is ``Judgement`` or ``Operation`` and the weight 0: it binds unweighed.
    """

    seller: str
    identifier: str
    label: str
    name: str
    to: str
    weight: float
    remark: str = ""


@dataclass(frozen=True)
class Innocence:
    """What happens to the store if one identifier proves innocent, and with it a holder known by that account alone.

    ``stays``: something still leads to the core, or from a store of the core to the rest (``WhyMember.tied_to``).
    ``keeps`` counts the stores of the group that it stays tied to, ``loses`` those that nothing leads to any more.
    """

    identifier: str
    name: str
    stays: bool
    keeps: int
    loses: int


@dataclass(frozen=True)
class Judged:
    """What people know of two stores: a judgement (same, different, unsure), or an ``operation`` that found something
    at both.

    ``by`` is who said so, or the operation's name; ``at`` and ``revoked`` (taken back; None: it stands) are ISO times.
    ``bound``: it stood when the published run began, which kept to it.
    """

    id: str
    kind: str
    a: str
    b: str
    by: str
    at: str | None
    reason: str | None
    revoked: str | None
    bound: bool

    @property
    def text(self) -> str:
        """What is said, by whom and when, in one line."""
        judged = {SAME: "the same", "unsure": "uncertain"}.get(self.kind, self.kind)
        said = f"judged {judged} by {self.by}"
        if self.kind == OPERATION:
            said = f"operation {self.by} found something at both"
        when = f" on {self.at[:10]}" if self.at else ""
        return said + when + (", taken back since" if self.revoked else "")


@dataclass(frozen=True)
class WhyMember:
    """Why a store is in its group.

    ``apart`` counts the stores of the group to which no chain of what is shared, or perhaps the same, leads: behaviour
    alone joined them. None where the run did not count them. ``path`` leads to the core or, where the store is of the
    core itself, to the best-connected store of the rest: ``tied_to`` says which. ``judged`` is what people know of this
    store and others of the group; ``by_people`` counts the stores that nothing but such words leads to.
    """

    seller: str
    name: str
    racket: str
    run: str
    rank: int
    status: str
    racket_confidence: float
    confidence: float
    role: str
    counterfeit: float
    stability: float | None
    apart: int | None
    shares: tuple[Shared, ...]
    path: tuple[Hop, ...]
    if_innocent: tuple[Innocence, ...]
    tied_to: str
    by_people: int
    judged: tuple[Judged, ...]


@dataclass(frozen=True)
class WhyLinked:
    """Why two stores are linked: ``weight`` adds the best identifier of each kind; above 3 nats is strong.

    A holder comes with the account, and counts as one. ``behaviour`` and ``against`` are rows of ``what`` and
    ``about``. Behaviour is weighed between groups, not here. ``path`` is the strongest chain between two stores of one
    racket: chains are how most of them hang together, with nothing shared directly. ``judged`` is what people know of
    the two.
    """

    a: str
    b: str
    same_racket: str | None
    weight: float
    shares: tuple[Shared, ...]
    nearly: tuple[dict[str, Any], ...]
    behaviour: tuple[dict[str, str], ...]
    against: tuple[dict[str, Any], ...]
    a_name: str
    b_name: str
    path: tuple[Hop, ...]
    judged: tuple[Judged, ...]
