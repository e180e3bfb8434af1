"""Sessions of the human pages: a signed cookie that names a key by its prefix and dies with the key."""

from __future__ import annotations

import time

from fastapi import Request, Response

from graphsvc.api.services import Services
from graphsvc.casework.access import Principal, Unauthorised

COOKIE = "graphsvc_session"
_SECONDS = 8 * 3600


def begin(services: Services, request: Request, response: Response, principal: Principal) -> None:
    """Put a session for ``principal`` into the response: HttpOnly, SameSite=Strict, Secure over HTTPS."""
    token = services.sessions.sign({"prefix": principal.prefix, "until": int(time.time()) + _SECONDS})
    response.set_cookie(
        COOKIE,
        token,
        max_age=_SECONDS,
        httponly=True,
        samesite="strict",
        secure=request.url.scheme == "https",
        path="/",
    )


def end(response: Response) -> None:
    """Remove the session from the browser."""
    response.delete_cookie(COOKIE, path="/", httponly=True, samesite="strict")


def reader(services: Services, request: Request) -> Principal | None:
    """Return who is signed in, or None; the key is looked up each time: revoked, it ends its sessions."""
    token = request.cookies.get(COOKIE)
    value = services.sessions.read(token) if token else None
    if value is None or value["until"] < time.time():
        return None
    try:
        principal = services.door.get()[1].recall(value["prefix"])
    except Unauthorised:
        return None
    request.scope["graphsvc.key"] = principal.prefix
    return principal
