"""What surrounds every request, as pure ASGI: an id, security headers, the access log, the figures."""

from __future__ import annotations

import re
import secrets
import time
from typing import Any

import structlog
from starlette.datastructures import Headers, MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from graphsvc.api.metrics import Metrics

_LOG = structlog.get_logger("graphsvc.access")
_REQUEST_ID = re.compile(r"[A-Za-z0-9-]{8,64}")
_HEADERS = {
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "no-referrer",
    "Content-Security-Policy": (
        "default-src 'none'; style-src 'unsafe-inline'; img-src data:; form-action 'self'; "
        "base-uri 'none'; frame-ancestors 'none'"
    ),
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=()",
}


class Surroundings:
    """Gives each request an id, sets security headers, logs and counts.

    The log holds the route's template, never the path, the query or a body: ids of stores and people
    stay out.
    """

    def __init__(self, app: ASGIApp, metrics: Metrics) -> None:
        self._app = app
        self._metrics = metrics

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Handle one request (other kinds of traffic pass untouched)."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        given = Headers(scope=scope).get("x-request-id", "")
        request = given if _REQUEST_ID.fullmatch(given) else secrets.token_hex(8)
        scope["graphsvc.request"] = request
        status = 500
        began = time.perf_counter()

        async def dressed(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
                headers = MutableHeaders(scope=message)
                headers["X-Request-Id"] = request
                headers.setdefault("Cache-Control", "no-store")
                for name, value in _HEADERS.items():
                    headers.setdefault(name, value)
            await send(message)

        try:
            await self._app(scope, receive, dressed)
        finally:
            self._note(scope, status, time.perf_counter() - began, request)

    def _note(self, scope: Scope, status: int, seconds: float, request: str) -> None:
        route: Any = scope.get("route")
        template = getattr(route, "path", "unmatched")
        # Routes of an included router do not tell its prefix.
        if scope["path"].startswith("/v1/") and template.startswith("/") and not template.startswith("/v1/"):
            template = f"/v1{template}"
        self._metrics.observe(scope["method"], template, status, seconds)
        _LOG.info(
            "request",
            method=scope["method"],
            route=template,
            status=status,
            seconds=round(seconds, 4),
            request=request,
            key=scope.get("graphsvc.key"),
        )
