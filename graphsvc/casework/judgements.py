"""People's words on stores and identifiers: append-only, signed with who and when, never edited."""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from datetime import UTC, datetime

from graphsvc.casework.records import Page
from graphsvc.model.errors import BadInput, Conflict, NotFound
from graphsvc.store.driver import Store

ABOUT_STORES = ("same", "different", "unsure")
"""Kinds that say something of two stores."""
KINDS = (*ABOUT_STORES, "whitelist")
"""What a person may say; ``whitelist`` is about one identifier that serves the public."""


@dataclass(frozen=True)
class Judgement:
    """A word as kept; kind ``revoked`` takes back ``a``, and ``revoked_by`` names what took this back."""

    id: str
    kind: str
    a: str
    b: str | None
    by: str
    at: datetime
    reason: str
    revoked_by: str | None


@dataclass(frozen=True)
class Word:
    """A word to record: of stores ``a`` and ``b``, or of identifier ``a``."""

    kind: str
    a: str
    b: str | None
    reason: str


def judgements(
    store: Store, page: Page | None = None, about: str | None = None, id: str | None = None
) -> list[Judgement]:
    """Return judgements by id, which is by time; ``about`` keeps those on one store or identifier."""
    at = page or Page()
    rows = store.read("access/judgements", after=at.after, limit=at.limit, id=id, about=about)
    return [Judgement(**row) for row in rows]


def judgement(store: Store, id: str) -> Judgement:
    """Return one judgement; NotFound if there is none of this id."""
    found = judgements(store, id=id)
    if not found:
        raise NotFound(f"There is no judgement '{id}'.", "See the list of judgements.")
    return found[0]


def record(store: Store, word: Word, by: str, at: datetime | None = None) -> Judgement:
    """Append a judgement.

    Raises
    ------
    BadInput
        If it is about nothing we hold, or about the wrong kind of thing.
    """
    if word.kind not in KINDS:
        raise BadInput(f"'{word.kind}' is not a kind of judgement.", f"Use one of: {', '.join(KINDS)}.")
    a, b = (word.a, word.b) if word.b is None else sorted((word.a, word.b))
    _check(store, word)
    moment = at or datetime.now(UTC)
    rows = store.write(
        "access/judgement_create",
        id=_id(moment),
        title=f"{word.kind} by {by}",
        kind=word.kind,
        a=a,
        b=b,
        by=by,
        at=moment,
        reason=word.reason,
    )
    return Judgement(**rows[0])


def revoke(store: Store, id: str, by: str, reason: str, at: datetime | None = None) -> Judgement:
    """Append the revocation of a judgement and return the revocation.

    Raises
    ------
    NotFound
        If there is no such judgement.
    Conflict
        If it is revoked already, or is a revocation.
    """
    moment = at or datetime.now(UTC)
    rows = store.write(
        "access/judgement_revoke",
        id=_id(moment),
        title=f"revoked by {by}",
        a=id,
        by=by,
        at=moment,
        reason=reason,
    )
    if rows:
        return Judgement(**rows[0])
    if judgement(store, id).kind == "revoked":
        raise Conflict("A revocation cannot be revoked.", "Record the judgement anew.")
    raise Conflict(f"The judgement '{id}' is revoked already.", "")


def _check(store: Store, word: Word) -> None:
    about_stores = word.kind in ABOUT_STORES
    if about_stores and (word.b is None or word.a == word.b):
        raise BadInput(f"A judgement '{word.kind}' is about two different stores.", "Give `a` and `b`.")
    if not about_stores and word.b is not None:
        raise BadInput("A whitelisting is about one identifier.", "Leave out `b`.")
    ids = [word.a] if word.b is None else [word.a, word.b]
    for row in store.read("access/judged_things", ids=ids):
        if not row["seller" if about_stores else "identifier"]:
            what = "store" if about_stores else "identifier"
            raise BadInput(f"There is no {what} '{row['id']}'.", "Give node ids as the API shows them.")


def _id(moment: datetime) -> str:
    return f"j{moment.astimezone(UTC):%Y%m%dT%H%M%S%f}-{secrets.token_hex(3)}"
