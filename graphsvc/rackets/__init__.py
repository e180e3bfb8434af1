"""Evidence to rackets: partition, scoring, confidence, identity over time, publishing a run."""

from graphsvc.rackets.detect import DetectOptions, detect
from graphsvc.rackets.findings import Findings

__all__ = ["DetectOptions", "Findings", "detect"]
