# ruff: noqa: E501 - patterns, tables and reasons are easier to read in one line
"""Chinese addresses written in Latin letters: "Room 302, Bldg 5, No. 12, Wensan Rd, Xihu District, Hangzhou"."""

from __future__ import annotations

import re
from functools import cache

from ingest.normalise import gazetteer
from ingest.normalise.chinese import Parts, finish
from ingest.normalise.gazetteer import Division
from ingest.normalise.text import unaccented

_COUNTRY = re.compile(
    r"\b(?:p\.?\s?r\.?\s?(?:of\s+)?china|peoples? republic of china|mainland china|china|prc|zhongguo|cn)\b\.?",
    re.IGNORECASE,
)
_LABEL = r"(?:no\.?\s*|#\s*|number\s+)?([a-z]{0,2}-?\d+(?:-?[a-z0-9]{1,4})*|[a-z])"
_ROOM = re.compile(
    rf"\b(?:room|rm|flat|apt|apartment|suite|ste|shop|stall|shi)\b\.?\s*{_LABEL}\b|^\s*#\s*(\d{{3,5}})(?=\s*,.*\d)"
)
_UNIT = re.compile(rf"\b(?:unit|danyuan|entrance)\b\.?\s*{_LABEL}\b|\b(\d+)\s*(?:danyuan|unit)\b")
_BUILDING = re.compile(
    rf"\b(?:building|bldg|bld|block|blk|tower|workshop|warehouse|dong|zhuang|zuo)\b\.?\s*{_LABEL}\b|(?:no\.?\s*|#)?\b([a-z]?\d+)\s*#?\s*(?:building|bldg|block|dong|zhuang|haolou|hao lou)\b|\b([a-z])\s+(?:building|bldg|block|tower|zuo)\b"
)
_FLOOR = re.compile(
    r"\b(?:floor|level)\s*(\d+)\b|\b(\d+)\s*(?:st|nd|rd|th)?\s*(?:floor|flr|fl|/f|f|lou|ceng)\b\.?|\bf(\d+)\b"
)
_LANE = re.compile(r"\b(?:lane|nong|alley)\s*(\d+)\b|\b(\d+)\s*nong\b")
_NUMBER = re.compile(
    r"\b(?:no|nr|number)\b\.?\s*(\d+[a-z]?(?:-\d+)?)\b|\b(\d+[a-z]?(?:-\d+)?)\s*hao\b|#\s*(\d+[a-z]?)\b"
)
_TYPES = {
    "road": "路",
    "rd": "路",
    "lu": "路",
    "street": "街",
    "st": "街",
    "str": "街",
    "jie": "街",
    "dajie": "大街",
    "avenue": "大道",
    "ave": "大道",
    "av": "大道",
    "dadao": "大道",
    "boulevard": "大道",
    "blvd": "大道",
    "highway": "公路",
    "hwy": "公路",
    "gonglu": "公路",
    "lane": "巷",
    "alley": "巷",
    "xiang": "巷",
    "hutong": "胡同",
}
_WAYS = {
    "north": "BEI",
    "south": "NAN",
    "east": "DONG",
    "west": "XI",
    "middle": "ZHONG",
    "central": "ZHONG",
    "n": "BEI",
    "s": "NAN",
    "e": "DONG",
    "w": "XI",
    "m": "ZHONG",
    "bei": "BEI",
    "nan": "NAN",
    "dong": "DONG",
    "xi": "XI",
    "zhong": "ZHONG",
}
_TYPE = "|".join(sorted(_TYPES, key=len, reverse=True))
_WAY = "|".join(sorted(_WAYS, key=len, reverse=True))
_STREET = re.compile(
    rf"(?:^|(?<=[,;|]))\s*(?P<number>\d+[a-z]?(?:-\d+)?)?\s*(?P<name>[a-z][a-z0-9' ]*?)\s+(?P<type>{_TYPE})\b\.?(?:\s*\(?(?P<way>{_WAY})\b\.?\)?(?=\s*(?:[,;|]|$|\d)))?\s*(?P<after>\d+[a-z]?(?:-\d+)?)?(?=\s*(?:[,;|]|$))"
)
_ONE_WORD = re.compile(r"\b([a-z]{3,})(lu|jie|dadao|dajie)\b")
_DIVISION_SUFFIX = {
    "province": 1,
    "sheng": 1,
    "prov": 1,
    "municipality": 2,
    "city": 0,
    "shi": 0,
    "prefecture": 2,
    "district": 3,
    "dist": 3,
    "qu": 3,
    "county": 3,
    "xian": 3,
    "autonomous": 0,
    "new": 3,
}
_TOWN = re.compile(
    r"\b([a-z' ]+?)\s+(town|zhen|subdistrict|sub-district|jiedao|street office|township|village|cun)\b"
)
_TOWNS = {"town": "镇", "zhen": "镇", "township": "乡", "village": "村", "cun": "村"}


