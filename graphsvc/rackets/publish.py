"""Publishing: a run is written beside the others, then one pointer is switched; readers never see half a run."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime

import orjson
import polars as pl

from graphsvc.model.graph import Label
from graphsvc.model.progress import SILENT, Progress
from graphsvc.rackets.findings import Findings
from graphsvc.store.driver import Slots, Store

_BATCH = 20_000


def published_members(store: Store) -> pl.DataFrame:
    """Return ``racketId, seller, role`` of the published run; empty if none is."""
    schema = pl.Schema({"racketId": pl.String, "seller": pl.String, "role": pl.String})
    return store.frame("run/published_members", schema)


def publish(
    store: Store, findings: Findings, *, started: datetime, keep: int = 5, progress: Progress = SILENT
) -> str:
    """Write a run and make it the published one.

    Parameters
    ----------
    store : Store
        Where to.
    findings : Findings
        With lasting ids (see :func:`graphsvc.rackets.identity.with_identity`).
    started : datetime
        When the run began.
    keep : int
        Runs whose members stay; of older ones the groups and their lineage remain, so that old ids still redirect.

    Returns
    -------
    str
        The run's id.

    Notes
    -----
    A publication that was cut off leaves a run in status ``writing`` that nothing points to; the next one removes it.
    """
    run = f"run-{started.astimezone(UTC):%Y%m%dT%H%M%S}-{started.microsecond:06d}"
    _discard_unfinished(store)
    store.write(
        "run/create",
        id=run,
        started=started,
        engine=findings.parameters.get("engine", ""),
        seed=int(findings.parameters.get("seed", 0)),
        parameters=_json(findings.parameters),
        versions=_json(findings.versions),
        figures=_json(findings.figures),
        digest=findings.digest,
    )
    total = (
        findings.rackets.height
        + findings.members.height
        + findings.assessed.height
        + findings.relies_on.height
    )
    with progress.step("Publishing the run", total) as advance:

        def send(query: str, frame: pl.DataFrame, slots: Slots | None = None) -> None:
            for part in frame.iter_slices(_BATCH):
                store.write(query, slots, rows=part.to_dicts(), run=run)
                advance(part.height)

        send("run/rackets", findings.rackets)
        send("run/members", findings.members)
        for label, part in _by_label(findings.assessed):
            send("run/assessed", part, {"LABEL": label})
        for label, part in _by_label(findings.relies_on):
            send("run/relies_on", part, {"LABEL": label})
        send("run/lineage", findings.lineage)
    store.refresh_statistics()
    store.write("run/publish", run=run, finished=datetime.now(UTC))
    for row in store.read("run/retired", keep=keep):
        while store.write("run/prune", run=row["id"], batch=_BATCH)[0]["removed"]:
            pass
    return run


def _discard_unfinished(store: Store) -> None:
    """Remove what an interrupted publication left behind."""
    for row in store.read("run/unfinished"):
        while store.write("run/prune", run=row["id"], batch=_BATCH)[0]["removed"]:
            pass
        store.write("run/discard", run=row["id"])


def _by_label(frame: pl.DataFrame) -> list[tuple[Label, pl.DataFrame]]:
    """Split by node label; virtual identifiers (uncertain identities) are no nodes and are left out."""
    real = frame.filter(~pl.col("identifier").str.contains("~", literal=True))
    return [
        (Label(label), real.filter(pl.col("label") == label))
        for label in sorted(real["label"].unique().to_list())
    ]


def _json(value: Mapping[str, object]) -> str:
    return orjson.dumps(value, option=orjson.OPT_SORT_KEYS | orjson.OPT_SERIALIZE_NUMPY).decode()
