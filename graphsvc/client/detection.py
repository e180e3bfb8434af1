"""Detection on a market in memory."""

from __future__ import annotations

from dataclasses import replace

from graphsvc.model.market import Market
from graphsvc.rackets.detect import DetectOptions
from graphsvc.rackets.detect import detect as find
from graphsvc.rackets.engines import engine as engine_named
from graphsvc.rackets.findings import Findings


def detect(
    market: Market, engine: str = "native", seed: int | None = None, options: DetectOptions | None = None
) -> Findings:
    """Find and rank groups of linked stores in a market in memory; nothing is published.

    Parameters
    ----------
    market : Market
        See :func:`read_market` and :meth:`Client.market`; row order does not matter.
    engine : str
        ``native``, ``louvain`` or ``networkx``; for ``gds`` see :meth:`Client.detect`.
    seed : int, optional
        Same market, engine, options and seed: same rackets. Default: that of ``options``, which is 1.
    options : DetectOptions, optional
        How evidence is weighed (:class:`EvidenceOptions`), stores grouped (:class:`PartitionOptions`) and groups
        scored.

    Returns
    -------
    Findings
        Frames: ``rackets`` (by rank, harmless groups last), ``members``, ``assessed`` (P(hub) of each shared
        identifier), ``relies_on`` (what holds each group together); ``parameters`` and ``figures``. Ids are local
        to the run.

    Raises
    ------
    BadInput
        If there is no such engine.

    Examples
    --------
    >>> from graphsvc import DetectOptions, PartitionOptions
    >>> findings.rackets.columns[:5]
    ['racketId', 'rank', 'score', 'confidence', 'size']
    >>> dense = graphsvc.detect(market, options=DetectOptions(partition=PartitionOptions(density=0.2)))
    >>> dense.parameters["partition"]["density"]
    0.2
    """
    return find(market, seeded(options, seed), engine_named(engine))


def seeded(options: DetectOptions | None, seed: int | None) -> DetectOptions:
    """Return options with this seed, if one is given."""
    chosen = options or DetectOptions()
    return chosen if seed is None else replace(chosen, seed=seed)