@cache
def _index() -> dict[str, tuple[Division, ...]]:
    """Pinyin of short names, and with their kind (xihuqu) → divisions; customary foreign spellings beside."""
    names: dict[str, dict[str, Division]] = {}
    for division in gazetteer.by_code().values():
        for form in {*readings(gazetteer.short(division.name)), *readings(division.name)}:
            names.setdefault(form, {})[division.code] = division
    table = gazetteer.by_code()
    for spelled, code in (
        ("shaanxi", "610000"),
        ("peking", "110000"),
        ("canton", "440100"),
        ("hongkong", "810000"),
        ("macau", "820000"),
        ("macao", "820000"),
        ("innermongolia", "150000"),
        ("tibet", "540000"),
        ("chongqing", "500000"),
        ("xiamen", "350200"),
        ("amoy", "350200"),
        ("harbin", "230100"),
        ("hohhot", "150100"),
        ("urumqi", "650100"),
        ("lhasa", "540100"),
        ("xian", "610100"),
    ):
        names.setdefault(spelled, {})[code] = table[code]
    names["shanxi"].pop("610000", None)
    return {spelled: tuple(found.values()) for spelled, found in names.items()}


def readings(name: str) -> list[str]:
    """Return the pinyin spellings of a name whose characters are read in several ways (朝阳: chaoyang, zhaoyang)."""
    from pypinyin import Style
    from pypinyin import pinyin as read_all

    spelled = [""]
    for choices in read_all(name, style=Style.NORMAL, heteronym=True, v_to_u=False):
        spelled = [before + choice for before in spelled for choice in dict.fromkeys(choices)][:16]
    return spelled


def looks_chinese(text: str) -> bool:
    """Whether Latin text names China, a province or a large city of it in one of its parts."""
    if _COUNTRY.search(text):
        return True
    for segment in re.split(r"[,;]", unaccented(text).lower()):
        words = re.findall(r"[a-z]+", segment.replace("'", ""))
        found = _division(words)
        if (
            found
            and found[0]
            and min(d.level for d in found[0]) < 3
            and len("".join(words)) >= 5
            and found[1] == len(words)
        ):
            return True
    return False


def read(text: str) -> tuple[Parts, tuple[Division, ...]]:
    """Read a romanised address: its parts (names in capitals, types of street in Chinese) and candidate divisions."""
    value = unaccented(text).lower().replace("’", "'").replace("_", " ")
    value = _COUNTRY.sub(" ", value)
    value = re.sub(r"(?<=[a-z])'(?=[a-z])", "", value)
    value = re.sub(r"[()]", " ", value)
    value = re.sub(r"(?<=[a-z])\.(?=\s|,|$|\d)|(?<=\bno)\.", " ", value)
    parts = Parts()
    value = _take(value, _ROOM, parts, "room")
    value = _take(value, _UNIT, parts, "entrance")
    value = _take(value, _FLOOR, parts, "floor")
    value = _take(value, _BUILDING, parts, "building")
    value = _take(value, _LANE, parts, "lane")
    value = _take(value, _NUMBER, parts, "number")
    value = _ONE_WORD.sub(r"\1 \2", value)
    state: tuple[Division, ...] = ()
    left: list[str] = []
    for segment in reversed([s.strip() for s in re.split(r"[,;|]", value) if s.strip()]):
        state, rest = _segment(parts, segment, state)
        left.insert(0, rest)
    extra = "".join(re.sub(r"[^a-z0-9]", "", rest).upper() for rest in left)
    if re.fullmatch(r"\d+[A-Z]?", extra) and not parts.number:
        parts.number = extra
    elif extra:
        parts.compound += extra
    if parts.entrance and not parts.room and len(parts.entrance) >= 3:
        parts.room, parts.entrance = parts.entrance, ""
    finish(parts)
    return parts, state


