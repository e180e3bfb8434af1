"""Failures as RFC 9457 problem details: one document, one table of handlers."""

from __future__ import annotations

from collections.abc import Mapping
from http import HTTPStatus
from typing import Any

import structlog
from fastapi import FastAPI, Request
from fastapi.encoders import jsonable_encoder
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from pydantic import BaseModel, ConfigDict, Field
from starlette.exceptions import HTTPException

from graphsvc.model.errors import GraphsvcError

MEDIA_TYPE = "application/problem+json"
_LOG = structlog.get_logger("graphsvc.api")


class Problem(BaseModel):
    """What went wrong and how to mend it (RFC 9457)."""

    model_config = ConfigDict(
        extra="allow",
        json_schema_extra={
            "examples": [
                {
                    "type": "urn:graphsvc:problem:not-found",
                    "title": "Not Found",
                    "status": 404,
                    "code": "not-found",
                    "detail": "There is no racket 'r-17' in the published run.",
                    "remedy": "See the ranked list.",
                    "instance": "urn:graphsvc:request:5f0c1d9e2b7a4c38",
                }
            ]
        },
    )

    type: str = Field(description="urn:graphsvc:problem: and the code")
    title: str = Field(description="What kind of failure, the same for every occurrence")
    status: int
    detail: str = Field(description="What happened here")
    code: str = Field(description="Stable and machine-readable")
    remedy: str = Field(description="What to do about it; may be empty")
    instance: str = Field(description="Names this occurrence: the request id, as in the log")


def documented(*statuses: int) -> dict[int | str, dict[str, Any]]:
    """Return OpenAPI responses for failures an operation can answer with."""
    return {
        status: {"description": HTTPStatus(status).phrase, "model": Problem, "content": {MEDIA_TYPE: {}}}
        for status in sorted(statuses)
    }


class Failure(GraphsvcError):
    """A failure of the HTTP side, with whatever headers and members the answer needs besides."""

    def __init__(
        self,
        status: int,
        code: str,
        message: str,
        remedy: str = "",
        *,
        headers: Mapping[str, str] | None = None,
        members: Mapping[str, Any] | None = None,
    ) -> None:
        super().__init__(message, remedy)
        self.status, self.code = status, code
        self.headers, self.members = dict(headers or {}), dict(members or {})


def answer(
    request: Request,
    status: int,
    code: str,
    detail: str,
    remedy: str = "",
    *,
    headers: Mapping[str, str] | None = None,
    members: Mapping[str, Any] | None = None,
) -> JSONResponse:
    """Return a problem as a response."""
    problem = {
        "type": f"urn:graphsvc:problem:{code}",
        "title": HTTPStatus(status).phrase,
        "status": status,
        "detail": detail,
        "code": code,
        "remedy": remedy,
        "instance": f"urn:graphsvc:request:{request.scope.get('graphsvc.request', 'unknown')}",
    }
    return JSONResponse(
        {**(members or {}), **problem}, status, headers=dict(headers or {}), media_type=MEDIA_TYPE
    )


def _ours(request: Request, error: Exception) -> JSONResponse:
    assert isinstance(error, GraphsvcError)
    headers: dict[str, str] = getattr(error, "headers", {})
    if error.status == HTTPStatus.UNAUTHORIZED:
        headers = {**headers, "WWW-Authenticate": 'Bearer realm="graphsvc"'}
    return answer(
        request,
        error.status,
        error.code,
        error.message,
        error.remedy,
        headers=headers,
        members=getattr(error, "members", {}),
    )


def _invalid(request: Request, error: Exception) -> JSONResponse:
    assert isinstance(error, RequestValidationError)
    flaws = [
        {"where": ".".join(str(part) for part in flaw["loc"]), "what": flaw["msg"], "kind": flaw["type"]}
        for flaw in error.errors()
    ]
    first = flaws[0]
    return answer(
        request,
        422,
        "bad-input",
        f"{first['where']}: {first['what']}",
        "Correct the request.",
        members={"errors": jsonable_encoder(flaws)},
    )


def _http(request: Request, error: Exception) -> JSONResponse:
    assert isinstance(error, HTTPException)
    if (
        error.status_code == HTTPStatus.BAD_REQUEST
    ):  # A body that is not even text; other flaws of it are 422.
        return answer(request, 422, "bad-input", "The body cannot be read.", "Send JSON in UTF-8.")
    code = HTTPStatus(error.status_code).phrase.lower().replace(" ", "-")
    remedy = "See /openapi.json." if error.status_code in (404, 405) else ""
    return answer(request, error.status_code, code, str(error.detail), remedy, headers=error.headers)


def _unexpected(request: Request, error: Exception) -> JSONResponse:
    # The text of an unforeseen error may hold anything: only its kind is logged, nothing is shown.
    place = error.__traceback__
    while place and place.tb_next:
        place = place.tb_next
    where = f"{place.tb_frame.f_code.co_filename}:{place.tb_lineno}" if place else ""
    _LOG.error(
        "unexpected", kind=type(error).__name__, where=where, request=request.scope.get("graphsvc.request")
    )
    return answer(
        request, 500, "unexpected", "Something went wrong here.", "Report it with the instance named here."
    )


HANDLERS = {
    GraphsvcError: _ours,
    RequestValidationError: _invalid,
    HTTPException: _http,
    Exception: _unexpected,
}
"""Which failure is answered how."""


def install(app: FastAPI) -> None:
    """Answer every failure of ``app`` with a problem document."""
    for kind, handler in HANDLERS.items():
        app.add_exception_handler(kind, handler)
