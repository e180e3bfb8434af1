"""Why: why a store is in its group, why two stores are linked, what an identifier means, and what speaks against.

Every weight shown is the one the published run used; facts are read as they are now. Things that are only perhaps the
same are the exception: no run keeps their weight, and what is shown is as much as their likeness alone can say.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from graphsvc.model.errors import BadInput, NotFound
from graphsvc.model.graph import IDENTIFIER_LABELS, Label, Rel
from graphsvc.rackets.explained import OPERATION, SAME, Hop, Judged, Shared, WhyLinked, WhyMember
from graphsvc.rackets.paths import (
    MEANS,
    Row,
    Run,
    days_text,
    idle_days,
    iso,
    judged_of,
    read_group,
    weightiest,
)
from graphsvc.store.driver import Store

_SHOWN = 10
_PUBLIC = 0.5
"""P(hub) from which a shared thing speaks against a link rather than for it."""


def find_seller(store: Store, seller: str) -> str:
    """Return the node id of a store given by node id or by the id as received.

    Raises
    ------
    NotFound
        If there is none, or if several marketplaces have that id.
    """
    return _found(store, seller)[0]


def _found(store: Store, seller: str) -> tuple[str, str]:
    """Return the node id and the name of a store."""
    rows = store.read("read/seller_named", seller=seller)
    if not rows:
        raise NotFound(
            f"There is no store '{seller}'.", "Give the seller_id as received, or marketplace:seller_id."
        )
    exact = [row for row in rows if row["id"] == seller]
    if not exact and len(rows) > 1:
        raise NotFound(
            f"Several stores have the id '{seller}'.", f"Give one of: {', '.join(row['id'] for row in rows)}."
        )
    row = (exact or rows)[0]
    return row["id"], row["name"]


def why_member(store: Store, seller: str) -> WhyMember:
    """Explain a store's membership in the published run.

    Raises
    ------
    NotFound
        If the store is unknown, or is in no group: then it shares nothing that means anything.
    """
    seller, name = _found(store, seller)
    at = _membership(store, seller)
    if at is None:
        raise NotFound(
            f"The store '{seller}' is in no group of the published run.",
            "It shares nothing with others that is not public.",
        )
    group = read_group(store, at["node"], Run.read(store))
    mine = group.shared_by(seller)[:_SHOWN]
    tied_to = group.tied_to(seller)
    return WhyMember(
        seller,
        name,
        at["racket"],
        at["run"],
        at["rank"],
        at["status"],
        at["racketConfidence"],
        at["confidence"],
        at["role"],
        at["counterfeit"],
        at["stability"],
        at["apart"],
        tuple(mine),
        group.path_out(seller),
        tuple(group.without(seller, key, name) for key, name in {s.identifier: s.name for s in mine}.items()),
        tied_to,
        group.by_people(seller),
        tuple(word for word in group.words if seller in (word.a, word.b)),
    )


def why_linked(store: Store, a: str, b: str) -> WhyLinked:
    """Explain what two stores share, what leads from one to the other, what they almost share, how they behave, and
    what speaks against a link.

    Raises
    ------
    NotFound
        If a store is unknown.
    BadInput
        If both are one store.
    """
    (a, a_name), (b, b_name) = _found(store, a), _found(store, b)
    if a == b:
        raise BadInput(f"Give two different stores: both are '{a}'.", "Change one of them.")
    run, at = Run.read(store), {seller: _membership(store, seller) for seller in (a, b)}
    racket = {seller: row["racket"] if row else None for seller, row in at.items()}
    same = racket[a] if racket[a] == racket[b] else None
    shares = tuple(
        sorted((_shared(row, run) for row in store.read("read/why_shared", a=a, b=b)), key=weightiest)
    )
    path = read_group(store, at[a]["node"], run).path(a, b) if same and at[a] else ()  # type: ignore[index]
    judged = judged_of(store, [a, b], run, together=same is not None)
    does = store.read("read/why_behaviour", a=a, b=b)[0]
    return WhyLinked(
        a,
        b,
        same,
        _in_all(shares),
        shares,
        tuple(store.read("read/why_near", a=a, b=b)),
        _behaviour(does),
        (
            *store.read("read/why_against", a=a, b=b),
            *(_asunder(racket, shares, judged) if same is None else _unled(path, a, b)),
            *_weak(shares),
            *_unlike(does, a, b),
        ),
        a_name,
        b_name,
        path,
        judged,
    )


def identifier(store: Store, identifier_id: str) -> dict[str, Any]:
    """Return what an identifier is, who uses it (at most 100 stores) and what the published run made of it.

    A person is used by the stores that it registered and by those whose accounts it holds.

    Raises
    ------
    NotFound
        If there is no such identifier.
    """
    rows = store.read("read/identifier", {"LABEL": IDENTIFIER_LABELS}, identifier=identifier_id)
    if not rows:
        raise NotFound(
            f"There is no identifier '{identifier_id}'.", "Use an id as shown by `why` or in a dossier."
        )
    return rows[0]


def _membership(store: Store, seller: str) -> dict[str, Any] | None:
    return next(iter(store.read("read/why_membership", seller=seller)), None)


# Two stores


def _shared(row: Row, run: Run) -> Shared:
    """Lay out one thing that two stores share."""
    spans = {
        side: (row[f"{side}First"] or row[f"{side}Opened"], row[f"{side}Last"] or row[f"{side}Closed"])
        for side in ("a", "b")
    }
    idle, weight, hub = idle_days(spans["a"], spans["b"]), row["weight"], row["hubProbability"]
    if row["twice"]:  # As registrant the same person may have been assessed: that is something else.
        weight = hub = None
    return Shared(
        row["identifier"],
        row["label"],
        row["name"],
        None if weight is None else run.lowered(weight, hub, idle),
        hub,
        None if row["twice"] else row["stores"],
        tuple(sorted({*row["aTypes"], *row["bTypes"]})),
        tuple(sorted({s for s in row["sources"] if s})),
        {key: iso(row[key]) for key in ("aFirst", "aLast", "bFirst", "bLast")},
        "; ".join(_remarks(row, run, idle)),
        idle or None,
    )


def _remarks(row: Row, run: Run, idle: int) -> list[str]:
    said = []
    if row["twice"]:
        said.append("holds the account both use, and no other: one thing seen twice, weighed there")
    elif row["accounts"]:
        said.append(f"their accounts are held by {row['name']}: {', '.join(row['accounts'])}")
    if row["service"]:
        said.append(f"known public service: {row['service']}")
    if row["hubProbability"] is None and not (row["service"] or row["twice"]):
        said.append("not assessed: shared since the published run")
    if idle > run.gap_days:
        said.append(days_text(idle))
    return said


def _in_all(shares: Iterable[Shared]) -> float:
    """Return what two stores share in all, in nats: the best thing of each kind."""
    best: dict[str, float] = defaultdict(float)
    for share in shares:
        best[_kind(share)] = max(best[_kind(share)], share.weight or 0.0)
    return sum(best.values())


def _kind(share: Shared) -> str:
    """Return the kind of a shared thing: a holder comes with the account."""
    return Label.PAYMENT_ACCOUNT.value if Rel.HELD_BY.value in share.through else share.label


def _behaviour(row: Row) -> tuple[dict[str, str], ...]:
    """Lay out what two stores do, as far as it is known of both."""
    words = set((row["aWords"] or "").split()) & set((row["bWords"] or "").split())
    prices = (row["aPrice"], row["bPrice"])
    said = {
        "both sell": ", ".join(row["brands"]),
        "words of both's titles": " ".join(sorted(words)),
        "opened": "" if row["days"] is None else f"{row['days']} days apart",
        "prices": "" if None in prices else "{:.2f} and {:.2f} of the usual".format(*prices),
    }
    return tuple({"what": what, "about": about} for what, about in said.items() if about)


def _against(what: str, *about: str) -> dict[str, str]:
    return {"what": what, "about": ", ".join(about)}


def _asunder(
    racket: Mapping[str, str | None], shares: Sequence[Shared], judged: Sequence[Judged]
) -> list[dict[str, str]]:
    """Say why two stores are not in one racket, as far as it is known; ``racket`` is that of each."""
    where = [f"{seller} in {at}" if at else f"{seller} in none" for seller, at in racket.items()]
    count = sum(at is not None for at in racket.values())
    said = [
        _against(
            ("neither is in a racket", "only one is in a racket", "each is in its own racket")[count], *where
        )
    ]
    telling = [share for share in shares if (share.weight or 0.0) >= MEANS]
    if len(telling) == 1:
        said.append(_against("one thing alone is shared that means anything", telling[0].name))
    elif len({_kind(share) for share in telling}) == 1:
        said.append(_against("all that is shared is of one kind", _kind(telling[0])))
    elif shares and not telling:
        said.append(_against("nothing is shared that means anything", *racket))
    said += [
        _against(f"{word.text}: binds the next run where nothing judged different forbids it", word.a, word.b)
        for word in judged
        if word.kind in (SAME, OPERATION) and not word.revoked
    ]
    return said


def _unled(path: Sequence[Hop], a: str, b: str) -> list[dict[str, str]]:
    """Say of two stores of one racket where nothing leads from one to the other."""
    return (
        [] if path else [_against("nothing private leads from one to the other: behaviour joined them", a, b)]
    )


def _weak(shares: Iterable[Shared]) -> list[dict[str, str]]:
    """Say of what is shared why it says little."""
    said = []
    for share in shares:
        if share.hub_probability is not None and share.hub_probability >= _PUBLIC:
            used = f", {share.stores} stores use it" if share.stores else ""
            said.append(
                _against(f"serves the public with probability {share.hub_probability:.2f}{used}", share.name)
            )
        if share.idle_days and days_text(share.idle_days) in share.remark:
            said.append(_against(f"{days_text(share.idle_days)}: perhaps passed on", share.name))
    return said


def _unlike(row: Row, a: str, b: str) -> list[dict[str, str]]:
    """Say in what two stores are unlike, where it is known of both."""
    said = []
    if row["known"] and not row["brands"]:
        said.append(_against("they sell no brand in common", a, b))
    words = [set((row[side] or "").split()) for side in ("aWords", "bWords")]
    if all(words) and not words[0] & words[1]:
        said.append(_against("their titles have no usual word in common", a, b))
    return said
