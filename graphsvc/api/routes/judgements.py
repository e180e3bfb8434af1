"""Judgements: people's words, which win over the machine's and constrain the next run."""

from __future__ import annotations

from typing import Annotated
from urllib.parse import quote

from fastapi import APIRouter, Query, Response

from graphsvc.api.dependencies import (
    CursorQuery,
    IdPath,
    JudgeDep,
    LimitQuery,
    ServicesDep,
    StoreDep,
    next_cursor,
    read_cursor,
)
from graphsvc.api.problems import documented
from graphsvc.api.schemas.casework import Judgement, JudgementCreate, JudgementPage, Revocation
from graphsvc.casework import audit, judgements
from graphsvc.casework.access import Principal
from graphsvc.casework.records import Page as Slice

router = APIRouter(tags=["judgements"])


@router.get("/judgements", responses=documented(401, 403, 422, 429, 503))
def list_judgements(
    reader: JudgeDep,
    store: StoreDep,
    services: ServicesDep,
    about: Annotated[str | None, Query(max_length=300, description="Id of a store or identifier")] = None,
    limit: LimitQuery = 50,
    cursor: CursorQuery = None,
) -> JudgementPage:
    """List judgements in order of time, revocations and revoked ones included."""
    at = read_cursor(services, cursor, "judgements")
    found = judgements.judgements(store, Slice(limit, at.get("after", "")), about)
    after = next_cursor(services, "judgements", found, limit, after=found[-1].id if found else "")
    return JudgementPage(items=[Judgement.model_validate(one) for one in found], next_cursor=after)


@router.post("/judgements", status_code=201, responses=documented(401, 403, 422, 429, 503))
def record_judgement(
    wanted: JudgementCreate, response: Response, reader: JudgeDep, store: StoreDep
) -> Judgement:
    """Record a judgement, signed with the key's name."""
    word = judgements.Word(wanted.kind, wanted.a, wanted.b, wanted.reason)
    made = judgements.record(store, word, _signature(reader))
    audit.record(store, reader, "judgement.record", made.id, kind=made.kind, a=made.a, b=made.b)
    response.headers["Location"] = f"/v1/judgements/{quote(made.id, safe='')}"
    return Judgement.model_validate(made)


@router.get("/judgements/{judgement_id}", responses=documented(401, 403, 404, 422, 429, 503))
def get_judgement(judgement_id: IdPath, reader: JudgeDep, store: StoreDep) -> Judgement:
    """Read a judgement."""
    return Judgement.model_validate(judgements.judgement(store, judgement_id))


@router.post(
    "/judgements/{judgement_id}/revocation",
    status_code=201,
    responses=documented(401, 403, 404, 409, 422, 429, 503),
)
def revoke_judgement(
    judgement_id: IdPath, wanted: Revocation, reader: JudgeDep, store: StoreDep
) -> Judgement:
    """Take a judgement back; it stays readable, with what took it back."""
    made = judgements.revoke(store, judgement_id, _signature(reader), wanted.reason)
    audit.record(store, reader, "judgement.revoke", judgement_id, revocation=made.id)
    return Judgement.model_validate(made)


def _signature(reader: Principal) -> str:
    return f"{reader.name} ({reader.prefix})"
