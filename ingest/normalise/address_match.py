# ruff: noqa: E501 - patterns, tables and reasons are easier to read in one line
"""How sure we are that two addresses, already read, are one place.

Weights are log-likelihood ratios in nats (``comparison``). A number that differs (house, building, entrance, floor,
room) is decisive; one that is missing leaves a doubt; a division must not contradict; names of streets and compounds
may differ by what people mistake. The prior is one in a thousand: addresses compared share a block (``ingest.resolve``).
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Protocol

from ingest.normalise import divisions
from ingest.normalise.comparison import Comparison, Weighing
from ingest.normalise.divisions import one_slip
from ingest.normalise.similar_characters import alike, resembling
from ingest.normalise.text import has_han, pinyin

PRIOR = -7.0
ONE_CHARACTER = 2.0
CONTRADICTION = -14.0
"""A number that differs: no agreement elsewhere outweighs it (all others together stay below 21 nats)."""

_ORDINALS = frozenset("一二三四五六七八九十东西南北中上下前后内外左右新老0123456789")
_RELATION = re.compile(r"(?:斜?对面|对过|旁边?|隔壁|附近|后面|前面|楼下|交叉口|路口|交汇处)$")
_UNIT = re.compile(r"(?:(?P<entrance>[^单]+)单元)?(?:(?P<floor>[^层]+)层)?(?:(?P<room>.+)室)?")


class Place(Protocol):
    """The fields of ``address.Address`` that are compared."""

    @property
    def adcode(self) -> str:
        """Its adcode, or an empty string."""
        ...

    @property
    def province(self) -> str:
        """Its province, or an empty string."""
        ...

    @property
    def city(self) -> str:
        """Its city, or an empty string."""
        ...

    @property
    def district(self) -> str:
        """Its district, or an empty string."""
        ...

    @property
    def country(self) -> str:
        """Its country, or an empty string."""
        ...

    @property
    def postcode(self) -> str:
        """Its postcode, or an empty string."""
        ...

    @property
    def town(self) -> str:
        """Its town, or an empty string."""
        ...

    @property
    def street(self) -> str:
        """Its street, or an empty string."""
        ...

    @property
    def number(self) -> str:
        """Its number, or an empty string."""
        ...

    @property
    def compound(self) -> str:
        """Its compound, or an empty string."""
        ...

    @property
    def building(self) -> str:
        """Its building, or an empty string."""
        ...

    @property
    def unit(self) -> str:
        """Its unit, or an empty string."""
        ...


def compare(left: Place, right: Place) -> Comparison:
    """Compare two addresses; symmetric."""
    return weigh(left, right).result()


def weigh(left: Place, right: Place) -> Weighing:
    """Weigh two addresses; symmetric."""
    weighing = Weighing(PRIOR)
    if left.country != right.country:
        weighing.add(CONTRADICTION, "different countries")
        return weighing
    detailed = bool((left.unit and right.unit) or (left.building and right.building))
    _divisions(weighing, left, right)
    if not located(left) and not located(right):
        weighing.doubt(0.7 if detailed else 0.4, "neither says in which city")
    if left.country != "CN" and left.province and right.province and left.province != right.province:
        weighing.add(CONTRADICTION, "different states")
    _town(weighing, left.town, right.town)
    _street(weighing, left.street, right.street, detailed)
    _numbers(weighing, left, right)
    _compound(weighing, left, right)
    return weighing


def located(place: Place) -> bool:
    """Whether it is known in which city a place is, or in which of a few namesakes among counties."""
    return bool(place.city or place.postcode or (place.district and not divisions.zone(place.district)))


def _divisions(weighing: Weighing, left: Place, right: Place) -> None:
    if left.adcode and right.adcode:
        _adcodes(weighing, left, right)
    elif left.country == "CN":
        if left.district and left.district == right.district and not divisions.zone(left.district):
            weighing.add(0.5, "same county name, city unknown")
        elif left.postcode and left.postcode == right.postcode:
            weighing.add(2.5, "same postcode")
        else:
            weighing.add(-2.0, "the division of one is unknown")
            weighing.doubt(0.9, "streets of one name are in many cities")
    else:
        _foreign(weighing, left, right)


def _adcodes(weighing: Weighing, left: Place, right: Place) -> None:
    a, b = left.adcode.rstrip("0"), right.adcode.rstrip("0")
    a, b = a + "0" * (len(a) % 2), b + "0" * (len(b) % 2)
    shared = 2 * (left.adcode[:2] == right.adcode[:2]) + 2 * (left.adcode[:4] == right.adcode[:4])
    municipal = left.adcode[:2] in ("11", "12", "31", "50", "81", "82")
    if a == b:
        if left.district and right.district and left.district != right.district:
            # of the districts of Taiwan the table has none: they are as written, and another name is another district
            other = -5.0 if left.adcode.startswith("71") else 0.0
            weighing.add(
                1.5 if one_slip(left.district, right.district) else other,
                "same city, county spelled otherwise",
            )
        elif len(a) == 6:
            weighing.add(3.0, "same county")
        else:
            weighing.add(
                2.5 if len(a) == 4 or municipal else 0.0,
                "same city" if len(a) == 4 or municipal else "same province",
            )
    elif a.startswith(b) or b.startswith(a):
        finest_shared = min(len(a), len(b))
        unclear = left.district and right.district
        known = finest_shared == 4 or municipal
        if unclear:
            weighing.add(
                1.0 if one_slip(left.district, right.district) else -0.5,
                "same city, county of one not recognised",
            )
        else:
            weighing.add(
                1.5 if known else -2.0, "county of one not given" if known else "city of one not given"
            )
    elif shared == 4 or (municipal and shared):
        weighing.add(-9.0, "different counties of one city")
    else:
        weighing.add(CONTRADICTION, "different cities")


def _foreign(weighing: Weighing, left: Place, right: Place) -> None:
    if left.postcode and right.postcode:
        short = min(len(left.postcode), len(right.postcode), 5)
        same = left.postcode[:short] == right.postcode[:short]
        weighing.add(3.0 if same else -4.0, "same postcode" if same else "different postcodes")
    if left.city and right.city:
        if left.city == right.city:
            weighing.add(2.0, "same city")
        else:
            near = _ratio(left.city, right.city) >= 0.8
            weighing.add(0.5 if near else -5.0, "cities spelled alike" if near else "different cities")
    elif not left.postcode or not right.postcode:
        weighing.add(-3.0, "the city of one is unknown")


def _town(weighing: Weighing, a: str, b: str) -> None:
    if not a or not b:
        return
    if a == b:
        weighing.add(1.0, "same town")
    elif one_slip(a, b) and alike(a, b):
        weighing.add(0.5, "town spelled alike")
    else:
        rural = a[-1] in "镇乡" and b[-1] in "镇乡"
        weighing.add(-5.0 if rural else -1.0, "different towns" if rural else "different sub-districts")


def _street(weighing: Weighing, a: str, b: str, detailed: bool) -> None:
    if not a or not b:
        if a or b:
            weighing.add(-0.5, "street of one not given")
        return
    weight, reason = street_weight(*sorted((a, b)))
    weighing.add(weight, reason)
    if weight == ONE_CHARACTER:
        weighing.doubt(0.9, "many streets are one character apart")
    if weight < 5.0 and not detailed:
        weighing.doubt(0.95, "no building or room beside the house number")


@lru_cache(maxsize=65536)
def street_weight(a: str, b: str) -> tuple[float, str]:
    """Return the evidence of two street names, in nats."""
    if a == b:
        return 5.0, "same street"
    if has_han(a) != has_han(b) or (
        not a.isascii()
        and not b.isascii()
        and (re.search("[A-Z]", a) is not None) != (re.search("[A-Z]", b) is not None)
    ):
        return (
            (4.2, "same street, romanised") if romanised(a) == romanised(b) else (-7.0, "different streets")
        )
    if not has_han(a):
        return _latin_street(a, b)
    changed = _changed(a, b)
    if changed & _ORDINALS and not changed <= _ORDINALS and one_slip(a, b) and resembling(a, b):
        return ONE_CHARACTER, "a direction or number perhaps mistaken for what looks alike"
    if changed & _ORDINALS:
        return -3.0 if changed <= _ORDINALS and len(a) != len(
            b
        ) else -8.0, "streets differ in number or direction"
    if pinyin(a) == pinyin(b):
        return 4.2, "street of the same sound"
    if one_slip(a, b):
        return (
            (3.8, "streets spelled alike") if alike(a, b) else (ONE_CHARACTER, "streets one character apart")
        )
    if len(min(a, b, key=len)) >= 3 and (a.endswith(b) or b.endswith(a)):
        return 3.0, "one street name holds the other"
    return -7.0, "different streets"


_COMPASS = frozenset(
    [
        "north",
        "south",
        "east",
        "west",
        "northeast",
        "northwest",
        "southeast",
        "southwest",
        "upper",
        "lower",
        "old",
        "new",
    ]
)


def _latin_street(a: str, b: str) -> tuple[float, str]:
    words = set(a.split()), set(b.split())
    compass = words[0] & _COMPASS, words[1] & _COMPASS
    if _digits(a) != _digits(b) or (compass[0] and compass[1] and compass[0] != compass[1]):
        return -8.0, "streets differ in number or direction"
    if words[0] - _COMPASS == words[1] - _COMPASS:
        return 1.0, "streets alike but for the direction"
    return (2.5, "streets spelled alike") if _ratio(a, b) >= 0.85 else (-7.0, "different streets")


def romanised(street: str) -> str:
    """Return a street name as letters only, types of street as Chinese ones: 文三路 and WENSAN路 agree."""
    return re.sub(r"[^a-z0-9]", "", pinyin(street.lower()))


def _changed(a: str, b: str) -> frozenset[str]:
    """Return the characters of either name that are not in the other at the same count."""
    left, right = list(a), list(b)
    for character in list(left):
        if character in right:
            left.remove(character)
            right.remove(character)
    return frozenset(left + right)


def _numbers(weighing: Weighing, left: Place, right: Place) -> None:
    _label(weighing, left.number, right.number, "house number", 4.0, 0.9)
    _buildings(weighing, left.building, right.building, 0.8 if left.unit and right.unit else 0.4)
    units = _UNIT.fullmatch(left.unit), _UNIT.fullmatch(right.unit)
    if units[0] and units[1] and (left.unit or right.unit):
        a, b = units[0].groupdict(""), units[1].groupdict("")
        if not left.unit or not right.unit:
            weighing.doubt(0.4, "floor or room of one not given")
            return
        _label(weighing, a["room"], b["room"], "room", 3.0, 0.5)
        _label(weighing, a["entrance"], b["entrance"], "entrance", 0.5, 0.97)
        if not (a["room"] and b["room"]) or (a["floor"] and b["floor"]):
            _floors(weighing, a, b)
    elif left.unit != right.unit:
        if left.unit and right.unit:
            weighing.add(CONTRADICTION, "different units")
        else:
            weighing.doubt(0.4, "unit of one not given")
    elif left.unit:
        weighing.add(3.0, "same unit")


def _floors(weighing: Weighing, a: dict[str, str], b: dict[str, str]) -> None:
    floors = [
        x["floor"] or (x["room"][:-2] if x["room"].isdecimal() and len(x["room"]) >= 3 else "")
        for x in (a, b)
    ]
    if floors[0] and floors[1]:
        _label(weighing, floors[0], floors[1], "floor", 1.5, 1.0)


def _label(weighing: Weighing, a: str, b: str, what: str, agreement: float, missing: float) -> None:
    """Compare two labels: equal ones weigh ``agreement``, different ones decide, a missing one limits to ``missing``."""
    if a and b:
        weighing.add(
            agreement if a == b else CONTRADICTION, f"same {what}" if a == b else f"different {what}s"
        )
    elif a or b:
        weighing.doubt(missing, f"{what} of one not given")


def _buildings(weighing: Weighing, a: str, b: str, missing: float) -> None:
    """Compare buildings; a phase or zone (二期, A区) that only one names leaves a doubt, a letter is zone or tower."""
    letter = a.rstrip("区座")
    if letter.isalpha() and letter == b.rstrip("区座"):
        a = b
    phase_a, core_a = _phase(a)
    phase_b, core_b = _phase(b)
    if phase_a or phase_b:
        _label(weighing, phase_a, phase_b, "phase", 0.5, 0.85)
    _label(weighing, core_a, core_b, "building", 2.0, missing)


def _phase(building: str) -> tuple[str, str]:
    found = re.match(r"((?:[^栋座期区排]+[期区排])*)(.*)", building)
    return (found.group(1), found.group(2).rstrip("栋座")) if found else ("", building)


def _compound(weighing: Weighing, left: Place, right: Place) -> None:
    a, b = left.compound, right.compound
    numbered = bool(left.number and right.number)
    if relation(a) != relation(b):
        weighing.doubt(0.3, "one says beside or opposite")
    elif a and a == b:
        weighing.add(1.5 if numbered else 4.5, "same compound")
    elif a and b:
        weight = compound_weight(*sorted((a, b)))
        weighing.add(
            min(weight, 1.0) if numbered and weight > 0 else -0.7 if numbered else weight,
            "compounds alike" if weight > 0 else "different compounds",
        )
    elif (a or b) and not numbered:
        weighing.add(-1.0, "compound of one not given")


def relation(compound: str) -> str:
    """Return the words at the end that place an address beside another one (对面, 旁边), or an empty string."""
    found = _RELATION.search(compound)
    return found.group() if found else ""


@lru_cache(maxsize=65536)
def compound_weight(a: str, b: str) -> float:
    """Return the evidence of two names of compounds where no house number decides, in nats."""
    if _digits(a) != _digits(b) or (len(a) == len(b) and _changed(a, b) & _ORDINALS):
        return -6.0
    if pinyin(a) == pinyin(b) or alike(a, b):
        return 3.5
    if one_slip(a, b) and min(len(a), len(b)) >= 4:
        return 2.5
    if min(len(a), len(b)) >= 3 and (a in b or b in a):
        return 2.5
    return 1.0 if _ratio(a, b) >= 0.75 and not _changed(a, b) & _ORDINALS else -6.0


def _digits(text: str) -> list[str]:
    return re.findall(r"\d+", text)


def _ratio(a: str, b: str) -> float:
    from rapidfuzz.distance import JaroWinkler

    return JaroWinkler.similarity(a, b)
