"""Rackets: the ranked list, one racket, its picture and its dossier."""

from __future__ import annotations

from dataclasses import asdict
from typing import Annotated, Any, Literal
from urllib.parse import quote

from fastapi import APIRouter, Query, Request, Response

from graphsvc.api.dependencies import (
    CursorQuery,
    IdPath,
    LimitQuery,
    ReaderDep,
    ServicesDep,
    StoreDep,
    next_cursor,
    read_cursor,
)
from graphsvc.api.negotiation import chosen, language_of, matches
from graphsvc.api.problems import Failure, documented
from graphsvc.api.schemas.base import DivisionCode
from graphsvc.api.schemas.rackets import Racket, RacketDetail, RacketGraph, RacketPage
from graphsvc.casework import audit
from graphsvc.casework.access import Principal, Scope
from graphsvc.dossier import Dossier, compose
from graphsvc.dossier.redaction import graph_for, summary_for
from graphsvc.dossier.render import FORMATS
from graphsvc.rackets import published
from graphsvc.store.driver import Store

router = APIRouter(tags=["rackets"])
_MOVED = documented(308, 401, 404, 410, 422, 429, 503)
_MOVED[308]["description"] = "Merged into the racket that `Location` names"
_MOVED[410]["description"] = "Split (`successors` names the parts) or dissolved"

FormatName = Literal["json", "html", "csv", "graphml", "geojson"]


@router.get("/rackets", responses=documented(401, 410, 422, 429, 503))
def list_rackets(
    reader: ReaderDep,
    store: StoreDep,
    services: ServicesDep,
    jurisdiction: Annotated[
        DivisionCode | None,
        Query(description="Division code or its prefix: sites in it", examples=["350000"]),
    ] = None,
    brand: Annotated[str | None, Query(max_length=200)] = None,
    min_score: Annotated[float | None, Query(allow_inf_nan=False)] = None,
    status: Annotated[Literal["suspect", "harmless"] | None, Query()] = None,
    limit: LimitQuery = 50,
    cursor: CursorQuery = None,
) -> RacketPage:
    """List the rackets of the published run by rank.

    A cursor belongs to its run: once another run is published it answers 410, so that pages never mix runs.
    """
    run = published.current_run(store)
    at = read_cursor(services, cursor, "rackets")
    if at and at["run"] != run.id:
        raise Failure(
            410,
            "run-superseded",
            "Another run has been published since this list was begun.",
            "Start again without a cursor.",
            members={"run_id": run.id},
        )
    wanted = published.RacketFilter(jurisdiction, brand, min_score, status)
    found = published.ranked(store, wanted, limit, at.get("rank", 0), scope=reader.scope, run_id=run.id)
    following = next_cursor(
        services, "rackets", found, limit, run=run.id, rank=found[-1].rank if found else 0
    )
    items = [Racket.model_validate(summary_for(one, reader.scope)) for one in found]
    return RacketPage(items=items, next_cursor=following, run_id=run.id)


@router.get("/rackets/{racket_id}", responses=_MOVED)
def get_racket(racket_id: IdPath, reader: ReaderDep, store: StoreDep) -> RacketDetail:
    """Read one racket with its stores; 308 if it was merged, 410 with its successors if it was split."""
    found = current(store, racket_id, reader.scope, "")
    shown = summary_for(found, reader.scope)
    members = [asdict(member) for member in published.members(store, found, 2000)]
    if reader.scope.brands:  # Sales cover all brands a store sells.
        members = [{**member, "sales_30d": None} for member in members]
    return RacketDetail.model_validate({**asdict(shown), "members": members})


@router.get("/rackets/{racket_id}/graph", responses=_MOVED)
def get_racket_graph(
    racket_id: IdPath, reader: ReaderDep, store: StoreDep, limit: Annotated[int, Query(ge=1, le=1000)] = 200
) -> RacketGraph:
    """Read the picture of a racket: its surest members and most telling identifiers, `limit` of each."""
    found = current(store, racket_id, reader.scope, "/graph")
    return RacketGraph.model_validate(graph_for(published.racket_graph(store, found, limit), reader.scope))


_DOSSIER: dict[int | str, dict[str, Any]] = {
    200: {
        "description": "The dossier",
        "model": Dossier,
        "content": {form.media_type: {} for form in FORMATS.values() if form.name != "json"},
        "headers": {"ETag": {"description": "Changes with the content", "schema": {"type": "string"}}},
    },
    304: {"description": "Unchanged since the `ETag` given in `If-None-Match`"},
    **_MOVED,
    **documented(406),
}


@router.get("/rackets/{racket_id}/dossier", responses=_DOSSIER)
def get_dossier(
    racket_id: IdPath,
    request: Request,
    reader: ReaderDep,
    store: StoreDep,
    format: Annotated[
        FormatName | None, Query(description="Form of the dossier; without it `Accept` decides")
    ] = None,
    lang: Annotated[
        Literal["en", "zh"] | None,
        Query(description="Language of HTML; without it `Accept-Language` decides"),
    ] = None,
) -> Response:
    """Read the dossier of a racket. Each read is audited."""
    name = format or chosen(
        request.headers.get("accept"), {form.media_type: form.name for form in FORMATS.values()}
    )
    current(store, racket_id, reader.scope, "/dossier")
    return answer(
        request, store, reader, racket_id, name, lang or language_of(request.headers.get("accept-language"))
    )


def answer(
    request: Request, store: Store, reader: Principal, racket_id: str, name: str, language: str
) -> Response:
    """Compose, audit and render a dossier, or answer 304 if the reader has it."""
    form = FORMATS[name]
    dossier = compose(store, racket_id, scope=reader.scope)
    tag = f'"{dossier.content_sha256[:32]}-{name}-{language}"'
    unchanged = matches(request.headers.get("if-none-match"), tag)
    audit.record(
        store,
        reader,
        "dossier.read",
        racket_id,
        format=name,
        run=dossier.run.id,
        sha256=dossier.content_sha256,
        unchanged=unchanged,
    )
    headers = {
        "ETag": tag,
        "Cache-Control": "private, no-cache",
        "Vary": "Accept, Accept-Language, Authorization, Cookie",
    }
    if unchanged:
        return Response(status_code=304, headers=headers)
    if name not in {"json", "html"}:
        headers["Content-Disposition"] = f"attachment; filename*=UTF-8''{quote(racket_id, safe='')}.{name}"
    return Response(form.render(dossier, language), media_type=form.media_type, headers=headers)


def current(store: Store, racket_id: str, scope: Scope, below: str) -> published.RacketSummary:
    """Return a racket of the published run, or say where its id went (``below`` is the rest of the path)."""
    found = published.whereabouts(store, racket_id, scope=scope)
    if isinstance(found, published.RacketSummary):
        return found
    raise _moved(racket_id, found, below)


def _moved(racket_id: str, successors: list[str], below: str) -> Failure:
    """Return the answer 308 or 410 to an id that an earlier run gave."""
    if len(successors) == 1:
        return Failure(
            308,
            "racket-merged",
            f"Racket '{racket_id}' is now '{successors[0]}'.",
            "Follow `Location`.",
            headers={"Location": f"/v1/rackets/{quote(successors[0], safe='')}{below}"},
            members={"successors": successors},
        )
    code, fate = ("racket-split", "was split") if successors else ("racket-dissolved", "is no longer found")
    return Failure(
        410,
        code,
        f"Racket '{racket_id}' {fate}.",
        "See `successors`." if successors else "See the ranked list.",
        members={"successors": successors},
    )
