# ruff: noqa: E501 - patterns, tables and reasons are easier to read in one line
"""Names of persons and firms: one spelling, one key, and how alike two of them are."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache
from typing import NamedTuple

from ingest.normalise import divisions
from ingest.normalise.comparison import EQUAL, NOTHING, Comparison, Weighing
from ingest.normalise.placeholder import MASK, is_masked, is_placeholder
from ingest.normalise.similar_characters import alike
from ingest.normalise.text import clean, has_han, pinyin, unaccented

_HAN_FORMS = (
    "股份有限公司",
    "有限责任公司",
    "集团有限公司",
    "有限公司",
    "股份公司",
    "总公司",
    "分公司",
    "子公司",
    "公司",
    "集团",
    "商行",
    "经营部",
    "经营店",
    "个体工商户",
    "工作室",
    "合作社",
    "合伙企业",
    "普通合伙",
    "有限合伙",
    "事务所",
    "厂",
    "店",
    "行",
    "部",
    "中心",
    "超市",
    "商贸",
    "贸易",
)
_ONLY_FORM = frozenset(
    [
        *_HAN_FORMS,
        "个体户",
        "个体",
        "个体经营",
        "个体工商",
        "个人",
        "个人卖家",
        "自然人",
        "企业",
        "商家",
        "店铺",
        "网店",
        "卖家",
        "店主",
        "本人",
        "老板",
    ]
)
"""What says of which kind a party is and not which party: 个体工商户 alone is nobody's name."""
_ONLY_FORM_LATIN = frozenset(
    ["individual", "sole trader", "self employed", "seller", "owner", "shop", "store", "person", "private"]
)
_FIRM_HAN = re.compile(
    r"公司|集团|商行|经营部|经营店|个体|工作室|合作社|合伙|事务所|厂$|店$|行$|部$|中心$|超市|商贸|贸易|科技|电子商务|服饰|皮具|鞋业|制品|实业|企业|商城|批发|工厂|仓库|物流"
)
_LEGAL_HAN = re.compile(
    r"(?:集团)?(?:股份有限公司|有限责任公司|有限公司|股份公司|责任公司)|\((?:个体工商户|普通合伙|有限合伙)\)|(?<=[\u4e00-\u9fff]{4})公司$"
)
_LEGAL_LATIN = re.compile(
    r"\b(?:co\s*,?\s*(?:ltd|limited)|company\s+limited|company|limited|ltd|llc|l\s?l\s?c|inc|incorporated|corp|corporation|plc|llp|gmbh(?:\s*&\s*co\s*kg)?|"
    r"ag|kg|ohg|ug|e\s?k|sarl|s\s?a\s?r\s?l|sas|sa|s\s?a|bv|b\s?v|nv|n\s?v|oy|ab|aps|a/s|as|spa|s\s?p\s?a|srl|s\s?r\s?l|pty|pte|sdn\s+bhd|bhd|kk|k\s?k|co)\b\.?",
    re.IGNORECASE,
)
_FIRM_LATIN = re.compile(
    r"\b(?:ltd|limited|llc|inc|incorporated|corp|corporation|company|co|plc|llp|gmbh|ag|kg|sarl|sas|bv|nv|srl|spa|pty|pte|trading|trade|industr\w*|factory|import|export|"
    r"store|shop|group|holdings?|enterprises?|technolog\w*|electronics?|international|logistics|warehouse|manufactur\w*|wholesale)\b",
    re.IGNORECASE,
)
_TITLES = re.compile(
    r"^(?:mr|mrs|ms|miss|dr|prof|herr|frau|m|mme|mlle)\.?\s+|(?:先生|女士|小姐|老板|经理|老师)$",
    re.IGNORECASE,
)
_SPLIT = re.compile(r"[^\w']+")
_COMPOUND_SURNAMES = frozenset(
    [
        "欧阳",
        "太史",
        "端木",
        "上官",
        "司马",
        "东方",
        "独孤",
        "南宫",
        "万俟",
        "闻人",
        "夏侯",
        "诸葛",
        "尉迟",
        "公羊",
        "赫连",
        "澹台",
        "皇甫",
        "宗政",
        "濮阳",
        "公冶",
        "太叔",
        "申屠",
        "公孙",
        "慕容",
        "仲孙",
        "钟离",
        "长孙",
        "宇文",
        "司徒",
        "鲜于",
        "司空",
        "令狐",
        "呼延",
        "轩辕",
        "百里",
        "东郭",
        "南门",
        "西门",
    ]
)


