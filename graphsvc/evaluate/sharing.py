"""Who shares what with whom, as the usual ways see it: exact identifiers, one use like another."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import polars as pl
from scipy.sparse import coo_array, csr_array
from scipy.sparse.csgraph import connected_components

from graphsvc.model.market import Market

Ints = npt.NDArray[np.int64]


@dataclass(frozen=True)
class Sharing:
    """Uses of shared identifiers: the k-th is store ``seller[k]`` using identifier ``identifier[k]``.

    ``names`` are the stores in order (all of the market); ``degree[k]`` is how many stores use the
    identifier.
    """

    names: tuple[str, ...]
    seller: Ints
    identifier: Ints
    degree: Ints

    @property
    def identifiers(self) -> int:
        """Number of shared identifiers."""
        return int(self.identifier.max()) + 1 if self.identifier.size else 0


def sharing(market: Market, cap: int | None = None, keep_services: bool = False) -> Sharing:
    """Collect the identifiers that 2 to ``cap`` stores use.

    Parameters
    ----------
    market : Market
        Its links are read; several links of a store to one identifier count once.
    cap : int, optional
        Leave out identifiers of more stores than this.
    keep_services : bool
        Keep identifiers that are known to serve the public.
    """
    names = market.sellers["seller"].unique().sort()
    links = (
        market.links.select("seller", "identifier").unique().filter(pl.col("seller").is_in(names.implode()))
    )
    if not keep_services:
        services = market.identifiers.filter(pl.col("service").is_not_null())
        links = links.join(services, on="identifier", how="anti")
    shared = (
        links.with_columns(pl.len().over("identifier").cast(pl.Int64).alias("degree"))
        .filter(pl.col("degree") >= 2, pl.lit(True) if cap is None else pl.col("degree") <= cap)
        .with_columns((pl.col("identifier").rank("dense") - 1).cast(pl.Int64).alias("code"))
        .join(pl.DataFrame({"seller": names}).with_row_index("place"), on="seller")
        .sort("place", "code")
    )
    return Sharing(
        tuple(names),
        shared["place"].cast(pl.Int64).to_numpy(),
        shared["code"].to_numpy(),
        shared["degree"].to_numpy(),
    )


def components(uses: Sharing) -> Ints:
    """Label of the connected component of each store."""
    n, total = len(uses.names), len(uses.names) + uses.identifiers
    ones = np.ones(uses.seller.size)
    matrix = coo_array((ones, (uses.seller, uses.identifier + n)), shape=(total, total))
    _, labels = connected_components(matrix, directed=False)
    return labels[:n].astype(np.int64)


def projected(uses: Sharing, inverse: bool) -> csr_array:
    """Return the store-to-store graph as a symmetric matrix without a diagonal.

    A pair weighs the number of identifiers it shares, or with ``inverse`` the sum over them of 1 / (degree -
    1) (Newman 2001, Scientific collaboration networks II). Bound the degrees first: an identifier of d stores
    makes d squared entries.
    """
    weight = 1 / (uses.degree - 1) if inverse else np.ones(uses.seller.size)
    shape = (len(uses.names), uses.identifiers)
    one = coo_array((weight, (uses.seller, uses.identifier)), shape=shape).tocsr()
    other = coo_array((np.ones(uses.seller.size), (uses.seller, uses.identifier)), shape=shape).tocsr()
    pairs = (one @ other.T).tocoo()
    apart = pairs.row != pairs.col
    out = coo_array((pairs.data[apart], (pairs.row[apart], pairs.col[apart])), shape=pairs.shape).tocsr()
    out.sort_indices()
    return out
