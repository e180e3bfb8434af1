# ruff: noqa: E501 - patterns, tables and reasons are easier to read in one line
"""Administrative divisions of China: the table, its names long and short, and reading them at the start of a text.

The table is the one inside the package ``cpca`` (code, name, coordinates), read as a file: importing the package would
import pandas. Divisions formed since that table are added here.
"""

from __future__ import annotations

import csv
import importlib.util
import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache, lru_cache
from pathlib import Path

from graphsvc.model.errors import BadInput
from ingest.normalise.similar_characters import alike
from ingest.normalise.text import pinyin, simplified


@dataclass(frozen=True)
class Division:
    """A province (level 1), city (2) or county (3); ``code`` is the six-digit adcode, coordinates WGS 84 or None."""

    code: str
    name: str
    level: int
    latitude: float | None
    longitude: float | None

    def within(self, other: Division) -> bool:
        """Whether this division is ``other`` or lies in it."""
        return self.code.startswith(other.code[: 2 * other.level])


@dataclass(frozen=True)
class Place:
    """What the start of a text says: candidate divisions (one: certain; several: one of them) and where it ends."""

    candidates: tuple[Division, ...]
    end: int

    @property
    def division(self) -> Division | None:
        """The finest division that all candidates lie in."""
        return common(self.candidates)


_NEWER = (
    "330113 临平区 30.419 120.299",
    "330114 钱塘区 30.323 120.494",
    "330383 龙港市 27.578 120.553",
    "370116 莱芜区 36.203 117.677",
    "370117 钢城区 36.058 117.811",
    "370614 蓬莱区 37.811 120.759",
    "371681 邹平市 36.863 117.743",
    "510118 新津区 30.410 103.811",
    "420882 京山市 31.018 113.120",
    "320685 海安市 32.533 120.467",
    "320614 海门区 31.871 121.182",
    "320613 崇川区 32.010 120.857",
    "410306 孟津区 34.826 112.445",
    "410307 偃师区 34.728 112.790",
    "411603 淮阳区 33.732 114.886",
    "130284 滦州市 39.741 118.704",
    "140681 怀仁市 39.828 113.100",
    "360603 余江区 28.204 116.819",
    "361104 广信区 28.449 117.966",
    "350405 沙县区 26.397 117.793",
    "350404 三元区 26.234 117.608",
    "451082 平果市 23.329 107.590",
    "522302 兴仁市 25.435 105.186",
    "530481 澄江市 24.674 102.908",
    "610482 彬州市 35.036 108.081",
    "610681 子长市 37.143 109.676",
    "620881 华亭市 35.218 106.654",
    "500156 武隆区 29.326 107.760",
    "430182 宁乡市 28.278 112.552",
    "520304 播州区 27.536 106.829",
    "130708 万全区 40.766 114.741",
    "610118 鄠邑区 34.109 108.605",
    "340209 弋江区 31.311 118.373",
    "340210 湾沚区 31.134 118.576",
    "340212 繁昌区 31.081 118.201",
    "330213 奉化区 29.655 121.407",
)
_NATIONS = [
    "蒙古族",
    "回族",
    "藏族",
    "维吾尔族",
    "苗族",
    "彝族",
    "壮族",
    "布依族",
    "朝鲜族",
    "满族",
    "侗族",
    "瑶族",
    "白族",
    "土家族",
    "哈尼族",
    "哈萨克族",
    "傣族",
    "黎族",
    "傈僳族",
    "佤族",
    "畲族",
    "拉祜族",
    "水族",
    "东乡族",
    "纳西族",
    "景颇族",
    "柯尔克孜族",
    "土族",
    "达斡尔族",
    "仫佬族",
    "羌族",
    "布朗族",
    "撒拉族",
    "毛南族",
    "仡佬族",
    "锡伯族",
    "阿昌族",
    "普米族",
    "塔吉克族",
    "怒族",
    "俄罗斯族",
    "鄂温克族",
    "德昂族",
    "保安族",
    "裕固族",
    "独龙族",
    "鄂伦春族",
    "各族",
    "蒙古",
    "哈萨克",
    "柯尔克孜",
    "塔吉克",
    "维吾尔",
    "锡伯",
    "达斡尔",
]
_SHORT_PROVINCE = {
    "内蒙古自治区": "内蒙古",
    "广西壮族自治区": "广西",
    "西藏自治区": "西藏",
    "新疆维吾尔自治区": "新疆",
    "宁夏回族自治区": "宁夏",
    "香港特别行政区": "香港",
    "澳门特别行政区": "澳门",
}
_NO_NAMES = frozenset({"市辖区", "县", "省直辖县级行政区划", "自治区直辖县级行政区划"})
_MUNICIPAL = frozenset({"11", "12", "31", "50"})
_SKIP = re.compile(
    r"(?:[\s,.;:/|>、。_-]+|中华人民共和国|中国大陆|中国|市辖区|(?:省|自治区)直辖县级行政(?:区划|单位)|(?<=[省市区])县(?=[\s,]))+"
)
_CONTINUED = re.compile(
    r"[东西南北中上下前后内外老新大小正一二三四五六七八九十\d]{0,3}(?:路|街|大道|大街|巷|弄|道|里|胡同|环(?!城))|[大新老小]?村|[山湖河江桥门站港湾](?![\u4e00-\u9fff]{1,3}(?:路|街|大道|区|县))|"
    r"镇|乡|大厦|广场|新村|花园|小区|公寓|工业|酒店|饭店|宾馆|家园|苑|仓|厂|公司|大学|学院|医院|银行|商城|商厦|国际|号|栋|幢|座|楼"
)
_DIVISION_LIKE = re.compile(r"[\u4e00-\u9fff]{1,8}?(?:[省市区县盟旗]|州(?!市))")
_HEAD = re.compile(
    r"[\u4e00-\u9fff]{2,4}?(?:省|自治区|市)(?:[\u4e00-\u9fff]{2,8}?(?:自治州|市|地区|盟))?(?:[\u4e00-\u9fff]{1,8}?[市区县旗])?"
)
_SUFFIXES = tuple("省市区县州盟旗")
_STARTS = frozenset(" ,.;:/|>、。_-中市省自县")
_ZONE = re.compile(
    r"[\u4e00-\u9fff]{0,7}?(?:高新技术产业开发区|高新技术开发区|高新技术产业园区|高新区|经济技术开发区|经济开发区|经开区|综合保税区|保税区|工业园区|开发区|新区)"
)
_POSTCODES = {
    "10": "11",
    "20": "31",
    "30": "12",
    "40": "50",
    "01": "15",
    "02": "15",
    "03": "14",
    "04": "14",
    "05": "13",
    "06": "13",
    "07": "13",
    "11": "21",
    "12": "21",
    "13": "22",
    "15": "23",
    "16": "23",
    "21": "32",
    "22": "32",
    "23": "34",
    "24": "34",
    "25": "37",
    "26": "37",
    "27": "37",
    "31": "33",
    "32": "33",
    "33": "36",
    "34": "36",
    "35": "35",
    "36": "35",
    "41": "43",
    "42": "43",
    "43": "42",
    "44": "42",
    "45": "41",
    "46": "41",
    "47": "41",
    "51": "44",
    "52": "44",
    "53": "45",
    "54": "45",
    "55": "52",
    "56": "52",
    "57": "46",
    "61": "51",
    "62": "51",
    "63": "51",
    "64": "51",
    "65": "53",
    "66": "53",
    "67": "53",
    "71": "61",
    "72": "61",
    "73": "62",
    "74": "62",
    "75": "64",
    "81": "63",
    "83": "65",
    "84": "65",
    "85": "54",
    "86": "54",
}


