"""How values are written: check digits hold, spellings vary and keep their numbers."""

from __future__ import annotations

import numpy as np
import polars as pl
from hypothesis import given, settings
from hypothesis import strategies as st

from graphsvc.simulate import SimulationOptions, simulate
from graphsvc.simulate.accounts import phone_text
from graphsvc.simulate.private import with_check_digit
from graphsvc.simulate.streams import Streams, pick
from graphsvc.simulate.text import slip, widen
from graphsvc.simulate.vocabulary import divisions, person_names


def luhn(number: str) -> bool:
    """Check digits the slow way, after ISO/IEC 7812-1."""
    total = 0
    for place, sign in enumerate(reversed(number)):
        digit = int(sign) * (2 if place % 2 else 1)
        total += digit - 9 if digit > 9 else digit
    return total % 10 == 0


@given(st.lists(st.integers(10**17, 9 * 10**17), min_size=1, max_size=20))
def test_check_digit_satisfies_luhn(numbers: list[int]) -> None:
    assert all(luhn(str(value)) for value in with_check_digit(np.array(numbers)))


@given(st.integers(0, 2**32), st.integers(1, 40))
@settings(deadline=None)
def test_phones_keep_their_digits(seed: int, size: int) -> None:
    rng = np.random.default_rng(seed)
    digits = rng.integers(13 * 10**9, 19 * 10**9, size)
    written = phone_text(rng, digits, np.full(size, 0.8))
    assert written.str.replace_all(r"\D", "").str.tail(11).cast(pl.Int64).to_list() == digits.tolist()


@given(
    st.lists(st.text("人民路中山大道", min_size=0, max_size=8), min_size=1, max_size=20), st.integers(0, 1000)
)
@settings(deadline=None)
def test_a_slip_changes_at_most_one_place_and_only_where_asked(texts: list[str], seed: int) -> None:
    mask = np.arange(len(texts)) % 2 == 0
    wrong = slip(np.random.default_rng(seed), pl.Series(texts), mask).to_list()
    for asked, before, after in zip(mask, texts, wrong, strict=True):
        assert asked or before == after
        assert abs(len(before) - len(after)) <= 1


def test_widening_turns_digits_into_full_width_ones() -> None:
    assert widen(pl.Series(["12号", "12号"]), np.array([True, False])).to_list() == ["１２号", "12号"]


def test_streams_are_named_and_independent() -> None:
    streams = Streams(7)
    same = [streams.of("part", 1).random(4).tolist() for _ in range(2)]
    assert same[0] == same[1]
    assert same[0] != streams.of("part", 2).random(4).tolist()
    assert same[0] != streams.of("other", 1).random(4).tolist()
    assert set(pick(streams.of("p"), np.array([0.0, 1.0, 0.0]), 50)) == {1}


def test_divisions_are_real_and_names_spelt_three_ways() -> None:
    known = divisions()
    place = known.adcode.tolist().index(440305)
    parts = (known.province, known.city_name, known.district)
    assert [part.plain[place] for part in parts] == ["广东省", "深圳市", "南山区"]
    assert known.province.traditional[place] == "廣東省"
    assert known.province.roman[place] == "Guangdongsheng"
    assert person_names(np.array([0, -1]), np.array([2, 0])).to_list() == ["Wang Wei", ""]


def test_one_address_is_written_in_many_ways() -> None:
    tables = simulate(SimulationOptions(4000, seed=3, difficulty="hard", listings_per_seller=0)).tables
    text = tables["seller_addresses"]["address"]
    for pattern in (
        "號",
        "#",
        "[０-９]",
        "幢",
        "号楼",
        "Room",
        r"\(|（",
        "縣|區",
        r"^[^省市]+(区|县|镇|街道)",
    ):
        assert text.str.contains(pattern).any(), pattern
    assert tables["payment_accounts"]["account_no"].str.contains(r"^\d{4} \d{4}").any()
    assert tables["sellers"]["phone"].str.contains(r"^\+86").any()
