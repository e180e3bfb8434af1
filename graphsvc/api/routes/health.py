"""Whether the process lives, whether it can serve, and figures for the monitor."""

from __future__ import annotations

from fastapi import APIRouter, Response

import graphsvc
from graphsvc.api.dependencies import ReaderDep, ServicesDep
from graphsvc.api.problems import documented
from graphsvc.api.schemas.service import Alive, Check, Readiness
from graphsvc.api.services import Services
from graphsvc.model.errors import GraphsvcError
from graphsvc.model.graph import NODES
from graphsvc.rackets import published

router = APIRouter(tags=["health"])


@router.get("/healthz")
def health() -> Alive:
    """Say that the process lives; asks nothing of the store."""
    return Alive(version=graphsvc.__version__)


@router.get("/readyz", responses={503: {"model": Readiness, "description": "Not ready, and why"}})
def readiness(response: Response, services: ServicesDep) -> Readiness:
    """Say whether requests can be served: store reachable, schema in place, a run published."""
    state = _checked(services)
    response.status_code = 200 if state.ready else 503
    return state


@router.get(
    "/metrics",
    responses={200: {"content": {"text/plain": {}}}, **documented(401, 429, 503)},
    response_class=Response,
)
def metrics(reader: ReaderDep, services: ServicesDep) -> Response:
    """Give figures in Prometheus' text format."""
    _checked(services)
    return Response(services.metrics.text(), media_type="text/plain; version=0.0.4; charset=utf-8")


def _checked(services: Services) -> Readiness:
    checks = _checks(services)
    services.metrics.readiness({check.name: check.holds for check in checks})
    return Readiness(ready=all(check.holds for check in checks), checks=tuple(checks))


def _checks(services: Services) -> list[Check]:
    try:
        store = services.door.get()[0]
        version = store.version()
        present = {row["label"] for row in store.read("read/unique_ids")}
        checks = [Check(name="store", holds=True, detail=f"Neo4j {version}")]
    except GraphsvcError as error:
        unknown = "not known while the store cannot be reached"
        return [
            Check(name="store", holds=False, detail=str(error)),
            Check(name="schema", holds=False, detail=unknown),
            Check(name="published", holds=False, detail=unknown),
        ]
    missing = sorted(node.label for node in NODES if node.label not in present)
    detail = f"no unique ids on {', '.join(missing)}" if missing else "unique ids on every label"
    checks.append(Check(name="schema", holds=not missing, detail=detail))
    try:
        checks.append(Check(name="published", holds=True, detail=f"run {published.current_run(store).id}"))
    except GraphsvcError as error:
        checks.append(Check(name="published", holds=False, detail=str(error)))
    return checks
