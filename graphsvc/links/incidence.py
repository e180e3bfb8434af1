"""Who uses what, as integer columns: the bipartite graph of stores and identifiers that all evidence rests on."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import polars as pl
from numpy.typing import NDArray
from scipy.sparse import coo_matrix
from scipy.sparse.csgraph import connected_components

from graphsvc.links.names import expected_namesakes
from graphsvc.model.graph import Label, Rel
from graphsvc.model.market import Market

PLACE, MONEY, IDENTITY, CONTACT = "place", "money", "identity", "contact"
"""Families of identifiers. Within one family things come together (a licence and its holder's name, a warehouse
and its address), so that independence is assumed between families only."""

REGISTERED = "RegisteredAddress"
"""Kind of an address that only ever appears as a registered address: paper, not goods."""
HOLDER = "Holder"
"""Kind of a person as the holder of accounts: comes with the account, so it belongs to money, not to papers."""

_FAMILY: dict[str, str] = {
    Label.ADDRESS.value: PLACE,
    Label.WAREHOUSE.value: PLACE,
    Label.PAYMENT_ACCOUNT.value: MONEY,
    HOLDER: MONEY,
    Label.PERSON.value: IDENTITY,
    Label.LICENCE.value: IDENTITY,
    REGISTERED: IDENTITY,
    Label.PHONE.value: CONTACT,
    Label.EMAIL.value: CONTACT,
}


_FAMILIES = [PLACE, MONEY, IDENTITY, CONTACT]
KINDS, FAMILIES = pl.Enum(list(_FAMILY)), pl.Enum(_FAMILIES)
FAMILY_OF = np.array([_FAMILIES.index(family) for family in _FAMILY.values()])
"""The family of each kind, as the places in ``FAMILIES`` and ``KINDS``; kinds of one family are neighbours."""

DIGITS = 9
"""Sums of weights are rounded to so many digits: their last bits depend on the order of the addends, which is left to
the threads, and a run must not."""
_HELD = "#held"
_GOODS = [Rel.SHIPS_FROM.value, Rel.RETURNS_TO.value, Rel.STOCKS_AT.value]


@dataclass(frozen=True)
class Incidence:
    """The bipartite graph, indexed.

    Attributes
    ----------
    sellers : DataFrame
        ``market.sellers`` sorted by id, with row index ``s``.
    identifiers : DataFrame
        Identifiers used by at least two stores, sorted by id, with row index ``i``, ``node`` (id of the node),
        ``kind_of`` (node label, ``RegisteredAddress`` or ``Holder``), ``family``, ``degree`` (distinct stores),
        ``service``, ``soft`` (probability that its users share it at all: 1, or that of an uncertain identity),
        ``entity`` (one number for all that is perhaps the same thing spelled differently, which counts once),
        ``origin`` (its row between stores, where these are groups).
    uses : DataFrame
        ``s, i, first, last`` (days since epoch, null unknown); one row a store and identifier, sorted.
    breadth : float array
        A row a store, a column a kind (of ``KINDS``): how many identifiers of the kind only this store uses. Of holders
        it is its part of all those who are known through one account.
    """

    sellers: pl.DataFrame
    identifiers: pl.DataFrame
    uses: pl.DataFrame
    breadth: NDArray[np.float64]


def incidence(market: Market) -> Incidence:
    """Index a market; statements by several sources on one store and identifier become one use."""
    sellers = (
        market.sellers.unique("seller", keep="first", maintain_order=True).sort("seller").with_row_index("s")
    )
    direct = _direct_uses(market)
    held = _held(market, direct)
    further = held.filter(pl.col("accounts") > 1).select(direct.columns)
    stated = pl.concat([direct, further, *_soft_uses(direct, market.similar)])
    # Most identifiers are stated once: they are their store's own, and are spared all that follows.
    again = stated["identifier"].is_duplicated()
    once = _indexed(stated.filter(~again).select("seller", "label", "goods"), sellers)
    uses = _merged(_indexed(stated.filter(again), sellers), sellers)
    known = uses.group_by("identifier").agg(
        pl.col("label").min(), pl.col("goods").any(), pl.len().alias("degree"), pl.col("soft").max()
    )
    shared = (
        known.filter(pl.col("degree") > 1)
        .with_columns(
            pl.col("identifier").str.strip_suffix(_HELD).alias("node"),
            pl.col("label").cast(pl.String),
            _kind().alias("kind_of"),
        )
        .with_columns(pl.col("kind_of").replace_strict(_FAMILY, return_dtype=FAMILIES).alias("family"))
        .pipe(lambda found: found.join(_about(market, found["node"]), on="node", how="left"))
        .join(_entities(market.similar), on="identifier", how="left")
        .sort("identifier")
        .with_row_index("i")
        .with_columns(
            pl.coalesce("entity", pl.col("i").cast(pl.Int64)).rank("dense").cast(pl.Int64).alias("entity"),
            pl.col("i").alias("origin"),
        )
    )
    own = uses.select("s", "identifier").join(known.filter(pl.col("degree") == 1), on="identifier")
    breadth = sum(
        by_kind(alone["s"].to_numpy(), alone["kind"].to_physical().to_numpy(), sellers.height)
        for alone in (part.select("s", _kind().alias("kind")) for part in (once, own))
    )
    indexed = uses.join(shared.select("identifier", "i"), on="identifier").select("s", "i", "first", "last")
    return Incidence(
        sellers, shared, indexed.sort("i", "s"), np.asarray(breadth) + _through_one_account(held, sellers)
    )


def _indexed(stated: pl.DataFrame, sellers: pl.DataFrame) -> pl.DataFrame:
    """Put rows ``s`` of stores where their ids were; what is said of stores that nobody declared is left out."""
    return stated.join(sellers.select("seller", "s"), on="seller").drop("seller")


def _merged(stated: pl.DataFrame, sellers: pl.DataFrame) -> pl.DataFrame:
    """Return one row a store and identifier; where nobody saw when it was used, the store's own life bounds it."""
    uses = stated.group_by("s", "identifier").agg(
        pl.col("label").min(),
        pl.col("goods").any(),
        pl.col("firstSeen").min().dt.epoch("d").alias("first"),
        pl.col("lastSeen").max().dt.epoch("d").alias("last"),
        pl.col("soft").max(),
    )
    opened, closed = (sellers[name].dt.epoch("d").gather(uses["s"]) for name in ("openedOn", "closedOn"))
    return uses.with_columns(
        pl.coalesce("first", opened).alias("first"), pl.coalesce("last", closed).alias("last")
    )