_READINGS = {
    "乐": "yue", "仇": "qiu", "区": "ou", "单": "shan", "员": "yun", "曾": "zeng", "朴": "piao", "查": "zha",
    "盖": "ge", "种": "chong", "秘": "bi", "缪": "miao", "翟": "zhai", "覃": "qin", "解": "xie", "黑": "he",
}  # fmt: skip
"""Surnames that are read otherwise than as words."""
_PLACE = 4
"""Letters that are left of a romanised firm from which on they name a place or a trade."""
_SHOWN = 4
"""Latin letters, or twice the Chinese characters, that a masked name must show to be more than a family name."""
_RUN_TOGETHER = re.compile(r"([A-Z][a-z]+)([A-Z][a-z]+)")
_PREFIXES = frozenset(["Mc", "Mac", "De", "Di", "Du", "La", "Le", "Van", "Von", "Fitz"])


@dataclass(frozen=True)
class Name:
    """A name: ``canonical`` readable spelling, ``key`` (same party, same key), ``kind`` person, firm or unknown."""

    canonical: str
    key: str
    kind: str


@lru_cache(maxsize=65536)
def parse(text: str) -> Name:
    """Read one name.

    The key of a firm leaves out the legal form and brackets around a division (杭州某某(浙江)有限公司 keeps 浙江); the key
    of a person is the canonical form: Chinese without spaces, Latin as lower-case words in alphabetical order, so that
    "Li, Wei" and "Wei Li" share it. Empty text has an empty key, and so has what is nobody's name: a placeholder, a legal
    form alone (个体工商户), a masked name that leaves only a family name (张**). Of a masked name that says more (何*敏)
    the key keeps where something is hidden: it is not the name of one who is called 何敏.
    """
    value = clean(text).strip(" .,;:'\"")
    if is_placeholder(value) or _is_form(value):
        return Name("", "", "unknown")
    if is_masked(value):
        return _masked(value)
    return _chinese(value) if has_han(value) else _latin(value)


def _masked(value: str) -> Name:
    """Keep what a masked name shows, and where it hides something, if that is more than a family name."""
    key = re.sub(r"[^\w*]", "", re.sub(f"(?:{MASK.pattern})+", "*", value)).lower()
    shown = sum(2 if has_han(c) else 1 for c in key if c != "*")
    return Name(value, key, "unknown") if shown >= _SHOWN else Name("", "", "unknown")


def _is_form(value: str) -> bool:
    """Whether a name is a legal form and nothing else."""
    if has_han(value):
        return value.strip("()") in _ONLY_FORM
    bare = " ".join(_SPLIT.split(_LEGAL_LATIN.sub(" ", value.lower()))).strip()
    return not bare or bare in _ONLY_FORM_LATIN


def _chinese(value: str) -> Name:
    value = re.sub(r"[〔【\[{<《]", "(", value)
    value = re.sub(r"[〕】\]}>》]", ")", value)
    value = re.sub(
        r"(?<=[\u4e00-\u9fff]) (?=[\u4e00-\u9fff])|(?<=[\u4e00-\u9fff])[·•.](?=[\u4e00-\u9fff])",
        lambda m: "·" if m.group() != " " else "",
        value,
    )
    value = re.sub(r"\s*([()])\s*", r"\1", value)
    if _FIRM_HAN.search(value):
        core = _LEGAL_HAN.sub("", value)
        core = re.sub(r"[^\w]", "", core).lower()
        return Name(value, divisions.shortened(core) or re.sub(r"[^\w]", "", value).lower(), "firm")
    value = _TITLES.sub("", value) or value
    key = re.sub(r"[^\w·]", "", value).lower()
    han = sum("\u4e00" <= c <= "\u9fff" for c in key)
    person = (han == len(key) and (2 <= han <= 4)) or "·" in key
    return Name(value, key, "person" if person else "unknown")


