"""Addresses as people write them: the same place in many spellings."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import polars as pl

from graphsvc.simulate.streams import Floats, Ints, Mask, Rng, chance, pick
from graphsvc.simulate.text import blank, choose, join, lookup, number, slip, widen
from graphsvc.simulate.vocabulary import NOTES, compounds, divisions, streets, towns

SIGNS = (
    ("菜鸟驿站", "丰巢快递柜", "速递易智能柜", "近邻宝自提柜"),
    ("快递营业部", "快递网点", "速运营业点", "物流揽收点"),
    ("云仓", "电商仓", "仓储中心", "共享仓"),
    ("商务秘书托管", "集群注册", "众创空间", "托管地址"),
)
SIGN_TEXT = tuple(text for group in SIGNS for text in group)


def write(rng: Rng, columns: Mapping[str, Ints], index: Ints, noise: Floats, slips: Floats) -> pl.Series:
    """Write the addresses at ``index`` of the pool, each anew; ``noise`` and ``slips`` per row, 0 to 1."""
    size = len(index)
    rows = {name: column[index] for name, column in columns.items()}
    spelling = np.where(chance(rng, 0.12 * noise, size), 1, 0)
    separator = lookup(("", " ", ",", "，"), pick(rng, np.array([0.86, 0.09, 0.03, 0.02]), size))
    division = _division(rng, rows, spelling, noise)
    street = slip(rng, _street(rng, rows, spelling), chance(rng, slips, size))
    inner = _inner(rng, rows, spelling, noise)
    note = choose(chance(rng, 0.16 * noise, size), lookup(NOTES, rng.integers(0, len(NOTES), size)))
    text = join(division, street, inner, _sign(rng, rows, index), note, separator=separator)
    text = widen(text, chance(rng, 0.1 * noise, size))
    return _with_roman(text, rows, chance(rng, 0.06 * noise, size))


def _division(rng: Rng, rows: Mapping[str, Ints], spelling: Ints, noise: Floats) -> pl.Series:
    where, known, size = rows["division"], divisions(), len(spelling)
    province_form = _form(rng, 0.5 * noise, 0.35 * noise, size)
    city_form = _form(rng, 0.25 * noise, 0.2 * noise, size)
    province = _shape(
        province_form, known.province.at(where, spelling), known.short_province.at(where, spelling)
    )
    city = _shape(city_form, known.city_name.at(where, spelling), known.short_city.at(where, spelling))
    district = choose(~chance(rng, 0.15 * noise, size), known.district.at(where, spelling))
    town = choose(~chance(rng, 0.6 * noise, size), towns().at(rows["town"], spelling))
    return join(province, city, district, town)


def _form(rng: Rng, short: Floats, absent: Floats, size: int) -> Ints:
    draw = rng.random(size)
    return np.where(draw < absent, 2, np.where(draw < absent + short, 1, 0))


def _shape(form: Ints, full: pl.Series, short: pl.Series) -> pl.Series:
    return choose(form == 0, full, choose(form == 1, short))


def _street(rng: Rng, rows: Mapping[str, Ints], spelling: Ints) -> pl.Series:
    size = len(spelling)
    road = streets().at(rows["road"], spelling)
    on_road = rows["road"] >= 0
    name = choose(~chance(rng, 0.1, size) | ~on_road, compounds().at(rows["compound"], spelling))
    form = pick(rng, np.array([0.78, 0.06, 0.08, 0.02, 0.06]), size)
    mark = lookup(
        ("号", "號", "#", "号院", ""), np.where((form == 4) & ((name.to_numpy() == "") | ~on_road), 0, form)
    )
    numbered = join(number(rows["number"]), mark)
    return choose(on_road, join(road, numbered, name), join(name, numbered))


def _inner(rng: Rng, rows: Mapping[str, Ints], spelling: Ints, noise: Floats) -> pl.Series:
    size, building, unit = len(spelling), rows["building"], rows["unit"]
    mark = lookup(
        ("栋", "幢", "座", "号楼", "#楼", "棟"), pick(rng, np.array([0.4, 0.2, 0.12, 0.2, 0.06, 0.02]), size)
    )
    lettered = (building > 0) & (rows["number"] % 6 == 0)
    letter = lookup([chr(65 + i) for i in range(26)], np.where(lettered, (building - 1) % 26, -1))
    tower = lookup(("座", "栋", "幢", "座"), pick(rng, np.array([0.5, 0.2, 0.1, 0.2]), size))
    house = choose(building > 0, choose(lettered, join(letter, tower), join(number(building), mark)))
    room = lookup(("室", "房", "", "号房"), pick(rng, np.array([0.5, 0.15, 0.3, 0.05]), size))
    dash = choose((building > 0) & (room.to_numpy() == ""), lookup(("-",), np.zeros(size, dtype=np.int64)))
    kept = (unit > 0) & ~chance(rng, 0.22 * noise, size)
    return join(house, choose(kept, join(dash, number(unit), room)))


def _sign(rng: Rng, rows: Mapping[str, Ints], index: Ints) -> pl.Series:
    """What is written on the door of a public place, and which bay, cabinet or desk of it."""
    sign, bay = rows["sign"], rows["bay"]
    text = lookup(SIGN_TEXT, np.where(sign < 0, -1, sign * 4 + index % 4))
    unit = lookup(("号柜", "号", "库位", "工位"), np.where(sign < 0, 1, sign))
    text = choose(chance(rng, 0.8, len(index)), text)
    return join(text, choose(bay > 0, join(number(bay), unit)))


def _with_roman(text: pl.Series, rows: Mapping[str, Ints], mask: Mask) -> pl.Series:
    """Write the rows of ``mask`` in Latin letters, smallest part first."""
    some = np.flatnonzero(mask)
    if len(some) == 0:
        return text
    part = {name: column[some] for name, column in rows.items()}
    style, where, known = np.full(len(some), 2), part["division"], divisions()
    comma = blank(len(some)).str.replace("^$", ", ")

    def led(word: str, values: Ints) -> pl.Series:
        return choose(values > 0, number(values).str.replace("^", word + " "))

    latin = join(
        led("Room", part["unit"]),
        led("Building", part["building"]),
        compounds().at(part["compound"], style),
        led("No.", part["number"])
        + choose(part["road"] >= 0, streets().at(part["road"], style).str.replace("^", " ")),
        towns().at(part["town"], style),
        known.district.at(where, style),
        known.city_name.at(where, style),
        known.province.at(where, style),
        separator=comma,
    )
    place = np.arange(len(text))
    place[some] = len(text) + np.arange(len(some))
    return pl.concat([text.rename(""), latin.rename("")]).gather(place)
