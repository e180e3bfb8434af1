"""Composing a dossier: one racket, all that is known of it, in one pass of bounded reads."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import Any

from graphsvc.casework.access import EVERYTHING, Scope
from graphsvc.dossier.model import (
    Account,
    BrandSales,
    Contact,
    Dossier,
    DossierChokePoint,
    DossierNotice,
    DossierOutcome,
    DossierTestBuy,
    Evidence,
    Figures,
    Jurisdiction,
    NotAvailable,
    Person,
    RunFacts,
    Site,
    Use,
)
from graphsvc.dossier.model import Store as MemberStore
from graphsvc.dossier.redaction import redacted
from graphsvc.dossier.references import References
from graphsvc.dossier.seal import sealed
from graphsvc.model.graph import IDENTIFIER_LABELS
from graphsvc.rackets import published
from graphsvc.store.driver import Store

_MOST = {
    "stores": 2000,
    "sites": 300,
    "accounts": 300,
    "people": 300,
    "contacts": 300,
    "brands": 200,
    "evidence": 500,
    "test buys": 500,
    "notices": 500,
    "outcomes": 500,
}
"""At most so many rows of each part; what is left out is said in ``limits``."""

_UNKNOWN = {
    "sites": "No address or warehouse of these stores is known.",
    "accounts": "No payment account of these stores is known.",
    "people": "No registrant of these stores and no holder of their accounts is known.",
    "contacts": "No telephone, e-mail address or licence of these stores is known.",
    "brands": "No listing of these stores has been scanned.",
    "evidence": "The stores share nothing that is recorded.",
    "choke points": "The run recorded none for this group.",
    "test buys": "No test buy from these stores is recorded.",
    "notices": "No takedown notice against these stores is recorded.",
    "outcomes": "No earlier operation at these stores is recorded.",
}

METHOD = (
    "Stores are grouped by what they share: addresses, payment accounts, warehouses, telephones, e-mail "
    "addresses, licences and people.",
    "Each shared thing is weighed by how unlikely it is that unconnected stores share it; what probably "
    "serves the public counts for nothing.",
    "Groups are found by a seeded, repeatable method and ranked by what a raid would capture.",
    "Confidence is the probability that the stores are one operation; the score only orders groups.",
)
_LIMITS = (
    "A dossier is a lead, not a proof: every link is to be confirmed before anyone is accused.",
    "People of the same name cannot be told apart here.",
    "A genuine test buy is weak evidence of innocence, for sellers recognise known testers.",
    "Payment accounts are shown masked; full numbers stay with whoever supplied them.",
)


def compose(store: Store, racket_id: str, *, scope: Scope = EVERYTHING) -> Dossier:
    """Return the dossier of a racket of the published run, as much of it as ``scope`` may see, sealed.

    Raises
    ------
    NotFound
        If the published run has no such racket in the scope.
    NothingPublished
        If there is no published run.
    """
    found = published.racket(store, racket_id, scope=scope)
    return sealed(redacted(_whole(store, found, scope), scope))


def _whole(store: Store, found: published.RacketSummary, scope: Scope) -> Dossier:
    run = published.current_run(store)
    refs = References()
    node: dict[str, Any] = {"node": f"{found.id}@{found.run_id}"}
    of_run: dict[str, Any] = {**node, "run": found.run_id}
    members = published.members(store, found, _MOST["stores"])
    stores = [MemberStore(**_columns(m, MemberStore), ref=refs.store(m.id)) for m in members]
    shared = published.shared_identifiers(store, found, _MOST["evidence"])
    evidence = [Evidence(**_columns(e, Evidence), ref=refs.of(e.id, e.label)) for e in shared]
    chokes = [
        DossierChokePoint(**_columns(c, DossierChokePoint), ref=refs.of(c.id, c.label))
        for c in published.choke_points(store, found)
    ]
    totals: dict[str, int] = {"stores": found.size, "evidence": len(evidence)}
    sites = _sites(store, of_run, refs, totals)
    accounts = [
        Account(ref=refs.of(r["id"], "PaymentAccount"), **r)
        for r in _rows(store, "accounts", totals, **of_run)
    ]
    contacts = [
        Contact(ref=refs.of(r["id"], r["label"]), **r) for r in _rows(store, "contacts", totals, **of_run)
    ]
    people = [Person(ref=refs.of(r["id"], "Person"), **r) for r in _rows(store, "people", totals, **of_run)]
    brands = [BrandSales(**r) for r in store.read("read/racket_brands", limit=_MOST["brands"], **node)]
    within = {"withinBrands": list(scope.brands)}
    buys = [DossierTestBuy(**r) for r in _rows(store, "test buys", totals, **node, **within)]
    notices = [DossierNotice(**r) for r in _rows(store, "notices", totals, **node, **within)]
    outcomes = [DossierOutcome(**r) for r in _rows(store, "outcomes", totals, **node)]
    if scope.brands:
        stores = _own_sales(store, stores, node["node"], scope)
    parts: dict[str, Sequence[object]] = {
        "sites": sites,
        "accounts": accounts,
        "people": people,
        "contacts": contacts,
        "brands": brands,
        "evidence": evidence,
        "choke points": chokes,
        "test buys": buys,
        "notices": notices,
        "outcomes": outcomes,
    }
    return Dossier(
        content_sha256="",
        racket=found.id,
        name=found.name or found.id,
        run=RunFacts(**_columns(run, RunFacts)),
        figures=_figures(found, buys, totals),
        jurisdictions=_jurisdictions(found, sites),
        choke_points=tuple(chokes),
        stores=tuple(stores),
        sites=tuple(sites),
        accounts=tuple(accounts),
        people=tuple(people),
        contacts=tuple(contacts),
        brands=tuple(brands),
        evidence=tuple(evidence),
        network=_network(store, stores, evidence, refs),
        test_buys=tuple(buys),
        notices=tuple(notices),
        outcomes=tuple(outcomes),
        method=METHOD,
        limits=_LIMITS + tuple(_cut(totals)),
        not_available=tuple(
            NotAvailable(part=part, why=_UNKNOWN[part]) for part, rows in parts.items() if not rows
        ),
    )


def _rows(store: Store, part: str, totals: dict[str, int], **params: Any) -> list[dict[str, Any]]:
    """Read a part and take note of how many rows there are in all."""
    rows = store.read(f"read/racket_{part.replace(' ', '_')}", limit=_MOST[part], **params)
    totals[part] = rows[0]["total"] if rows else 0
    return [{name: value for name, value in row.items() if name != "total"} for row in rows]


def _sites(store: Store, params: dict[str, Any], refs: References, totals: dict[str, int]) -> list[Site]:
    places = _rows(store, "sites", totals, **params)
    warehouses = store.read("read/racket_warehouses", limit=_MOST["sites"], **params)
    totals["sites"] += warehouses[0]["total"] if warehouses else 0
    rows = places + [{name: value for name, value in row.items() if name != "total"} for row in warehouses]
    rows.sort(
        key=lambda row: (
            -row["stores"] * (1.0 - (row["hub_probability"] or 0.0)),
            -row["stores"],
            row["kind"],
            row["id"],
        )
    )
    labels = {"address": "Address", "warehouse": "Warehouse"}
    return [Site(ref=refs.of(row["id"], labels[row["kind"]]), **row) for row in rows[: _MOST["sites"]]]


def _figures(found: published.RacketSummary, buys: list[DossierTestBuy], totals: dict[str, int]) -> Figures:
    return Figures(
        rank=found.rank,
        score=found.score,
        confidence=found.confidence,
        size=found.size,
        status=found.status,
        estimated_value=found.estimated_value,
        confirmed_fakes=sum(buy.verdict == "counterfeit" for buy in buys) if buys else None,
        sites=totals["sites"],
        accounts=totals["accounts"],
        why=found.why,
    )


def _jurisdictions(found: published.RacketSummary, sites: list[Site]) -> tuple[Jurisdiction, ...]:
    """Return divisions as the run ordered them, named after the sites in them."""
    count = Counter(site.adcode for site in sites if site.adcode)
    names = {
        s.adcode: "".join(filter(None, (s.province, s.city, s.district))) for s in reversed(sites) if s.adcode
    }
    return tuple(
        Jurisdiction(adcode=code, name=names.get(code) or None, sites=count.get(code, 0))
        for code in found.jurisdictions
    )


def _network(
    store: Store, stores: list[MemberStore], evidence: list[Evidence], refs: References
) -> tuple[Use, ...]:
    rows = store.read(
        "read/racket_uses",
        {"IDENTIFIER": IDENTIFIER_LABELS},
        sellers=[s.id for s in stores],
        identifiers=[e.id for e in evidence],
    )
    labels = {e.id: e.label for e in evidence}
    return tuple(
        Use(
            store=refs.store(r["seller"]),
            identifier=refs.of(r["identifier"], labels[r["identifier"]]),
            types=tuple(r["types"]),
        )
        for r in rows
    )


def _own_sales(store: Store, stores: list[MemberStore], node: str, scope: Scope) -> list[MemberStore]:
    """Return the stores with sales of the reader's brands alone."""
    rows = store.read("read/racket_brand_sales", node=node, brands=list(scope.brands))
    sales = {row["seller"]: row["sales_30d"] for row in rows}
    return [one.model_copy(update={"sales_30d": sales.get(one.id)}) for one in stores]


def _cut(totals: dict[str, int]) -> list[str]:
    return [
        f"Of {totals[part]:,} {part} the first {most:,} are shown."
        for part, most in _MOST.items()
        if totals.get(part, 0) > most
    ]


def _columns(value: object, model: type[Any]) -> dict[str, Any]:
    """Return the fields of ``value`` that ``model`` has."""
    return {name: getattr(value, name) for name in model.model_fields if hasattr(value, name)}
