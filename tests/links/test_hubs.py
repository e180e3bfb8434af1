"""P(hub): a probability for anything, near one for what is known to serve the public, higher for strangers."""

from __future__ import annotations

import numpy as np
import polars as pl
from hypothesis import given, settings
from hypothesis import strategies as st

from graphsvc.links.hubs import HubPriors, first_guess, hub_probability, signs
from graphsvc.model.graph import Label

KINDS = (
    "PaymentAccount",
    "Holder",
    "Phone",
    "Email",
    "Licence",
    "Person",
    "Address",
    "RegisteredAddress",
    "Warehouse",
)
TEXTS = dict.fromkeys(("kind", "name", "service"), pl.String)
SCHEMA = pl.Schema({"kind_of": pl.String, "degree": pl.UInt32, **TEXTS, "chance": pl.Float64})
PLACES = [None, "丰巢快递柜3号", "荔华东大道8号", "陈建国"]


def identifiers(
    rows: list[tuple[str, int, str | None, str | None, str | None, float | None]],
) -> pl.DataFrame:
    return pl.DataFrame(rows, schema=SCHEMA, orient="row")


@st.composite
def assessed(draw: st.DrawFn) -> tuple[pl.DataFrame, list[int], list[float], list[float]]:
    """Identifiers with as many groups as may be, opportunity and likeness of their users."""
    rows, groups, opportunity, strangers = [], [], [], []
    for _ in range(draw(st.integers(1, 12))):
        degree = draw(st.one_of(st.integers(2, 30), st.integers(2, 60_000)))
        rows.append((
            draw(st.sampled_from(KINDS)), degree, draw(st.sampled_from([None, "own", "third_party", "bank"])),
            draw(st.sampled_from(PLACES)), draw(st.sampled_from([None, None, "payout"])),
            draw(st.one_of(st.none(), st.floats(1e-9, 1e6))),
        ))  # fmt: skip
        groups.append(draw(st.integers(1, degree)))
        opportunity.append(draw(st.floats(0, 1)))
        strangers.append(draw(st.floats(-4, 4)))
    return identifiers(rows), groups, opportunity, strangers


@given(assessed())
@settings(deadline=None, max_examples=60)
def test_always_a_probability_and_known_services_near_one(
    case: tuple[pl.DataFrame, list[int], list[float], list[float]],
) -> None:
    frame, groups, opportunity, strangers = case
    seen = signs(frame, np.array(opportunity), HubPriors())
    judged = hub_probability(seen, np.array(groups), np.array(strangers), HubPriors())
    found, rates = judged.probability, judged.rates
    for chances in (found, first_guess(seen, HubPriors())):
        assert chances.shape == (frame.height,)
        assert ((chances > 0) & (chances < 1)).all()
        assert (chances[frame["service"].is_not_null().to_numpy()] > 0.99).all()
    assert np.isfinite(judged.alone).all()
    assert 0 < rates.hub.rate < rates.private.rate < 1
    order = np.argsort(np.arange(frame.height))[::-1]
    turned = [np.array(values)[order] for values in (groups, opportunity, strangers)]
    again = hub_probability(
        signs(frame[order.tolist()], turned[1], HubPriors()), turned[0], turned[2], HubPriors()
    )
    np.testing.assert_array_equal(again.probability[::-1], found)


def h(frame: pl.DataFrame, groups: list[int], opportunity: list[float] | None = None) -> list[float]:
    """P(hub) where behaviour says nothing."""
    known = np.array(opportunity or [1.0] * frame.height)
    seen = signs(frame, known, HubPriors())
    judged = hub_probability(seen, np.array(groups), np.zeros(frame.height), HubPriors())
    return [float(value) for value in judged.probability]


def test_users_with_nothing_else_in_common_make_a_hub() -> None:
    frame = identifiers([(Label.ADDRESS, 50, None, None, None, None)] * 2)
    racket, crowd = h(frame, [1, 50])
    assert racket < 0.1 < 0.9 < crowd


def test_where_nothing_else_is_known_of_the_users_nothing_is_concluded() -> None:
    frame = identifiers([(Label.PHONE, 30, None, None, None, None)] * 2)
    known, unknown = h(frame, [30, 30], [1.0, 0.0])
    assert known > 0.5 > unknown


def test_a_place_that_calls_itself_public_is_believed() -> None:
    frame = identifiers(
        [(Label.ADDRESS, 3, None, name, None, None) for name in ("荔华东大道8号", "丰巢快递柜3号")]
    )
    plain, locker = h(frame, [3, 3])
    assert locker > plain


def test_an_own_warehouse_is_less_public_than_a_third_party_s() -> None:
    frame = identifiers(
        [(Label.WAREHOUSE, 6, kind, None, None, None) for kind in ("own", "unknown", "third_party")]
    )
    own, unknown, third_party = h(frame, [3, 3, 3])
    assert own < unknown < third_party
