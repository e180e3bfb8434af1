# ruff: noqa: E501 - patterns are easier to read in one line
"""Reading the divisions at the start of a text, and those that firms are named after."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache, lru_cache

from ingest.normalise.gazetteer import Division, below, by_code, common, of_postcode, short
from ingest.normalise.similar_characters import alike
from ingest.normalise.text import pinyin, simplified


@dataclass(frozen=True)
class Place:
    """What the start of a text says: candidate divisions (one: certain; several: one of them) and where it ends."""

    candidates: tuple[Division, ...]
    end: int

    @property
    def division(self) -> Division | None:
        """The finest division that all candidates lie in."""
        return common(self.candidates)


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
_TOWNSHIP = re.compile(r"[\u4e00-\u9fff]{1,3}?[区乡镇市](?![区乡镇市])(?=[^\W\d]+[路街道巷里村段])")
_SUFFIXES = tuple("省市区县州盟旗")
_STARTS = frozenset(" ,.;:/|>、。_-中市省自县")
_ZONE = re.compile(
    r"[\u4e00-\u9fff]{0,7}?(?:高新技术产业开发区|高新技术开发区|高新技术产业园区|高新区|经济技术开发区|经济开发区|经开区|综合保税区|保税区|工业园区|开发区|新区)"
)


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
        if not full and _CONTINUED.match(text, end) and not _part_follows(text, end, divisions):
            continue
        if not full and text.startswith("市", end) and state and state[0].code.startswith("71"):
            continue  # the town after which a county of Taiwan is called: 彰化县彰化市
        if full and len(name) == 2 and text.startswith(("街道", "路", "街", "村", "大道", "场"), end):
            continue
        step = _joined(state, divisions, full)
        if step:
            return step, end
    return None


def _part_follows(text: str, at: int, divisions: tuple[Division, ...]) -> bool:
    """Whether a part of these divisions is named there: 广东江门市 is no 广东江."""
    return any(
        text.startswith(name, at)
        and (full or not _CONTINUED.match(text, at + len(name)))
        and any(d.within(whole) for d in parts for whole in divisions)
        for name, full, parts in _index().get(text[at : at + 2], ())
    )


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


def township(text: str) -> str:
    """Return the district, town or county town of Taiwan at the start of a text, or an empty string."""
    found = _TOWNSHIP.match(text)
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
