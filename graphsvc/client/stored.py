"""What the server answers, as frames; the schemas say which columns."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import networkx as nx
import polars as pl

from graphsvc.model.errors import NotFound
from graphsvc.rackets import findings
from graphsvc.rackets.published import ChokePoint, RacketGraph, RacketSummary, RunSummary
from graphsvc.store.driver import Store
from ingest.rejects import REJECTS

RUNS = pl.Schema(
    {  # type: ignore[arg-type]
        "run": pl.String,
        "current": pl.Boolean,
        "status": pl.String,
        "engine": pl.String,
        "seed": pl.Int64,
        "startedAt": pl.Datetime("us", "UTC"),
        "finishedAt": pl.Datetime("us", "UTC"),
        "stores": pl.Int64,
        "links": pl.Int64,
        "groups": pl.Int64,
        "suspects": pl.Int64,
        "dataDigest": pl.String,
    }
)
RACKETS = pl.Schema(
    {
        **{name: kind for name, kind in findings.RACKETS.items() if name != "why"},
        "secureFirst": pl.String(),
        "run": pl.String(),
    }
)
MEMBERS = pl.Schema(
    {
        "racketId": pl.String,
        "seller": pl.String,
        "sellerId": pl.String,
        "marketplace": pl.String,
        "name": pl.String,
        "confidence": pl.Float64,
        "role": pl.String,
        "counterfeit": pl.Float64,
        "stability": pl.Float64,
        "apart": pl.Int64,
        "sales30d": pl.Float64,
        "openedOn": pl.String,
        "status": pl.String,
    }
)
LINEAGE = pl.Schema(
    {
        "racketId": pl.String,
        "change": pl.String,
        "earlier": pl.String,
        "shared": pl.Int64,
        "size": pl.Int64,
        "sizeBefore": pl.Int64,
    }
)
CHOKE_POINTS = pl.Schema(
    {
        "identifier": pl.String,
        "label": pl.String,
        "name": pl.String,
        "members": pl.Int64,
        "share": pl.Float64,
        "cut": pl.Float64,
        "pieces": pl.Int64,
    }
)


def rejects(path: Path | None) -> pl.DataFrame:
    """Read a rejects file; without one, none was rejected."""
    return pl.DataFrame(schema=REJECTS) if path is None else pl.read_csv(path, infer_schema=False)


def runs(found: Sequence[RunSummary]) -> pl.DataFrame:
    """Lay out runs."""
    rows = [
        (
            run.id,
            run.current,
            run.status,
            run.engine,
            run.seed,
            run.started_at,
            run.finished_at,
            *(run.figures.get(name) for name in ("stores", "links", "groups", "suspects")),
            run.data_digest,
        )
        for run in found
    ]
    return pl.DataFrame(rows, schema=RUNS, orient="row")


def rackets(found: Sequence[RacketSummary]) -> pl.DataFrame:
    """Lay out rackets."""
    rows = [
        (
            racket.id,
            racket.rank,
            racket.score,
            racket.confidence,
            racket.size,
            racket.status,
            list(racket.jurisdictions),
            list(racket.brands),
            racket.estimated_value,
            racket.choke_points[0].name if racket.choke_points else None,
            racket.run_id,
        )
        for racket in found
    ]
    return pl.DataFrame(rows, schema=RACKETS, orient="row")


def members(store: Store, run: str, racket: str | None) -> pl.DataFrame:
    """Read the members of a run, or of one racket of it.

    Raises
    ------
    NotFound
        If the run has groups and none of their members is kept, or it has no such racket.
    """
    found = store.frame("read/run_members", MEMBERS, run=run, racket=racket)
    if found.is_empty():
        groups = lineage(store, run)["racketId"].drop_nulls()
        if racket is not None and racket not in groups:
            raise NotFound(f"There is no racket '{racket}' in run '{run}'.", "See `client.rackets(run)`.")
        if len(groups):
            raise NotFound(
                f"The members of run '{run}' are no longer kept.",
                "The latest runs keep theirs; see `client.runs()`.",
            )
    return found.with_columns(pl.col("openedOn").str.to_date("%Y-%m-%d"))


def lineage(store: Store, run: str) -> pl.DataFrame:
    """Read where the rackets of a run come from, and which earlier ones ended."""
    came = store.frame("read/run_lineage", LINEAGE, run=run)
    gone = store.frame("read/run_ended", pl.Schema({"earlier": pl.String, "sizeBefore": pl.Int64}), run=run)
    return pl.concat([came, gone.with_columns(change=pl.lit("ended"))], how="diagonal").select(
        LINEAGE.names()
    )


def choke_points(found: Sequence[ChokePoint]) -> pl.DataFrame:
    """Lay out what holds a racket together."""
    rows = [(p.id, p.label, p.name, p.members, p.share, p.cut, p.pieces) for p in found]
    return pl.DataFrame(rows, schema=CHOKE_POINTS, orient="row")


def network(found: RacketGraph) -> nx.Graph[str]:
    """Lay out a racket's picture as a networkx graph."""
    graph: nx.Graph[str] = nx.Graph()
    for node in found.nodes:
        graph.add_node(
            node.id,
            label=node.label,
            name=node.name,
            confidence=node.confidence,
            hubProbability=node.hub_probability,
            members=node.members,
        )
    for edge in found.edges:
        graph.add_edge(edge.seller, edge.identifier, weight=edge.weight, types=edge.types)
    return graph