def _take(value: str, pattern: re.Pattern[str], parts: Parts, what: str) -> str:
    found = pattern.search(value)
    if not found:
        return value
    label = next(g for g in found.groups() if g).upper()
    if what == "building":
        parts.building.append(label.lstrip("0") or "0")
    elif what == "lane":
        parts.number = f"{label}弄"
    elif what == "number" and parts.number:
        if not parts.building:
            parts.building.append(label)
        else:
            return value
    else:
        setattr(parts, what, label)
    return f"{value[: found.start()]} | {value[found.end() :]}"


def _segment(parts: Parts, segment: str, state: tuple[Division, ...]) -> tuple[tuple[Division, ...], str]:
    """Read one stretch between commas: a street, a town, divisions; return the divisions known and what is left."""
    if not parts.street and (found := _STREET.search(segment)):
        words = found.group("name").split()
        way = _WAYS[found.group("way")] if found.group("way") else ""
        if words and words[0] in _WAYS and len(words) > 1 and len(words[0]) != 2:
            way, words = _WAYS[words[0]], words[1:]
        elif len(words) > 1 and words[-1] in _WAYS:
            way, words = _WAYS[words[-1]], words[:-1]
        parts.street = "".join(words).upper() + way + _TYPES[found.group("type")]
        parts.number = parts.number or (found.group("number") or found.group("after") or "").upper()
        segment = f"{segment[: found.start()]} {segment[found.end() :]}".strip()
    if found := _TOWN.search(segment):
        parts.town = re.sub(r"[^a-z]", "", found.group(1)).upper() + _TOWNS.get(found.group(2), "街道")
        if parts.town.endswith("村"):
            parts.village, parts.town = parts.town, ""
        segment = f"{segment[: found.start()]} {segment[found.end() :]}".strip()
    words = segment.split()
    kept: list[str] = []
    while words:
        step = _tail_division(words, state)
        if step is None:
            kept.insert(0, words.pop())
        else:
            state, taken = step
            words = words[:-taken]
    return state, " ".join(kept)


def _tail_division(words: list[str], state: tuple[Division, ...]) -> tuple[tuple[Division, ...], int] | None:
    for size in range(min(5, len(words)), 0, -1):
        found = _division(words[-size:])
        if found and found[1] == size:
            finer = tuple(d for d in found[0] if not state or any(d.within(s) or s.within(d) for s in state))
            bare = words[-1] not in _DIVISION_SUFFIX
            if finer and not (bare and size < len(words) and all(d.level == 3 for d in finer)):
                finest = tuple(d for d in finer if not state or any(d.within(s) for s in state)) or state
                return finest, size
    return None


def _division(words: list[str]) -> tuple[tuple[Division, ...], int] | None:
    """Return the divisions that all the words together name, and how many words that are."""
    size = len(words)
    level = 0
    while words and words[-1] in _DIVISION_SUFFIX and len(words) > 1:
        level = _DIVISION_SUFFIX[words[-1]] or level
        words = words[:-1]
    found = _index().get("".join(words).replace("-", ""), ())
    kept = tuple(d for d in found if d.level == level) if level else found
    if not level and size == len(words):
        kept = tuple(d for d in found if d.level < 3) or found
    return (kept, size) if kept else None
