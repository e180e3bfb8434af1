"""A whole run on a store: read the market, detect, carry ids over, publish."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime

from graphsvc.links.reading import read_market
from graphsvc.model.errors import BadInput
from graphsvc.model.progress import SILENT, Progress
from graphsvc.rackets.detect import DetectOptions, detect
from graphsvc.rackets.engines import engine
from graphsvc.rackets.findings import Findings
from graphsvc.rackets.identity import with_identity
from graphsvc.rackets.publish import publish, published_members
from graphsvc.store.driver import Store

DETECTING = "looking for rackets"
"""What a writer that runs detection does."""


@dataclass(frozen=True)
class Published:
    """A run that has been published."""

    run_id: str
    findings: Findings
    seconds: float


def run(
    store: Store,
    engine_name: str = "native",
    options: DetectOptions | None = None,
    progress: Progress = SILENT,
) -> Published:
    """Detect on what the store holds and publish the result; the caller sees to it that nobody else writes.

    Raises
    ------
    BadInput
        If the store holds no sellers, or there is no such engine.
    StoreUnavailable
        If the server fails; the run published before stays the published one.
    """
    started = datetime.now(UTC)
    chosen = engine(engine_name, store)
    market = read_market(store, progress)
    if market.sellers.is_empty():
        raise BadInput(
            "The store holds no sellers.", "Load some: `graphsvc ingest FOLDER`, or try `graphsvc demo`."
        )
    findings = with_identity(detect(market, options, chosen, progress), published_members(store))
    run_id = publish(store, findings, started=started, progress=progress)
    return Published(run_id, findings, (datetime.now(UTC) - started).total_seconds())