def _kind() -> pl.Expr:
    """Kind of an identifier by its ``label`` and whether ``goods`` move there."""
    paper = (pl.col("label") == Label.ADDRESS.value) & ~pl.col("goods")
    return pl.when(paper).then(pl.lit(REGISTERED, KINDS)).otherwise(pl.col("label"))


def by_kind(
    s: NDArray[Any], kind: NDArray[Any], stores: int, values: NDArray[np.float64] | None = None
) -> NDArray[np.float64]:
    """Return how many rows there are, or the sum of their values, of each store (rows) and kind (columns)."""
    kinds = len(KINDS.categories)
    cells = np.bincount(s.astype(np.int64) * kinds + kind, values, minlength=stores * kinds)
    return cells.astype(np.float64).reshape(stores, kinds)


def collapse(graph: Incidence, labels: NDArray[np.int64]) -> Incidence:
    """Take groups of stores for stores: a group uses what any of its stores uses.

    Identifiers are renumbered (``identifier`` tells them); those that only one group uses are that group's own.
    ``sellers`` of the result has one row a group, with ``s`` its label.
    """
    group = pl.Series(labels, dtype=pl.UInt32)
    groups = int(labels.max(initial=-1)) + 1
    uses = (
        graph.uses.with_columns(group.gather(graph.uses["s"]).alias("s"))
        .group_by("s", "i")
        .agg(pl.col("first").min(), pl.col("last").max())
        .sort("i", "s")
    )
    degree = np.bincount(uses["i"].to_numpy(), minlength=graph.identifiers.height)
    s, i = uses["s"].to_numpy(), uses["i"].to_numpy()
    kind = graph.identifiers["kind_of"].to_physical().to_numpy()
    breadth = by_kind(s[degree[i] == 1], kind[i[degree[i] == 1]], groups)
    np.add.at(breadth, labels, graph.breadth)
    shared = degree > 1
    renumbered = pl.Series(np.cumsum(shared) - shared, dtype=pl.UInt32)
    return Incidence(
        pl.DataFrame({"s": np.arange(groups, dtype=np.uint32)}),
        graph.identifiers.with_columns(pl.Series("degree", degree, pl.UInt32), renumbered.alias("i")).filter(
            pl.Series(shared)
        ),
        uses.with_columns(renumbered.gather(uses["i"]).alias("i")).filter(pl.Series(shared[i])),
        breadth,
    )


