"""What stores' behaviour says."""

from __future__ import annotations

import numpy as np
import polars as pl

from graphsvc.links.incidence import incidence
from graphsvc.links.likeness import Likeness
from tests.rackets.markets import make

TOWNS, EACH = 20, 10


def test_a_public_place_puts_nobody_in_its_city() -> None:
    # In each town ten stores ship from one shop; all stores of two towns also ship from a house in a third place.
    stores = [[f"t{town:02d}s{n}" for n in range(EACH)] for town in range(TOWNS)]
    shops = {f"ship:shop-{town}": who for town, who in enumerate(stores)}
    houses = {f"ship:house-{town}": stores[town] + stores[town + 1] for town in range(0, TOWNS, 2)}
    market = make(shops | houses)
    where = {f"ship:shop-{town}": f"{1001 + town}00" for town in range(TOWNS)}
    where |= {f"ship:house-{town}": f"{3001 + town}00" for town in range(0, TOWNS, 2)}
    identifiers = market.identifiers.with_columns(
        pl.col("identifier").replace_strict(where, default=None).alias("adcode")
    )
    market = type(market)(**{**vars(market), "identifiers": identifiers})
    graph = incidence(market)
    likeness = Likeness(market, graph)
    row = dict(zip(graph.sellers["seller"], graph.sellers["s"], strict=True))
    of_one_shop = pl.DataFrame({"a": [row[who[0]] for who in stores], "b": [row[who[1]] for who in stores]})
    behind_one_house = pl.DataFrame({"a": [row["t00s0"]], "b": [row["t01s0"]]})

    public = graph.identifiers["identifier"].str.starts_with("ship:house").to_numpy()
    apart = likeness.apart_from(public)
    for asked, near in ((likeness, True), (apart, False)):
        worth = asked.worth(pl.concat([of_one_shop, of_one_shop]))
        said = asked.compare(pl.concat([of_one_shop[:1], behind_one_house]), worth)["city"].to_numpy()
        assert said[0] > 0
        assert (said[1] > 0) == near
    nowhere = likeness.apart_from(np.ones(public.size, dtype=bool))
    assert not nowhere.compare(of_one_shop, nowhere.worth(of_one_shop))["city"].to_numpy().any()


def test_what_few_independent_pairs_teach_is_worth_less() -> None:
    stores = [f"s{n:02d}" for n in range(40)]
    market = make(
        {},
        alone=stores,
        offers=[{"seller": s, "brand": f"brand {int(s[1:]) // 2}", "listings": 1} for s in stores],
    )
    likeness = Likeness(market, incidence(market))
    same = pl.DataFrame(
        {"a": np.arange(0, 40, 2), "b": np.arange(1, 40, 2)}, schema={"a": pl.UInt32, "b": pl.UInt32}
    )
    tied = pl.concat([same] * 5)
    said = [
        likeness.compare(same[:1], likeness.worth(tied, pairs))["says"].item()
        for pairs in (np.inf, 50, 25, 1)
    ]
    assert said == sorted(said, reverse=True)
    assert said[0] > said[2] > said[3] == 0
