"""The application: ``create_app`` builds it from settings, ``from_environment`` does so in each worker."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from typing import Any

import structlog
from fastapi import APIRouter, FastAPI
from fastapi.openapi.utils import get_openapi
from fastapi.routing import APIRoute
from starlette.concurrency import run_in_threadpool

import graphsvc
from graphsvc.api import problems
from graphsvc.api.jobs import Jobs, environment_of
from graphsvc.api.metrics import Metrics
from graphsvc.api.middleware import Surroundings
from graphsvc.api.routes import casework, health, judgements, pages, rackets, reports, runs, sellers
from graphsvc.api.services import FailedKeys, Services, StoreDoor
from graphsvc.api.signing import Signer
from graphsvc.connect import account_key, open_store
from graphsvc.model.errors import StoreUnavailable
from graphsvc.settings import Settings

_LOG = structlog.get_logger("graphsvc.api")
RESOURCES = (rackets, sellers, runs, casework, judgements, reports)
_ABOUT = """Finds production rackets behind online stores selling fakes.

Send your key with every request: `Authorization: Bearer gsv_…`. Failures are problem documents (RFC
9457) with a stable `code` and a `remedy`. Lists are paged: give `next_cursor` back as `cursor`. Rackets
keep their id from run to run; one that was merged redirects, one that was split answers 410 and names
its parts. Reads of dossiers are audited.
"""


def create_app(settings: Settings) -> FastAPI:
    """Build the application.

    Parameters
    ----------
    settings : Settings
        Where the store is. It is opened when the application starts; if it cannot be reached then, the
        application starts all the same, tells so at ``/readyz`` and tries again.

    Raises
    ------
    StoreUnavailable
        If a server is set without a key for account hashes.
    """
    key = account_key(settings)
    metrics = Metrics()
    services = Services(
        settings=settings,
        door=StoreDoor(lambda: open_store(settings)),
        failed_keys=FailedKeys(),
        cursors=Signer(key, "cursor"),
        sessions=Signer(key, "session"),
        jobs=Jobs(settings.home.expanduser() / "runs", environment_of(settings)),
        metrics=metrics,
        account_key=key,
    )
    app = FastAPI(
        title="graphsvc",
        version=graphsvc.__version__,
        description=_ABOUT,
        lifespan=_lifespan,
        docs_url=None,
        redoc_url=None,
        openapi_url="/openapi.json",
        generate_unique_id_function=_operation_id,
        redirect_slashes=False,
    )
    app.state.services = services
    problems.install(app)
    app.add_middleware(Surroundings, metrics=metrics)
    version = APIRouter(prefix="/v1")
    for module in RESOURCES:
        version.include_router(module.router)
    app.include_router(version)
    app.include_router(health.router)
    # The same three below /v1, for clients that know one base address only.
    app.include_router(health.router, prefix="/v1", include_in_schema=False)
    app.include_router(pages.router)
    app.openapi = _documented(app)  # type: ignore[method-assign]
    return app


def from_environment() -> FastAPI:
    """Build the application from the environment, as each worker process does."""
    return create_app(Settings())  # type: ignore[call-arg,unused-ignore]


@asynccontextmanager
async def _lifespan(app: FastAPI) -> AsyncIterator[None]:
    services: Services = app.state.services
    try:
        await run_in_threadpool(services.door.get)
    except StoreUnavailable as error:
        _LOG.warning("store-unavailable", problem=error.message, remedy=error.remedy)
    yield
    await run_in_threadpool(services.door.close)


def _operation_id(route: APIRoute) -> str:
    return route.name


def _documented(app: FastAPI) -> Callable[[], dict[str, Any]]:
    """Return the OpenAPI document's maker: every failure is a problem document and is sent as one."""

    def document() -> dict[str, Any]:
        if not app.openapi_schema:
            made = get_openapi(
                title=app.title, version=app.version, description=app.description, routes=app.routes
            )
            for path in made["paths"].values():
                for operation in path.values():
                    for status, response in operation["responses"].items():
                        _as_problem(status, response)
            app.openapi_schema = made
        return app.openapi_schema

    return document


def _as_problem(status: str, response: dict[str, Any]) -> None:
    content = response.get("content", {})
    if status >= "300" and problems.MEDIA_TYPE in content:
        schema = content.pop("application/json", {}).get("schema")
        content[problems.MEDIA_TYPE] = {"schema": schema}
