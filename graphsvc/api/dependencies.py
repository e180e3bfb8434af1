"""What operations ask for, as annotated aliases, in one place."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import Depends, Path, Query, Request
from fastapi.security import HTTPAuthorizationCredentials, HTTPBearer

from graphsvc.api.problems import Failure
from graphsvc.api.services import Services
from graphsvc.casework.access import Principal, Role, Unauthorised
from graphsvc.store.driver import Store

_BEARER = HTTPBearer(
    scheme_name="key",
    bearerFormat="gsv_<prefix>_<secret>",
    auto_error=False,
    description="An API key, made with `graphsvc keys create`.",
)


def _services(request: Request) -> Services:
    services: Services = request.app.state.services
    return services


ServicesDep = Annotated[Services, Depends(_services)]


def _store(services: ServicesDep) -> Store:
    return services.door.get()[0]


def authenticate(services: Services, request: Request, token: str) -> Principal:
    """Return who holds ``token``; Unauthorised, or a 429 Failure after too many wrong ones."""
    client = request.client.host if request.client else "unknown"
    prefix = token[:14]
    services.failed_keys.check(client, prefix)
    try:
        principal = services.door.get()[1].authenticate(token)
    except Unauthorised:
        services.failed_keys.note(client, prefix)
        raise
    request.scope["graphsvc.key"] = principal.prefix
    return principal


def _reader(
    request: Request,
    services: ServicesDep,
    given: Annotated[HTTPAuthorizationCredentials | None, Depends(_BEARER)],
) -> Principal:
    if given is None:
        raise Unauthorised(
            "A key is needed.",
            "Send `Authorization: Bearer gsv_…`; keys are made with `graphsvc keys create`.",
        )
    return authenticate(services, request, given.credentials)


ReaderDep = Annotated[Principal, Depends(_reader)]
"""Anyone with a key."""
StoreDep = Annotated[Store, Depends(_store)]
"""The open store. Ask for it after the reader, so that strangers learn nothing of its state."""


def _allow(*roles: Role) -> Any:
    def check(reader: ReaderDep) -> Principal:
        reader.require(*roles)
        return reader

    return Depends(check)


AnalystDep = Annotated[Principal, _allow(Role.ANALYST)]
"""Analysts and admins: may start runs."""
JudgeDep = Annotated[Principal, _allow(Role.INVESTIGATOR, Role.ANALYST)]
"""Investigators, analysts and admins: may read and record judgements."""
CaseworkerDep = Annotated[Principal, _allow(Role.INVESTIGATOR, Role.BRAND)]
"""Investigators, brand members and admins: may record test buys and notices."""
OfficerDep = Annotated[Principal, _allow(Role.INVESTIGATOR, Role.LIAISON)]
"""Investigators, liaisons and admins: may record operations and outcomes."""
PoliceDep = Annotated[Principal, _allow(Role.INVESTIGATOR, Role.LIAISON, Role.ANALYST)]
"""All but brand members: may see the people, accounts and places behind stores."""

LimitQuery = Annotated[int, Query(ge=1, le=500, description="At most so many items")]
CursorQuery = Annotated[str | None, Query(max_length=2000, description="`next_cursor` of the page before")]
IdPath = Annotated[str, Path(min_length=1, max_length=300)]


def read_cursor(services: Services, cursor: str | None, kind: str) -> dict[str, Any]:
    """Return what a cursor holds; a 422 Failure for one that is not ours or of another list."""
    if cursor is None:
        return {}
    value = services.cursors.read(cursor)
    if value is None or value.get("kind") != kind:
        raise Failure(
            422, "bad-cursor", "This cursor was not made by this list.", "Start again without a cursor."
        )
    return value


def next_cursor(services: Services, kind: str, items: list[Any], limit: int, **where: Any) -> str | None:
    """Return the cursor to the page after ``items``, or None if they do not fill the page."""
    return services.cursors.sign({"kind": kind, **where}) if len(items) >= limit else None
