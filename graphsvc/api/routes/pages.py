"""Pages for people: sign in, the ranked list, a dossier. Server-rendered, no script, English and Chinese."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlencode

from fastapi import APIRouter, Request, Response
from fastapi.responses import HTMLResponse, RedirectResponse
from starlette.concurrency import run_in_threadpool

from graphsvc.api import sessions
from graphsvc.api.dependencies import ServicesDep, authenticate
from graphsvc.api.negotiation import language_of
from graphsvc.api.problems import Failure
from graphsvc.api.routes.rackets import answer
from graphsvc.casework.access import Principal, Unauthorised
from graphsvc.dossier.redaction import summary_for
from graphsvc.dossier.render import FORMATS
from graphsvc.dossier.render.html import environment
from graphsvc.dossier.render.labels import LANGUAGES, Words
from graphsvc.model.division import is_code
from graphsvc.model.errors import GraphsvcError
from graphsvc.rackets import published
from graphsvc.store.driver import Store

router = APIRouter(include_in_schema=False)
_PAGE = 25
_OWN = Path(__file__).parent.parent / "templates"


@dataclass(frozen=True)
class Choice:
    """What the list is asked to show; anything unreadable counts as not asked."""

    jurisdiction: str = ""
    brand: str = ""
    status: str = "suspect"
    after: int = 0

    @classmethod
    def of(cls, request: Request) -> Choice:
        """Read the choice from the address."""
        given = request.query_params
        code, after, status = (
            given.get("jurisdiction", "").strip(),
            given.get("after", "0"),
            given.get("status", "suspect"),
        )
        return cls(
            code if is_code(code) else "",
            given.get("brand", "").strip()[:200],
            status if status in {"suspect", "harmless", ""} else "suspect",
            int(after) if re.fullmatch(r"[0-9]{1,8}", after) else 0,
        )

    @property
    def wanted(self) -> published.RacketFilter:
        """The same as a filter."""
        return published.RacketFilter(
            self.jurisdiction or None, self.brand or None, None, self.status or None
        )

    def link(self, language: str, after: int) -> str:
        """Return the address of this list in a language, after a rank."""
        asked = {
            "lang": language,
            "jurisdiction": self.jurisdiction,
            "brand": self.brand,
            "status": self.status,
            "after": str(after or ""),
        }
        return "/?" + urlencode({name: value for name, value in asked.items() if value or name == "status"})


@router.get("/")
def home(request: Request, services: ServicesDep) -> Response:
    """Show the ranked list to who is signed in, and the sign-in page to others."""
    try:
        reader = sessions.reader(services, request)
        if reader is None:
            return _page(request, "sign_in.html.j2", 200, error=None)
        return _list(request, services.door.get()[0], reader)
    except GraphsvcError as error:
        return _refused(request, error)


@router.post("/sign-in")
async def sign_in(request: Request, services: ServicesDep) -> Response:
    """Begin a session for who pastes a key."""
    body = await request.body() if int(request.headers.get("content-length") or 0) <= 4096 else b""
    token = parse_qs(body.decode("utf-8", "replace")).get("key", [""])[0].strip()
    try:
        reader = await run_in_threadpool(authenticate, services, request, token)
    except (Unauthorised, Failure) as error:
        return _page(request, "sign_in.html.j2", error.status, error=error.message)
    except GraphsvcError as error:
        return _refused(request, error)
    response = RedirectResponse(f"/?lang={_language(request)}", 303)
    sessions.begin(services, request, response, reader)
    return response


@router.post("/sign-out")
def sign_out(request: Request) -> Response:
    """End the session."""
    response = RedirectResponse(f"/?lang={_language(request)}", 303)
    sessions.end(response)
    return response


@router.get("/dossiers/{racket_id}")
def dossier(racket_id: str, request: Request, services: ServicesDep, format: str = "html") -> Response:
    """Show a dossier, or give it in another form."""
    try:
        reader = sessions.reader(services, request)
        if reader is None:
            return RedirectResponse(f"/?lang={_language(request)}", 303)
        return answer(
            request,
            services.door.get()[0],
            reader,
            racket_id,
            format if format in FORMATS else "html",
            _language(request),
        )
    except GraphsvcError as error:
        return _refused(request, error)


def _list(request: Request, store: Store, reader: Principal) -> Response:
    choice, run = Choice.of(request), published.current_run(store)
    found = published.ranked(store, choice.wanted, _PAGE + 1, choice.after, scope=reader.scope, run_id=run.id)
    shown = [summary_for(one, reader.scope) for one in found[:_PAGE]]
    names = division_names(store, sorted({code for one in shown for code in one.jurisdictions[:3]}))
    more = choice.link(_language(request), shown[-1].rank) if len(found) > _PAGE else None
    return _page(
        request,
        "rackets.html.j2",
        200,
        choice=choice,
        run=run,
        rackets=shown,
        names=names,
        more=more,
        reader=reader,
    )


def division_names(store: Store, adcodes: list[str]) -> dict[str, str]:
    """Return how divisions are called, as far as an address in them says so."""
    return {
        row["adcode"]: row["name"]
        for row in store.read("read/division_names", adcodes=adcodes)
        if row["name"]
    }


def _refused(request: Request, error: GraphsvcError) -> Response:
    return _page(request, "refused.html.j2", error.status if error.status >= 400 else 404, error=error)


def _language(request: Request) -> str:
    asked = request.query_params.get("lang", "")
    return asked if asked in LANGUAGES else language_of(request.headers.get("accept-language"))


def _page(request: Request, name: str, status: int, **values: Any) -> HTMLResponse:
    words = Words(_language(request))
    return HTMLResponse(environment(_OWN).get_template(name).render(t=words, **values), status)