def _table_file() -> Path:
    spec = importlib.util.find_spec("cpca")
    for folder in (spec.submodule_search_locations or []) if spec else []:
        path = Path(folder) / "resources" / "adcodes.csv"
        if path.is_file():
            return path
    raise BadInput(
        "The table of Chinese divisions (package cpca) is not installed.",
        "Install the package again: pip install cpca.",
    )


@cache
def by_code() -> dict[str, Division]:
    """Return all divisions by adcode, sorted by it."""
    rows: dict[str, Division] = {}
    with _table_file().open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            code, name = row["adcode"][:6], row["name"]
            if name not in _NO_NAMES:
                level = 1 if code.endswith("0000") else 2 if code.endswith("00") else 3
                rows[code] = Division(code, name, level, _number(row["latitude"]), _number(row["longitude"]))
    for line in _NEWER:
        code, name, latitude, longitude = line.split()
        for old in [c for c, d in rows.items() if d.name == name and c[:4] == code[:4] and c != code]:
            del rows[old]
        rows.setdefault(code, Division(code, name, 3, float(latitude), float(longitude)))
    return dict(sorted(rows.items()))


def _number(text: str) -> float | None:
    return float(text) if text else None


def short(name: str) -> str:
    """Return the everyday name of a division: 浙江省 → 浙江, 延边朝鲜族自治州 → 延边, 浦东新区 → 浦东."""
    if name in _SHORT_PROVINCE:
        return _SHORT_PROVINCE[name]
    stem = re.sub(r"(?:自治州|自治县|自治旗|特别行政区|林区|地区|新区|矿区|省|市|区|县|盟|旗)$", "", name)
    if re.search(r"自治[州县旗]$", name):
        changed = True
        while changed:
            changed = False
            for nation in _NATIONS:
                if stem.endswith(nation) and len(stem) > len(nation) + 1:
                    stem, changed = stem[: -len(nation)], True
                    break
    return stem if len(stem) >= 2 else name


