"""graphsvc finds production rackets behind online stores and hands police a ranked, explained dossier.

Rooms (imports point one way; import-linter holds the arrows):
``model`` what the graph holds · ``store`` the only room that talks Bolt · ``scan`` listings to suspicion ·
``links`` shared identifiers to evidence · ``rackets`` evidence to ranked groups · ``casework`` what people
decide · ``dossier`` one document, many renderings · ``simulate`` and ``evaluate`` a market with known truth
and how well we find it · ``api``, ``cli`` and ``client`` the composition roots.

The names below are the Python client. They are imported when they are first asked for, so that a room can be
imported without the others.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from graphsvc.client.connection import Client as Client
    from graphsvc.client.connection import Load as Load
    from graphsvc.client.detection import detect as detect
    from graphsvc.client.evidence import WeighedEvidence as WeighedEvidence
    from graphsvc.client.evidence import group_stores as group_stores
    from graphsvc.client.evidence import weigh_evidence as weigh_evidence
    from graphsvc.client.quality import BASELINES as BASELINES
    from graphsvc.client.quality import Quality as Quality
    from graphsvc.client.quality import Reviewed as Reviewed
    from graphsvc.client.quality import baseline as baseline
    from graphsvc.client.quality import measure as measure
    from graphsvc.client.quality import measure_reviewed as measure_reviewed
    from graphsvc.client.quality import read_reviewed as read_reviewed
    from graphsvc.client.quality import read_truth as read_truth
    from graphsvc.client.reasons import Why as Why
    from graphsvc.client.tables import read_market as read_market
    from graphsvc.client.tables import simulate_market as simulate_market
    from graphsvc.client.tables import tables_as_of as tables_as_of
    from graphsvc.links.evidence import EvidenceOptions as EvidenceOptions
    from graphsvc.model.errors import GraphsvcError as GraphsvcError
    from graphsvc.model.market import Market as Market
    from graphsvc.rackets.detect import DetectOptions as DetectOptions
    from graphsvc.rackets.findings import Findings as Findings
    from graphsvc.rackets.partition import PartitionOptions as PartitionOptions

__version__ = "0.1.0"

_HOMES = {
    "Client": "client.connection",
    "Load": "client.connection",
    "simulate_market": "client.tables",
    "read_market": "client.tables",
    "tables_as_of": "client.tables",
    "weigh_evidence": "client.evidence",
    "group_stores": "client.evidence",
    "WeighedEvidence": "client.evidence",
    "detect": "client.detection",
    "read_truth": "client.quality",
    "measure": "client.quality",
    "baseline": "client.quality",
    "read_reviewed": "client.quality",
    "measure_reviewed": "client.quality",
    "BASELINES": "client.quality",
    "Quality": "client.quality",
    "Reviewed": "client.quality",
    "Why": "client.reasons",
    "Market": "model.market",
    "Findings": "rackets.findings",
    "DetectOptions": "rackets.detect",
    "EvidenceOptions": "links.evidence",
    "PartitionOptions": "rackets.partition",
    "GraphsvcError": "model.errors",
}
"""Where each public name lives; none may be the name of a room."""


def __getattr__(name: str) -> Any:
    if name not in _HOMES:
        raise AttributeError(f"module 'graphsvc' has no attribute {name!r}")
    return getattr(import_module(f"graphsvc.{_HOMES[name]}"), name)


def __dir__() -> list[str]:
    return sorted({*globals(), *_HOMES})
