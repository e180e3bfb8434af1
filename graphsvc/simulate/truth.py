"""The truth beside the tables: who belongs to which racket or honest group, and what each racket is worth."""

from __future__ import annotations

import numpy as np
import polars as pl

from graphsvc.simulate.casework import identifiers, values
from graphsvc.simulate.plan import Plan
from graphsvc.simulate.population import CONDUCTS, ROLES
from graphsvc.simulate.streams import Ints
from graphsvc.simulate.tables import marketplaces, seller_ids
from graphsvc.simulate.text import choose, lookup, number
from graphsvc.simulate.vocabulary import divisions
from graphsvc.simulate.written import write


def racket_ids(index: Ints) -> pl.Series:
    """Return ids of rackets (-1: nothing)."""
    text = pl.Series(np.maximum(index, 0)).cast(pl.String).str.zfill(5).str.replace("^", "R")
    return choose(index >= 0, text, None)


def members(plan: Plan) -> pl.DataFrame:
    """Return one row a store: role, conduct, racket and cell, honest group."""
    world, population = plan.world, plan.world.population
    seller = np.arange(population.size)
    kinds = [world.group_kind[g] for g in range(len(world.group_kind))]
    return pl.DataFrame(
        {
            "seller_id": seller_ids(plan, seller),
            "marketplace": marketplaces(plan, seller),
            "role": lookup(ROLES, population.role),
            "conduct": lookup(CONDUCTS, population.conduct),
            "racket_id": racket_ids(population.racket),
            "cell": choose(population.cell >= 0, number(population.cell), None),
            "group_kind": choose(world.group >= 0, lookup(kinds, world.group), None),
            "group_id": choose(world.group >= 0, number(world.group).str.replace("^", "G"), None),
        }
    )


def rackets(plan: Plan) -> pl.DataFrame:
    """Return one row a racket: size, yearly value, workshop, provinces, brands, whether it was raided."""
    world, found = plan.world, plan.world.population.rackets
    known, clean = divisions(), np.zeros(found.count)
    order = np.arange(found.count)
    province = known.province.plain.gather(known_division(plan)).to_list()
    brands = plan.offers.brands.names.gather(plan.offers.brand[found.members, 0]).to_list()
    cut = list(zip(found.starts.tolist(), (found.starts + found.sizes).tolist(), strict=True))
    raided = np.isin(order, plan.raided)
    rng = world.streams.of("clean workshops")
    return pl.DataFrame(
        {
            "racket_id": racket_ids(order),
            "size": found.sizes,
            "value": values(plan),
            "workshop_address": write(rng, world.pools.address.columns, world.workshop, clean, clean)
            if found.count
            else [],
            "provinces": ["|".join(sorted(set(province[a:b]))) for a, b in cut],
            "brands": ["|".join(sorted(set(brands[a:b]))) for a, b in cut],
            "raided": raided,
        },
        schema_overrides={"workshop_address": pl.String, "provinces": pl.String, "brands": pl.String},
    )


def known_division(plan: Plan) -> Ints:
    """Return the home division of each racket member, in chain order."""
    population = plan.world.population
    return population.division[population.rackets.members]


def frames(plan: Plan) -> dict[str, pl.DataFrame]:
    """Return the truth, by file stem."""
    return {"members": members(plan), "rackets": rackets(plan), "identifiers": identifiers(plan)}