def _about(market: Market, nodes: pl.Series) -> pl.DataFrame:
    """Return what is known of some nodes, a row each."""
    people = market.identifiers.lazy().filter(pl.col("label") == Label.PERSON.value)
    names = (
        people.select("identifier", "name").unique("identifier", keep="first", maintain_order=True).collect()
    )
    return (
        market.identifiers.filter(pl.col("identifier").is_in(nodes.implode()))
        .unique("identifier", keep="first", maintain_order=True)
        .join(_whitelisted(market), on="identifier", how="left")
        .join(
            names.select("identifier", expected_namesakes(names["name"]).alias("chance")),
            on="identifier",
            how="left",
        )
        .select(
            pl.col("identifier").alias("node"),
            "name",
            "kind",
            pl.coalesce("service", "word").alias("service"),
            "adcode",
            "chance",
        )
    )


def _direct_uses(market: Market) -> pl.DataFrame:
    return market.links.select(
        "seller",
        "identifier",
        pl.col("label").cast(KINDS),
        pl.col("type").is_in(_GOODS).alias("goods"),
        "firstSeen",
        "lastSeen",
        pl.lit(1.0).alias("soft"),
    )


def _held(market: Market, direct: pl.DataFrame) -> pl.DataFrame:
    """Return the uses of holders through accounts, with how many used ``accounts`` each holds.

    Who holds an account that serves the public serves the public, and is left out.
    """
    held = (
        market.identifiers.filter(pl.col("holder").is_not_null() & pl.col("service").is_null())
        .join(_whitelisted(market), on="identifier", how="anti")
        .select("identifier", "holder")
    )
    return (
        direct.join(held, on="identifier")
        .with_columns(pl.col("identifier").n_unique().over("holder").alias("accounts"))
        .with_columns(
            pl.concat_str("holder", pl.lit(_HELD)).alias("identifier"), pl.lit(HOLDER, KINDS).alias("label")
        )
        .select(*direct.columns, "accounts")
    )


def _through_one_account(held: pl.DataFrame, sellers: pl.DataFrame) -> NDArray[np.float64]:
    """Return what holders known through one account add to the breadth of stores: to each user its part.

    Such a holder is the account seen twice. It ties nobody besides the account, so that leaving the account out leaves
    out both; but stores of many holders stay such.
    """
    once = held.filter(pl.col("accounts") == 1).select("seller", "identifier", "label").unique()
    users = _indexed(once.with_columns((1 / pl.len().over("identifier")).alias("part")), sellers)
    return by_kind(
        users["s"].to_numpy(),
        users["label"].to_physical().to_numpy(),
        sellers.height,
        users["part"].to_numpy(),
    )


def _whitelisted(market: Market) -> pl.DataFrame:
    """Return ``identifier, word``: what people know to serve the public."""
    words = market.judgements.filter(pl.col("kind") == "whitelist")
    return words.select(
        pl.col("a").alias("identifier"), pl.lit("whitelisted by a person").alias("word")
    ).unique()


def _spellings(similar: pl.DataFrame) -> pl.DataFrame:
    """Return ``a, b, probability, virtual``: pairs that are perhaps one thing (a < b), and ``a~b`` for that thing."""
    return (
        similar.select(
            pl.min_horizontal("a", "b").alias("a"), pl.max_horizontal("a", "b").alias("b"), "probability"
        )
        .with_columns(pl.concat_str("a", "b", separator="~").alias("virtual"))
        .unique("virtual")
        .sort("virtual")
    )


def _entities(similar: pl.DataFrame) -> pl.DataFrame:
    """Return ``identifier, entity``: what uncertain identities connect, and the virtual identifiers of the pairs, by a
    negative number each connected part."""
    pairs = _spellings(similar)
    nodes = pl.concat([pairs["a"], pairs["b"]]).unique().sort()
    first, second = (nodes.search_sorted(pairs[side]).to_numpy().astype(np.int64) for side in ("a", "b"))
    matrix = coo_matrix(
        (np.ones(pairs.height, dtype=np.int8), (first, second)), shape=(max(nodes.len(), 1),) * 2
    )
    entity = -1 - connected_components(matrix, directed=False)[1][: nodes.len()].astype(np.int64)
    return pl.concat(
        [
            pl.DataFrame({"identifier": nodes, "entity": entity}),
            pairs.select(pl.col("virtual").alias("identifier"), pl.Series("entity", entity[first])),
        ]
    )


def _soft_uses(direct: pl.DataFrame, similar: pl.DataFrame) -> list[pl.DataFrame]:
    """Return uses of virtual identifiers ``a~b`` whose users are those of a and of b."""
    pairs = _spellings(similar)
    return [
        direct.join(pairs.select(pl.col(side).alias("identifier"), "virtual", "probability"), on="identifier")
        .with_columns(pl.col("virtual").alias("identifier"), pl.col("probability").alias("soft"))
        .select(direct.columns)
        for side in ("a", "b")
    ]