@cache
def _index() -> dict[str, tuple[tuple[str, bool, tuple[Division, ...]], ...]]:
    """First two characters → (name, is it the full name, divisions of that name), longest first."""
    names: dict[tuple[str, bool], list[Division]] = {}
    for division in by_code().values():
        names.setdefault((division.name, True), []).append(division)
        if simplified(division.name) != division.name:
            names.setdefault((simplified(division.name), True), []).append(division)
        stem = short(division.name)
        if stem != division.name:
            names.setdefault((stem, False), []).append(division)
            if re.search(r"自治[州县]$", division.name):
                names.setdefault((stem + division.name[-1], True), []).append(division)
    index: dict[str, list[tuple[str, bool, tuple[Division, ...]]]] = {}
    for (name, full), divisions in names.items():
        index.setdefault(name[:2], []).append((name, full, tuple(divisions)))
    return {
        start: tuple(sorted(rows, key=lambda row: (-len(row[0]), not row[1])))
        for start, rows in index.items()
    }


@cache
def below() -> dict[str, tuple[Division, ...]]:
    """Return the divisions in each province and city, by its adcode."""
    rows: dict[str, list[Division]] = {}
    for division in by_code().values():
        for parent in {division.code[:2] + "0000", division.code[:4] + "00"} - {division.code}:
            rows.setdefault(parent, []).append(division)
    return {code: tuple(children) for code, children in rows.items()}


def common(candidates: Iterable[Division]) -> Division | None:
    """Return the finest division that all lie in, or None."""
    rows = list(candidates)
    if not rows:
        return None
    if len(rows) == 1:
        return rows[0]
    table = by_code()
    for level in (2, 1):
        heads = {row.code[: 2 * level] for row in rows}
        if len(heads) == 1 and all(row.level >= level for row in rows):
            found = table.get(heads.pop().ljust(6, "0"))
            if found:
                return found
    return None


def chain(division: Division) -> tuple[str, str, str]:
    """Return the names of province, city and county above and including a division; a municipality is its own city."""
    table = by_code()
    province = table.get(division.code[:2] + "0000")
    name = province.name if province else ""
    if division.code[:2] in _MUNICIPAL or division.code[:2] in ("81", "82"):
        return name, name, division.name if division.level == 3 else ""
    city = table.get(division.code[:4] + "00") if division.level >= 2 else None
    return name, city.name if city else "", division.name if division.level == 3 else ""


def of_postcode(postcode: str) -> str:
    """Return the two-digit province code of a Chinese postcode, or an empty string."""
    return _POSTCODES.get(postcode[:2], "") if len(postcode) == 6 else ""


def read(text: str, postcode: str = "") -> Place:
    """Read the divisions at the start of a text: long or short, repeated, with some left out, with slips.

    Parameters
    ----------
    text : str
        Clean text (``text.clean``).
    postcode : str
        Six digits or empty: chooses between namesakes in different provinces.
    """
    head = _HEAD.match(text)
    state = _head(head.group()) if head and text[head.end() : head.end() + 1] not in _SUFFIXES else ()
    at = head.end() if head and state else 0
    while True:
        if (
            not _index().get(text[at : at + 2])
            and text[at : at + 1] not in _STARTS
            and state
            and state[0].level == 3
        ):
            break
        skipped = _SKIP.match(text, at)
        start = skipped.end() if skipped else at
        step = _exact(text, start, state) or _slip(text, start, state)
        if step is None:
            break
        state, at = step
    return Place(_narrow(state, postcode), at)


@lru_cache(maxsize=16384)
def _head(head: str) -> tuple[Division, ...]:
    """Return what a run of full names says if all of it is read, else nothing (and it is read step by step)."""
    state: tuple[Division, ...] = ()
    at = 0
    while at < len(head):
        step = _exact(head, at, state)
        if step is None:
            return ()
        state, at = step
    return state


def _narrow(state: tuple[Division, ...], postcode: str) -> tuple[Division, ...]:
    if len(state) > 1 and postcode:
        head = of_postcode(postcode)
        return tuple(d for d in state if d.code.startswith(head)) or state
    return state


def _exact(text: str, at: int, state: tuple[Division, ...]) -> tuple[tuple[Division, ...], int] | None:
    for name, full, divisions in _index().get(text[at : at + 2], ()):
        if not text.startswith(name, at):
            continue
        end = at + len(name)
        if not full and _CONTINUED.match(text, end):
            continue
        if full and len(name) == 2 and text.startswith(("街道", "路", "街", "村", "大道", "场"), end):
            continue
        step = _joined(state, divisions, full)
        if step:
            return step, end
    return None