def _latin(value: str) -> Name:
    value = re.sub(r"(?<=\b[A-Za-z])\.(?=[A-Za-z]\b)", "", value)
    flat = re.sub(r"\s*&\s*", " & ", unaccented(value)).replace("’", "'")
    if _FIRM_LATIN.search(flat.replace(".", "")):
        core = _LEGAL_LATIN.sub(" ", flat.replace(".", " "))
        words = [w for w in _SPLIT.split(core.lower().replace("'", "").replace("&", " and ")) if w]
        words = words or [w for w in _SPLIT.split(flat.lower()) if w]
        return Name(value, " ".join(words), "firm")
    flat = _TITLES.sub("", flat)
    if (both := _RUN_TOGETHER.fullmatch(flat)) and both.group(1) not in _PREFIXES:
        flat = f"{both.group(1)} {both.group(2)}"
    if flat.count(",") == 1:
        last, first = (part.strip() for part in flat.split(","))
        flat = f"{first} {last}"
    words = [w for w in _SPLIT.split(flat.lower().replace("'", "")) if w]
    kind = "person" if 2 <= len(words) <= 4 and all(w.isalpha() for w in words) else "unknown"
    return Name(
        " ".join(w.capitalize() for w in words) if kind == "person" else value, " ".join(sorted(words)), kind
    )


def romanisations(canonical: str) -> frozenset[str]:
    """Return the Latin spellings of a Chinese person's name, joined in lower case: family name first and last."""
    from pypinyin import Style, lazy_pinyin

    name = canonical.replace("·", "")
    cut = 2 if name[:2] in _COMPOUND_SURNAMES and len(name) > 2 else 1
    family = "".join(lazy_pinyin(name[:cut], style=Style.NORMAL, v_to_u=False))
    given = "".join(lazy_pinyin(name[cut:], style=Style.NORMAL, v_to_u=False))
    surname = _READINGS.get(name[:cut], family)
    return frozenset({family + given, given + family, surname + given, given + surname})


def compare(a: str, b: str) -> Comparison:
    """Return the probability that two names are one party.

    Weights (nats) start from one in three thousand for any two names of a block. Persons: equal names are one person
    as far as a name can say; one wrong character of three is usually another person. Firms: divisions must not
    contradict; the distinctive part decides.
    """
    left, right = parse(a), parse(b)
    if not left.key or not right.key:
        return NOTHING
    if left.key == right.key:
        return EQUAL
    return compare_names(left, right)


def compare_names(left: Name, right: Name) -> Comparison:
    """Compare two names already read, with different keys."""
    return weigh(left, right).result()


def weigh(left: Name, right: Name) -> Weighing:
    """Weigh two names already read, with different keys; symmetric."""
    from rapidfuzz.distance import DamerauLevenshtein

    weighing = Weighing(-8.0)
    if "*" in left.key or "*" in right.key:
        weighing.add(-4.0, "part of a name is hidden")
        return weighing
    if {left.kind, right.kind} == {"firm", "person"}:
        weighing.add(-6.0, "a firm and a person")
        return weighing
    if has_han(left.key) != has_han(right.key):
        return _scripts(weighing, *((left, right) if has_han(left.key) else (right, left)))
    if left.kind == "firm" or right.kind == "firm":
        return _firms(weighing, _firm(left.key), _firm(right.key))
    distance = DamerauLevenshtein.distance(left.key, right.key)
    if pinyin(left.key) == pinyin(right.key):
        weighing.add(7.0, "same sound, other characters")
    elif distance == 1 and min(len(left.key), len(right.key)) >= 8:
        weighing.add(8.0, "one letter apart")
    elif _initials(left.key, right.key):
        weighing.add(6.5, "same family name, first names abbreviated")
    else:
        weighing.add(-4.0, "different names")
    return weighing


def _folded(key: str) -> str:
    """Return a Latin key with the German ways to write an umlaut made one."""
    return re.sub(r"([aou])e", r"\1", key) if key.isascii() else key


