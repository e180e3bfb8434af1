"""Detection runs: those in the store, and starting one."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Query, Response

from graphsvc.api.dependencies import AnalystDep, IdPath, ReaderDep, ServicesDep, StoreDep
from graphsvc.api.jobs import Job
from graphsvc.api.problems import documented
from graphsvc.api.schemas.rackets import Run, RunCreate, RunPage
from graphsvc.casework import audit
from graphsvc.rackets import published
from graphsvc.store.writer import refuse_if_written

router = APIRouter(tags=["runs"])


@router.get("/runs", responses=documented(401, 422, 429, 503))
def list_runs(reader: ReaderDep, store: StoreDep, limit: Annotated[int, Query(ge=1, le=500)] = 50) -> RunPage:
    """List the latest runs, newest first."""
    return RunPage(items=[_of_store(run) for run in published.runs(store, limit)], next_cursor=None)


@router.get("/runs/{run_id}", responses=documented(401, 404, 422, 429, 503))
def get_run(run_id: IdPath, reader: ReaderDep, store: StoreDep, services: ServicesDep) -> Run:
    """Read a run, or how one that was started here is doing."""
    if run_id.startswith("job-"):
        return _of_job(services.jobs.get(run_id))
    return _of_store(published.run(store, run_id))


@router.post(
    "/runs",
    status_code=202,
    responses={
        202: {
            "headers": {
                "Location": {
                    "description": "Where to read how the run is doing",
                    "schema": {"type": "string"},
                }
            }
        },
        **documented(401, 403, 409, 422, 429, 503),
    },
)
def start_run(
    wanted: RunCreate, response: Response, reader: AnalystDep, store: StoreDep, services: ServicesDep
) -> Run:
    """Start a detection run in a process of its own; 409 while one is going on, or anybody else writes."""
    refuse_if_written(store)
    job = services.jobs.start(wanted.engine, wanted.seed)
    audit.record(store, reader, "run.start", job.id, engine=wanted.engine, seed=wanted.seed)
    response.headers["Location"] = f"/v1/runs/{job.id}"
    return _of_job(job)


def _of_store(run: published.RunSummary) -> Run:
    return Run(
        id=run.id,
        state=run.status,
        current=run.current,
        run_id=run.id,
        engine=run.engine,
        seed=run.seed,
        started_at=run.started_at,
        finished_at=run.finished_at,
        message=None,
        data_digest=run.data_digest,
        parameters=run.parameters,
        versions=run.versions,
        figures=run.figures,
    )


def _of_job(job: Job) -> Run:
    return Run(
        id=job.id,
        state=job.state,
        current=False,
        run_id=job.run_id,
        engine=job.engine,
        seed=job.seed,
        started_at=job.started_at,
        finished_at=job.finished_at,
        message=job.message,
    )
