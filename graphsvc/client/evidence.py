"""What stores share and what it weighs, by name; and groups of one partition, to compare engines and densities."""

from __future__ import annotations

from dataclasses import dataclass

import networkx as nx
import numpy as np
import polars as pl

from graphsvc.links.evidence import Assessor, EvidenceOptions
from graphsvc.links.incidence import HOLDER
from graphsvc.model.graph import Label
from graphsvc.model.market import Market
from graphsvc.rackets.engines import WeightedGraph
from graphsvc.rackets.engines import engine as engine_named
from graphsvc.rackets.partition import PartitionOptions, common


@dataclass(frozen=True)
class WeighedEvidence:
    """Evidence between stores, before any grouping.

    Attributes
    ----------
    identifiers : DataFrame
        One row a shared identifier, hubs first: ``identifier, label, name, kind, service`` (known public service, or
        null), ``stores`` (that use it), ``groups`` (distinct groups among them), ``hubProbability`` (that it serves
        the public), ``weight`` (nats that one shared use is worth).
    pairs : DataFrame
        One row a pair of stores ``a < b``: ``weight`` (nats of all they share), ``families`` (independent kinds of
        identifier that agree), ``common`` (share of their infrastructure that is the same, 0 to 1).
    shared : DataFrame
        One row a pair and identifier: ``a, b, identifier, label, same`` (probability that it means one operation),
        ``weight`` (the same in nats).
    sellers : Series
        All stores of the market, sorted.
    """

    identifiers: pl.DataFrame
    pairs: pl.DataFrame
    shared: pl.DataFrame
    sellers: pl.Series

    def graph(self, least: float = 0.0, weight: str = "weight") -> nx.Graph[str]:
        """Return the pairs as a networkx graph of stores, put in sorted.

        Parameters
        ----------
        least : float
            Leave out pairs of no more than this.
        weight : str
            ``weight`` (nats) or ``common`` (share of infrastructure): what becomes the edges' ``weight``.

        Examples
        --------
        >>> evidence = graphsvc.weigh_evidence(market)
        >>> graph = evidence.graph(least=3)
        >>> min(w for _, _, w in graph.edges(data="weight")) > 3
        True
        """
        kept = self.pairs.filter(pl.col(weight) > least)
        graph: nx.Graph[str] = nx.Graph()
        graph.add_weighted_edges_from(kept.select("a", "b", weight).iter_rows())
        return graph


def weigh_evidence(market: Market, options: EvidenceOptions | None = None) -> WeighedEvidence:
    """Weigh what stores share: how public each identifier is, and what a pair of stores has in common in all.

    Parameters
    ----------
    market : Market
        See :func:`read_market`; row order does not matter.
    options : EvidenceOptions, optional
        Bounds and priors; the defaults are those of ``graphsvc detect``.

    Returns
    -------
    WeighedEvidence
        Frames by name, sorted.

    Notes
    -----
    One shared use of an identifier is worth ``-ln P(hub)`` nats: nothing for a certain hub, much for what nobody
    else uses. What comes together (an account and its holder) counts once; independent kinds add up.

    Examples
    --------
    >>> evidence = graphsvc.weigh_evidence(market)
    >>> evidence.identifiers.select("label", "stores", "hubProbability", "weight").height > 0
    True
    >>> evidence.pairs.columns
    ['a', 'b', 'weight', 'families', 'common']
    """
    found = Assessor(market, options or EvidenceOptions()).stores
    graph = found.incidence
    label = pl.col("label").replace(HOLDER, Label.PERSON.value)
    about = market.identifiers.unique("identifier", keep="first", maintain_order=True)
    identifiers = (
        found.identifiers.sort("degree", "i", descending=[True, False])
        .unique("node", keep="first", maintain_order=True)
        .drop("name", "kind", "service", strict=False)
        .rename({"identifier": "use", "node": "identifier"})
        .join(about.select("identifier", "name", "kind", "service"), on="identifier", how="left")
        .select(
            "identifier",
            label,
            pl.col("name").fill_null(pl.col("identifier")),
            "kind",
            "service",
            pl.col("degree").cast(pl.Int64).alias("stores"),
            pl.col("groups").cast(pl.Int64),
            "hubProbability",
            "weight",
        )
        .sort("hubProbability", "stores", "identifier", descending=[True, True, False])
    )
    stores = graph.sellers["seller"]
    uses = found.identifiers.select("i", pl.col("node").alias("identifier"), label)
    shared = _named(
        found.shared.join(uses.drop("label"), on="i").join(uses.select("i", "label"), on="i"), stores
    )
    share = common(found, PartitionOptions())
    pairs = _named(found.pairs.join(share, on=["a", "b"], how="left"), stores)
    return WeighedEvidence(
        identifiers,
        pairs.select(
            "a", "b", "weight", pl.col("families").cast(pl.Int64), pl.col("common").fill_null(0.0)
        ).sort("a", "b"),
        shared.select("a", "b", "identifier", "label", "same", "weight").sort("a", "b", "identifier"),
        stores,
    )


def _named(pairs: pl.DataFrame, stores: pl.Series) -> pl.DataFrame:
    """Put names where row numbers were; stores are sorted, so that a < b holds for names as well."""
    return pairs.with_columns(stores.gather(pairs[end]).alias(end) for end in ("a", "b"))


def group_stores(
    evidence: WeighedEvidence,
    engine: str = "native",
    *,
    density: float = PartitionOptions.density,
    bar: float = 0.05,
    seed: int = 1,
) -> pl.DataFrame:
    """Group stores by one partition of the evidence graph.

    This is one step of what :func:`detect` does in rounds, made plain to compare engines and densities. It knows
    no judgements.

    Parameters
    ----------
    evidence : WeighedEvidence
        See :func:`weigh_evidence`.
    engine : str
        ``native`` (constant Potts model), ``louvain`` (python-louvain) or ``networkx``.
    density : float
        The resolution: how much of their infrastructure stores of a group have in common at the least. The
        modularity engines get the resolution whose penalty is the same on a regular graph.
    bar : float
        Pairs that share no more than this are no edge.
    seed : int
        Same evidence, options and seed: same groups.

    Returns
    -------
    DataFrame
        ``seller, group``, one row a store of a group of two or more; a group is called by its first store.

    Raises
    ------
    BadInput
        If there is no such engine, or it is ``gds``, which needs a server: see
        :meth:`Client.graph_data_science`.

    Examples
    --------
    >>> groups = graphsvc.group_stores(evidence, "louvain", density=0.02)
    >>> groups.columns
    ['seller', 'group']
    """
    chosen = engine_named(engine)
    edges = evidence.pairs.filter(pl.col("common") > bar).sort("a", "b")
    number = pl.DataFrame({"name": evidence.sellers}).with_row_index("n")
    a, b = (
        edges.join(number, left_on=end, right_on="name", maintain_order="left")["n"]
        .to_numpy()
        .astype(np.int64)
        for end in ("a", "b")
    )
    graph = WeightedGraph(len(evidence.sellers), a, b, edges["common"].to_numpy().astype(np.float64))
    labels = pl.Series("label", chosen.partition(graph, density, seed))
    return (
        pl.DataFrame({"seller": evidence.sellers, "label": labels})
        .filter(pl.len().over("label") > 1)
        .select("seller", pl.col("seller").min().over("label").alias("group"))
        .sort("seller")
    )