def _ordinals(a: str, b: str) -> bool:
    """Whether two names of one length differ in a Chinese numeral or direction: 第一 and 第二 are two firms."""
    changed = {c for x, y in zip(a, b, strict=False) if x != y for c in (x, y)}
    return len(a) == len(b) and bool(changed & set("一二三四五六七八九十东西南北中"))


def _initials(a: str, b: str) -> bool:
    left, right = a.split(), b.split()
    if len(left) != len(right) or len(left) < 2 or not set(left) & set(right):
        return False
    rest = sorted(set(left) - set(right)), sorted(set(right) - set(left))
    return all(x[0] == y[0] and 1 in (len(x), len(y)) for x, y in zip(*rest, strict=False)) and len(
        rest[0]
    ) == len(rest[1])


def _scripts(weighing: Weighing, han: Name, latin: Name) -> Weighing:
    spelled = latin.key.replace(" ", "")
    if han.kind == "firm":
        firm = _firm(han.key)
        place, rest = pinyin(han.key.replace(firm.core, "")), spelled.replace(firm.sound, "")
        if place and len(rest) >= _PLACE and place not in rest:
            weighing.add(-6.0, "different places")
        if firm.sound and firm.sound in spelled and len(firm.core) >= 2:
            weighing.add(7.5 + min(len(firm.core), 4) * 0.5, "its distinctive part, romanised")
        else:
            weighing.add(-3.0, "not each other's romanisation")
        return weighing
    words = latin.key.split()
    if (
        pinyin(han.key) == spelled
        or (
            sorted(words) == sorted("".join(w) for w in [latin.canonical.lower().split()])
            and "".join(words) in romanisations(han.key)
        )
    ) or any(
        spelling == "".join(order)
        for spelling in romanisations(han.key)
        for order in (latin.canonical.lower().split(), latin.canonical.lower().split()[::-1])
    ):
        weighing.add(8.0, "romanised: names of one sound are common")
    else:
        weighing.add(-3.0, "not each other's romanisation")
    return weighing


class _Firm(NamedTuple):
    """What is compared of a firm's name; read once for all its comparisons."""

    numbers: tuple[str, ...]
    places: tuple[str, ...]
    core: str
    folded: str
    sound: str


@lru_cache(maxsize=65536)
def _firm(key: str) -> _Firm:
    core = divisions.without_places(key)
    numbers = tuple(sorted(re.findall(r"\d+", key)))
    return _Firm(numbers, divisions.places_in(key), core, _folded(key), pinyin(core))


def _firms(weighing: Weighing, a: _Firm, b: _Firm) -> Weighing:
    from rapidfuzz.distance import DamerauLevenshtein

    if a.numbers != b.numbers:
        weighing.add(-8.0, "different numbers")
    if (
        a.places
        and b.places
        and not any(x.startswith(y) or y.startswith(x) for x in a.places for y in b.places)
    ):
        weighing.add(-6.0, "different divisions")
    core_a, core_b = a.core, b.core
    distance = DamerauLevenshtein.distance(core_a, core_b)
    shortest = min(len(core_a), len(core_b))
    if core_a == core_b and shortest >= 4:
        weighing.add(10.0, "same but for the division")
    elif a.folded == b.folded:
        weighing.add(11.0, "same but for umlauts")
    elif _ordinals(core_a, core_b):
        weighing.add(-6.0, "differ in a numeral")
    elif a.sound == b.sound:
        weighing.add(10.5, "same sound, other characters")
    elif distance == 1 and len(core_a) == len(core_b) and has_han(core_a) and not alike(core_a, core_b):
        weighing.add(4.0, "another character, neither of one sound nor of one look")
    elif distance == 1 and shortest >= 6:
        weighing.add(8.5, "one character apart")
    elif distance == 1 and shortest >= 4:
        weighing.add(6.5, "one character apart in a short name")
    elif shortest >= 4 and (core_a in core_b or core_b in core_a):
        weighing.add(7.0, "one holds the other")
    else:
        weighing.add(-4.0 - 4.0 * distance / max(len(core_a), len(core_b), 1), "different names")
    return weighing
