"""What one detection run finds, as frames; publishing writes them, exports and evaluation read them."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import polars as pl

SUSPECT, HARMLESS = "suspect", "harmless"
CORE, ATTACHED = "core", "attached"

RACKETS = pl.Schema(
    {  # type: ignore[arg-type]
        "racketId": pl.String,
        "rank": pl.Int64,
        "score": pl.Float64,
        "confidence": pl.Float64,
        "size": pl.Int64,
        "status": pl.String,
        "jurisdictions": pl.List(pl.String),
        "brands": pl.List(pl.String),
        "estimatedValue": pl.Float64,
        "why": pl.String,
    }
)
MEMBERS = pl.Schema(
    {
        "racketId": pl.String,
        "seller": pl.String,
        "confidence": pl.Float64,
        "role": pl.String,
        "counterfeit": pl.Float64,
        "stability": pl.Float64,
        "apart": pl.Int64,
    }
)
ASSESSED = pl.Schema(
    {
        "identifier": pl.String,
        "label": pl.String,
        "hubProbability": pl.Float64,
        "stores": pl.Int64,
        "groups": pl.Int64,
        "weight": pl.Float64,
    }
)
RELIES_ON = pl.Schema(
    {
        "racketId": pl.String,
        "identifier": pl.String,
        "label": pl.String,
        "members": pl.Int64,
        "share": pl.Float64,
        "cut": pl.Float64,
        "pieces": pl.Int64,
    }
)
LINEAGE = pl.Schema({"racketId": pl.String, "earlier": pl.String, "kind": pl.String, "shared": pl.Int64})
CONTRADICTIONS = pl.Schema({"a": pl.String, "b": pl.String})


@dataclass(frozen=True)
class Findings:
    """One run's result; frames have the schemas of this module and are sorted (rackets by rank).

    ``parameters`` and ``versions`` say how it was made, ``figures`` how it went; all are stored with the run.
    ``contradictions`` are pairs of stores that people judged different and, by other words, the same; the run kept them
    apart. ``digest`` is the hash of what was read.
    """

    rackets: pl.DataFrame
    members: pl.DataFrame
    assessed: pl.DataFrame
    relies_on: pl.DataFrame
    lineage: pl.DataFrame = field(default_factory=lambda: pl.DataFrame(schema=LINEAGE))
    contradictions: pl.DataFrame = field(default_factory=lambda: pl.DataFrame(schema=CONTRADICTIONS))
    parameters: dict[str, Any] = field(default_factory=dict)
    versions: dict[str, str] = field(default_factory=dict)
    figures: dict[str, Any] = field(default_factory=dict)
    digest: str = ""
