"""Figures for Prometheus. Each worker process counts its own requests."""

from __future__ import annotations

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, generate_latest

_METHODS = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"})


class Metrics:
    """Counters of one application, in a registry of its own."""

    def __init__(self) -> None:
        self._registry = CollectorRegistry()
        self._requests = Counter(
            "graphsvc_requests", "Requests answered", ("method", "route", "status"), registry=self._registry
        )
        self._seconds = Histogram(
            "graphsvc_request_seconds",
            "Time to answer",
            ("method", "route"),
            registry=self._registry,
            buckets=(0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10),
        )
        self._ready = Gauge("graphsvc_ready", "1 if all readiness checks hold", registry=self._registry)
        self._check = Gauge(
            "graphsvc_check", "1 if a readiness check holds", ("check",), registry=self._registry
        )

    def observe(self, method: str, route: str, status: int, seconds: float) -> None:
        """Count one request; methods made up by clients are counted together."""
        known = method if method in _METHODS else "other"
        self._requests.labels(known, route, str(status)).inc()
        self._seconds.labels(known, route).observe(seconds)

    def readiness(self, checks: dict[str, bool]) -> None:
        """Note what the readiness checks found."""
        self._ready.set(all(checks.values()))
        for name, holds in checks.items():
            self._check.labels(name).set(holds)

    def text(self) -> bytes:
        """Return all figures in Prometheus' text format."""
        return generate_latest(self._registry)