def _joined(state: tuple[Division, ...], divisions: tuple[Division, ...], full: bool) -> tuple[Division, ...]:
    """Return what is known after reading one more name: finer, the same again, or a new start; empty if it does not fit."""
    if not state:
        return divisions if full else tuple(d for d in divisions if d.level < 3)
    finer = tuple(d for d in divisions if any(d.within(s) and d.code != s.code for s in state))
    if finer:
        return finer
    again = tuple(s for s in state if any(s.within(d) for d in divisions))
    if again and (full or len(state) > 1 or max(d.level for d in divisions) <= state[0].level):
        return again
    return divisions if full and all(d.level < 3 for d in divisions) else ()


def _slip(text: str, at: int, state: tuple[Division, ...]) -> tuple[tuple[Division, ...], int] | None:
    """Read a full name with one slip, where only one division can be meant."""
    if state and state[0].level == 3:
        return None
    found = _DIVISION_LIKE.match(text, at)
    if not found or _ZONE.fullmatch(found.group()):
        return None
    if not state and found.group()[-1] not in "省市":
        return None
    known = _slips(found.group(), tuple(s.code for s in state), text[found.end() : found.end() + 4])
    return ((known,), found.end()) if known else None


@lru_cache(maxsize=65536)
def _slips(token: str, codes: tuple[str, ...], after: str) -> Division | None:
    table = by_code()
    pool = (
        [d for code in codes for d in below().get(code, ())]
        if codes
        else [d for d in table.values() if d.level < 3]
    )
    near = [d for d in pool if d.name[-1] == token[-1] and one_slip(token, d.name)]
    for narrower in (_followed(near, after), near):
        if len(narrower) == 1 and (
            len(token) >= 4
            or narrower is not near
            or alike(token, narrower[0].name)
            or sorted(token) == sorted(narrower[0].name)
        ):
            return narrower[0]
    sounding = [d for d in near if alike(token, d.name)]
    if len(sounding) == 1:
        return sounding[0]
    same = [d for d in near if pinyin(d.name) == pinyin(token)]
    return same[0] if len(same) == 1 else None


def _followed(near: list[Division], after: str) -> list[Division]:
    """Return the divisions one of whose parts is named next in the text."""
    return [d for d in near if any(after.startswith(short(child.name)) for child in below().get(d.code, ()))]


def one_slip(a: str, b: str) -> bool:
    """Whether two different texts are one wrong, missing, added or swapped character apart."""
    if a == b or abs(len(a) - len(b)) > 1 or min(len(a), len(b)) < 3:
        return False
    if len(a) == len(b):
        places = [i for i, (x, y) in enumerate(zip(a, b, strict=True)) if x != y]
        return len(places) == 1 or (
            len(places) == 2
            and a[places[0]] == b[places[1]]
            and a[places[1]] == b[places[0]]
            and places[1] == places[0] + 1
        )
    longer, shorter = (a, b) if len(a) > len(b) else (b, a)
    return any(longer[:i] + longer[i + 1 :] == shorter for i in range(len(longer)))


def zone(text: str) -> str:
    """Return the development zone at the start of a text (it stands where a county would), or an empty string."""
    found = _ZONE.match(text)
    return found.group() if found else ""


@lru_cache(maxsize=262144)
def places_in(name: str) -> tuple[str, ...]:
    """Return the code prefixes of the divisions named at the start of a firm's name or inside it, in order."""
    place = read_name(name)
    return tuple(sorted({d.code[: 2 * d.level] for d in place.candidates}))


def read_name(name: str) -> Place:
    """Read the divisions that a firm's name begins with (firms are named after a place, then themselves)."""
    state: tuple[Division, ...] = ()
    at = 0
    while True:
        for stem, full, divisions in _index().get(name[at : at + 2], ()):
            if name.startswith(stem, at) and len(name) - at - len(stem) >= 2:
                step = _joined(state, divisions, full)
                if step:
                    state, at = step, at + len(stem)
                    break
        else:
            return Place(state, at)


def shortened(name: str) -> str:
    """Return a firm's name with the divisions it begins with as one everyday name: 浙江省杭州市某某 → 杭州某某."""
    place = read_name(name)
    if not place.candidates or place.end >= len(name):
        return name
    return short(place.candidates[0].name) + name[place.end :]


@lru_cache(maxsize=262144)
def without_places(name: str) -> str:
    """Return a firm's name without the divisions it begins with or holds (杭州某某浙江 → 某某)."""
    core = name[read_name(name).end :]
    for province in _provinces():
        if len(core) <= 4:
            break
        core = core.replace(province, "")
    return core or name


@cache
def _provinces() -> tuple[str, ...]:
    return tuple(short(division.name) for division in by_code().values() if division.level == 1)
