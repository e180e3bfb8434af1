"""The part of a Chinese address below the county: town, street, number, compound, building, entrance, floor, room."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from functools import lru_cache

from ingest.normalise.text import han_number, number_han

_HAN = "零一二两三四五六七八九十百千万"
_NUMERALS = frozenset(_HAN)
_MARKED_NUMERAL = re.compile(
    rf"(?<![第])(?![千万])[{_HAN}]+(?=号|栋|幢|座|单元|层|楼|室|房|组|队|社|期|排|铺|档|区(?![\u4e00-\u9fff]*[路街道]))|(?<=[路街道村坊区段号里院弄巷社组队])(?![千万])[{_HAN}]+(?=[弄巷])"
)
"""Numerals that count something. 千 and 万 alone end a name (万楼街道, 大万三号)."""
_STREET_DIGITS = re.compile(r"(?<![\dA-Z.-])(\d{1,2})(?=(?:路|街|大道|大街|环|段|马路))")
_JOINED = re.compile(r"(?<=[0-9A-Z])[\s,、/\\._—~|]+(?=[0-9A-Z])")
_DROPPED = re.compile(r"[^\w#-]+|_")
_UNDERGROUND = re.compile(r"(?:负|地下)(?:第)?([1-9一二三四五])(?=[层楼])")
_STEMS = "甲乙丙丁戊己庚辛"
"""The heavenly stems by which houses were told apart that came between two numbers: 甲88号 is not 88号."""
_STEM_SET = frozenset(_STEMS)
_STEM_BEHIND = re.compile(rf"(?<![\dA-Z-])(\d+)(?:号([{_STEMS}])$|([{_STEMS}])号)")
"""The same written behind the number: 88号甲, 88甲号."""
_OF = re.compile(
    r"(?<=\d)号?之(?:([二三四五六七八九]?十[一二三四五六七八九]?(?![一二三四五六七八九])|[一二三四五六七八九](?!十))|([1-9]\d?)(?!\d))"
    r"(?:号(?![楼院栋门房室#])|(?![号院栋幢座楼层室单元房铺门期区排库仓#]))"
)
"""The part of a number that is usual in Guangdong and Taiwan: 88号之一 is neither 88号 nor 88号之二."""
_ONE_LABEL = (
    rf"(?:(?:^|(?<=[路街巷道里条弄同坊院村庄营屯区园号厦场苑城寓]))[{_STEMS}]|(?<![A-Z0-9])[A-Z]{{0,3}}|(?<=[A-Z]))"
    r"\d+(?:之\d+)?(?:(?!F(?![A-Z0-9]))[A-Z]{1,2}(?![A-Z]))?"
)
_LABEL = rf"(?:{_ONE_LABEL}|(?<![A-Z0-9])[A-Z]{{1,2}}(?![A-Z]))(?:-(?:{_ONE_LABEL}|[A-Z](?![A-Z])))*"
_TOKEN = re.compile(
    rf"(?=[0-9A-Z甲乙丙丁戊己庚辛东西南北中主副前后左右])(?P<label>{_LABEL}|[甲乙丙丁戊己东西南北中主副前后左右](?=[座栋幢楼塔区](?!路|街|道)))"
    r"(?:(?P<street>号(?:大街|公路|路|街|大道|门路))|(?P<building>(?:号|#)?(?:楼栋|栋楼|厂房|仓库|车间|库房|楼(?<=号楼|#楼)|栋|幢|座|塔|库|仓)|号?大楼)|(?P<entrance>单元|号?门)|"
    r"(?P<room>号?(?:室|房间?|商?铺(?:位|面)?|档口?|户|摊位?|柜台?|店面?)|号(?:商铺|档口|摊位))|(?P<number>号院?|#|院|弄|巷|支弄)|(?P<floor>[层楼]|F(?![A-Z]))|(?P<zone>[期区排])|(?P<group>[组队社]))?"
)
_TOWN = re.compile(
    r"([^路街道巷村号园区市\d\W]{2,7}?街道(?:办事处|办)?|[^路街道巷村号园区市\d\W]{1,5}?(?:镇|乡|苏木|民族乡)(?![路街道村江政人安宁海康]))"
)
_VILLAGE = re.compile(
    r"([^路街道巷号\d\W]{1,8}?(?:社区(?:居委会)?|居委会|村民委员会|村委会|行政村|自然村|(?<!新)(?<!农)(?<!花园)村(?!路|街|道|镇|口)|嘎查))"
)
_AREA = re.compile(
    r"^(.{2,12}?(?:科技园|工业园区|工业园|工业区|开发区|高新区|产业园|经济区|园区|新区|物流园|创业园|软件园|保税区|小区|新城|商圈|片区))(?=[^\W\d]{1,8}?(?:路|街|大道))"
)
_ROAD = re.compile(
    r"^([^\W]*?(?:[^\W\d]大道|[^\W\d]大街|公路|胡同|[^\W]路|[^\W]街(?!道|坊|区)|[^\W\d]道(?!口)|[^\W\d]巷(?!\d)|[^\W\d]弄(?!\d))(?:辅路|支路|步行街|[东南西北中](?:[一二三四五六七八九十]+)?[路街段巷](?![\u4e00-\u9fff])|[东南西北中上下前后]?[一二三四五六七八九十]{1,2}[段路街巷]|[东南西北中]段)?)"
)
_LANE_END = re.compile(r"^([^\W\d]{1,8}(?:里|条|坊|径|堤|段|庄|堡|屯|营|沟|湾|村|线|桥|墩|塘|头|口))$")
_COMPOUND_END = re.compile(
    r"(?:小区|社区|新村|花园|家园|公寓|大厦|广场|中心|市场|商城|公馆|大楼|基地|大学|学院|医院|酒店|宾馆|公司|交叉口|路口|国际|[园城苑院厂库仓府轩阁庭湾郡座区楼馆店场]|对面|旁边?|附近|隔壁)$"
)
"""How names of compounds end; any other name right before a house number is read as a street, however misspelt."""
_PLAIN_STREET = re.compile(
    r"[^\W\dA-Z号院楼组队社期区排室房铺档户单元层库仓栋幢座门弄巷路街]{1,7}(?:路|街|大道|大街|巷|村)?"
)
_PLAIN_COMPOUND = re.compile(
    r"[^\W\dA-Z号院楼组队社期区排室房铺档户单元层库仓栋幢座门弄巷路街道村镇乡]{1,9}[^\W\dA-Z东西南北中主副前后左右甲乙丙丁戊己零一二两三四五六七八九十百千万]"
)
_PLAIN_LABEL = re.compile(r"\d*|[A-Z]|[A-Z]\d+|\d+[A-EG-Z]")
_ROOM_NUMBER = re.compile(r"\d{3,}")
_BOOTH = re.compile(r"([A-Z])-?(\d{3,5})")
"""Block and room in one, written so where the block needs no word: A1203 is room 1203 of block A."""
_MARKET = re.compile(r"市场|商城|商品城|批发|[服鞋皮电茶灯花]\w{0,2}城$")
"""Compounds whose blocks are zones (B区), not towers (B座)."""
_MAKER = "(?:丰巢|菜鸟|速递易|近邻宝|妈妈|兔喜|云柜|格格货栈|收件宝|日日顺)"
PARCEL_POINT = re.compile(rf"{_MAKER}?(?:智能|快递|自提|自助|包裹){{0,2}}柜|{_MAKER}?(?:快递)?驿站|{_MAKER}")
"""A parcel locker or a pick-up station by its maker or its kind alone, which names no place. Behind a house number it
changes nothing: what stands at 88号 is known by it, and links.hubs reads what kind of place that is."""
_BAY = re.compile(rf"((?:{PARCEL_POINT.pattern}))-?[A-Z]?\d+(?:号(?:柜|箱|格|室)?|柜|室|格|箱)?$")
"""One box of a locker: whoever rents it, the place is the locker."""
_LEADING_ZEROS = re.compile(r"(?<![\dA-Z])0+(?=\d)")
_ORDER = {"group": 1, "number": 2, "zone": 3, "building": 4, "entrance": 5, "floor": 6, "room": 7, "label": 8}
_FILLERS = frozenset("内之的位")
_FILLER = re.compile(r"^(?:[内之的]|位于)+|[内之的]+$")


@dataclass
class Parts:
    """What was read, each in its canonical form; empty where the text says nothing."""

    town: str = ""
    village: str = ""
    street: str = ""
    number: str = ""
    compound: str = ""
    building: list[str] = field(default_factory=list)
    entrance: str = ""
    floor: str = ""
    room: str = ""
    last: int = 0
    odd: bool = False
    """Whether the parts came in an unusual order, so that the canonical text may read otherwise."""


def read(text: str) -> Parts:
    """Read the part below the county from clean text.

    Every digit of the text ends up in exactly one part. Numerals before a marker become digits (三号楼 → 3), digits in
    street names become numerals (建设1路 → 建设一路).
    """
    parts = Parts()
    rest = prepare(text)
    at = 0
    for token in _tokens(rest):
        if token.start() > at:
            _name(parts, rest[at : token.start()], _next_is_house(token))
        _place(parts, token)
        at = token.end()
    if at < len(rest):
        _name(parts, rest[at:], False)
    finish(parts)
    return parts


def prepare(text: str) -> str:
    """Return text in capitals without spaces, with numerals and digits where they belong."""
    rest = text.upper()
    # most texts lack what a pattern needs and are spared it
    if not rest.isalnum():
        rest = _DROPPED.sub("", _JOINED.sub("-", rest)).strip("-")
    if "负" in rest or "地下" in rest:
        rest = _UNDERGROUND.sub(
            lambda m: "B" + (m.group(1) if m.group(1).isdecimal() else han_number(m.group(1))), rest
        )
    if "之" in rest:
        rest = _OF.sub(_of, rest)
    if not _NUMERALS.isdisjoint(rest):
        rest = _MARKED_NUMERAL.sub(_marked, rest)
        # a house number that was written in numerals
        rest = _OF.sub(_of, rest) if "之" in rest else rest
    if not _STEM_SET.isdisjoint(rest):
        rest = _STEM_BEHIND.sub(lambda m: f"{m.group(2) or m.group(3)}{m.group(1)}号", rest)
    rest = _BAY.sub(r"\1", rest)
    return _STREET_DIGITS.sub(lambda m: number_han(m.group(1)), rest)


def _of(part: re.Match[str]) -> str:
    return f"之{part.group(2) or han_number(part.group(1))}号"


def _marked(numeral: re.Match[str]) -> str:
    """Return a numeral as digits, apart from the house number that it follows: 17四层 is 17号4层, not 174层."""
    before = numeral.string[: numeral.start()]
    apart = "号" if before[-1:].isdecimal() and "号" not in before else ""
    return apart + han_number(numeral.group())


def _tokens(rest: str) -> list[re.Match[str]]:
    found = []
    for match in _TOKEN.finditer(rest):
        label = match.group("label")
        if match.lastgroup == "street" or (
            match.lastgroup == "label" and not any(c.isdecimal() for c in label)
        ):
            continue
        found.append(match)
    return found


def _next_is_house(token: re.Match[str]) -> bool:
    return token.lastgroup == "number"


def _name(parts: Parts, segment: str, house_follows: bool) -> None:
    """Sort a stretch of names into town, village, street and compound."""
    segment = segment.strip("-#")
    if not segment:
        return
    started = bool(parts.number or parts.building or parts.room)
    if not started and not parts.street:
        town, village, area, parts.street, segment = _sorted(
            segment, house_follows, bool(parts.town), bool(parts.village)
        )
        parts.town, parts.village = town or parts.town, village or parts.village
        parts.compound = area or parts.compound
    elif segment[0] in _FILLERS or segment[-1] in _FILLERS:
        segment = _FILLER.sub("", segment)
    if segment:
        parts.odd = parts.odd or bool(
            parts.compound or parts.building or parts.room or parts.entrance or parts.floor
        )
        parts.compound += segment


@lru_cache(maxsize=65536)
def _sorted(
    segment: str, house_follows: bool, town_known: bool, village_known: bool
) -> tuple[str, str, str, str, str]:
    """Return town, village, area and street at the start of a stretch of names, and the rest; streets recur."""
    town = village = area = street = ""
    if not town_known and (found := _TOWN.match(segment)) and len(found.group()) < len(segment) + 1:
        town, segment = re.sub(r"(?<=街道)办(?:事处)?$", "", found.group(1)), segment[found.end() :]
    if (found := _VILLAGE.match(segment)) and (found.end() < len(segment) or not house_follows):
        village, segment = found.group(1), segment[found.end() :]
    if found := _AREA.match(segment):
        area, segment = found.group(1), segment[found.end() :]
    if (found := _ROAD.match(segment)) or (house_follows and (found := _LANE_END.match(segment))):
        street, segment = found.group(1), segment[found.end() :]
    elif house_follows and segment and not (village_known or village) and not _COMPOUND_END.search(segment):
        street, segment = segment, ""
    return town, village, area, street, _FILLER.sub("", segment)


def _place(parts: Parts, token: re.Match[str]) -> None:
    label, group = token.group("label"), token.lastgroup or "label"
    rank = _ORDER.get(group, 9)
    parts.odd = parts.odd or rank < parts.last
    parts.last = rank
    if group == "number":
        _house(parts, label, token.group("number"))
    elif group == "building":
        parts.building.append(_plain(label))
    elif group == "entrance" and parts.entrance and _ROOM_NUMBER.fullmatch(label):
        parts.room = _more(parts.room, label)
    elif group == "entrance":
        parts.entrance = _more(parts.entrance, _plain(label))
    elif group == "room":
        parts.room = _more(parts.room, label)
    elif group == "floor":
        if label.isalpha() and label not in ("B",):
            parts.building.append(label)
        else:
            parts.floor = _more(parts.floor, _plain(label))
    elif group == "zone":
        parts.building.append(_plain(label) + token.group("zone"))
    elif group == "group":
        _group(parts, _plain(label) + token.group("group"))
    else:
        _bare(parts, label.split("-"))


def _group(parts: Parts, text: str) -> None:
    if parts.street:
        parts.street += text
    elif parts.village:
        parts.village += text
    else:
        parts.compound += text


def _house(parts: Parts, label: str, marker: str) -> None:
    lane = marker in ("弄", "巷", "支弄")
    named = parts.street or parts.village or not parts.compound
    if lane and (not parts.number or parts.number[-1] in "弄巷"):
        parts.number += _plain(label) + marker
    elif not parts.number and named and not parts.building:
        parts.number = _plain(label)
    elif _zones_only(parts) and not _ROOM_NUMBER.fullmatch(label):
        parts.building.append(_plain(label))
    else:
        parts.room = _more(parts.room, label)


def _zones_only(parts: Parts) -> bool:
    """Whether no building is known, at most its phase, zone or row."""
    return all(label[-1] in "期区排" for label in parts.building)


def _bare(parts: Parts, labels: list[str]) -> None:
    """Place a label without a marker by what is known so far."""
    if not parts.number and (parts.street or parts.village) and not parts.compound and not parts.building:
        if len(labels) == 4 and all(map(str.isdecimal, labels)) and _ROOM_NUMBER.fullmatch(labels[3]):
            # 1002-12-3-501: fewer labels might leave out the entrance or the building
            parts.number, building, parts.entrance = map(_plain, labels[:3])
            parts.building.append(building)
            parts.room = labels[3]
            return
        parts.number = "-".join(_plain(x) for x in labels)
        return
    named = not _zones_only(parts)
    if len(labels) == 3 and named and _plain(labels[0]) == parts.building[-1]:
        labels = labels[1:]
    elif len(labels) >= 2 and not named:
        parts.building.append(_plain(labels[0]))
        labels = labels[1:]
    elif len(labels) == 1 and not named and not parts.number and not parts.floor and len(labels[0]) <= 2:
        parts.building.append(_plain(labels[0]))
        return
    if len(labels) >= 2 and not parts.entrance and not parts.floor:
        parts.entrance, labels = _plain(labels[0]), labels[1:]
    parts.room = _more(parts.room, "-".join(labels))


def _more(known: str, new: str) -> str:
    return f"{known}-{new}" if known else new


def _plain(label: str) -> str:
    return _LEADING_ZEROS.sub("", label) if "0" in label else label


def plain(parts: Parts) -> bool:
    """Whether the canonical text of the parts certainly reads as the same parts again."""
    return not parts.odd and bool(
        _PLAIN_STREET.fullmatch(parts.street)
        and (parts.number or parts.street[-1] not in "村")
        and parts.number.isdecimal()
        and (not parts.compound or _PLAIN_COMPOUND.fullmatch(parts.compound))
        and all(
            _PLAIN_LABEL.fullmatch(label)
            for label in (*parts.building, parts.entrance, parts.floor, parts.room)
        )
    )


def finish(parts: Parts) -> None:
    """Settle what only the whole tells: a village as street, a floor that the room number repeats."""
    if parts.village and not parts.street:
        parts.street, parts.village = parts.village, ""
    if (booth := _BOOTH.fullmatch(parts.room)) and _zones_only(parts):
        zone = booth.group(1) + ("区" if _MARKET.search(parts.compound) else "")
        parts.room = booth.group(2)
        if zone not in parts.building:
            parts.building.append(zone)
    if parts.floor and parts.room.isdecimal() and parts.floor.isdecimal():
        if len(parts.room) <= 2:
            parts.room, parts.floor = parts.floor + parts.room.rjust(2, "0"), ""
        elif parts.room[:-2] == parts.floor:
            parts.floor = ""
