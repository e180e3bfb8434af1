# ruff: noqa: E501 - patterns, tables and reasons are easier to read in one line
"""Characters: width, script, digits, spaces; the same for every kind of value."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable
from functools import cache, lru_cache
from typing import Protocol, cast

_HAN = re.compile(r"[\u3400-\u4dbf\u4e00-\u9fff\u3007]")
_SPACE = re.compile(r"\s+")
_INVISIBLE: dict[int, None] = dict.fromkeys(
    [
        *range(0x00, 0x09),
        *range(0x0E, 0x20),
        0x7F,
        0xAD,
        0x200B,
        0x200C,
        0x200D,
        0x200E,
        0x200F,
        0x2060,
        0xFEFF,
        *range(0x202A, 0x202F),
        *range(0x2066, 0x206A),
    ]
)
_HYPHENS = dict.fromkeys(
    [0x2010, 0x2011, 0x2012, 0x2013, 0x2014, 0x2015, 0x2212, 0x2500, 0xFE58, 0xFE63, 0xFF0D], "-"
)
_BRACKETS = str.maketrans("[{<〔【《「『﹝]}>〕】》」』﹞", "(((((((((" + ")))))))))")
_MARKS: dict[int, str | int | None] = {
    **_INVISIBLE,
    **_HYPHENS,
    **_BRACKETS,
    0x3000: " ",
    0xA0: " ",
    0x3007: "零",
}
_MARKED = frozenset(map(chr, _MARKS))

HAN_DIGITS = {
    "零": 0,
    "〇": 0,
    "一": 1,
    "二": 2,
    "两": 2,
    "三": 3,
    "四": 4,
    "五": 5,
    "六": 6,
    "七": 7,
    "八": 8,
    "九": 9,
}
"""Chinese digits, and the two that mean two."""
_FORMAL = str.maketrans("壹贰叁肆伍陆柒捌玖拾佰仟", "一二三四五六七八九十百千")
_POWERS = {"十": 10, "百": 100, "千": 1000}
_MYRIAD = "万"


class _Converter(Protocol):
    def convert(self, text: str) -> str: ...


@cache
def _opencc() -> _Converter:
    import opencc

    return cast(_Converter, opencc.OpenCC("t2s"))


@cache
def _traditional() -> frozenset[str]:
    """Return the characters that OpenCC changes: most texts hold none and skip the conversion."""
    characters = [chr(code) for code in range(0x3400, 0xA000)]
    converted = _opencc().convert("\n".join(characters)).split("\n")
    return frozenset(a for a, b in zip(characters, converted, strict=True) if a != b)


@cache
def _tidy() -> re.Pattern[str]:
    """Return what matches texts that are in their one form already, as most are: they are spared all the steps."""
    han = "".join(chr(code) for code in range(0x4E00, 0xA000) if chr(code) not in _traditional())
    plain = "".join(re.escape(chr(code)) for code in range(0x21, 0x7F) if code not in _MARKS)
    return re.compile(f"[{plain}{han}]+(?: [{plain}{han}]+)*")


def simplified(text: str) -> str:
    """Return the text in simplified characters (OpenCC ``t2s``); applying it again changes nothing."""
    for _ in range(3):
        if _traditional().isdisjoint(text):
            return text
        changed = _opencc().convert(text)
        if changed == text:
            return text
        text = changed
    return text


def clean(text: str) -> str:
    """Return the text in one form: NFKC, one kind of bracket and hyphen, nothing invisible, single spaces, simplified."""
    if _tidy().fullmatch(text):
        return text
    if not text.isascii():
        text = unicodedata.normalize("NFKC", text)
        changed = simplified(text)
        text = text if changed is text else unicodedata.normalize("NFKC", changed)
    if not _MARKED.isdisjoint(text):
        text = unicodedata.normalize("NFKC", text.translate(_MARKS))
    return _SPACE.sub(" ", text).strip()


def has_han(text: str) -> bool:
    """Whether the text holds a Chinese character."""
    return _HAN.search(text) is not None


def han_number(text: str) -> str:
    """Return a Chinese numeral as decimal digits: 十二 → 12, 三〇二 → 302, 一百零五 → 105, 一千零二 → 1002.

    Raises
    ------
    KeyError
        If a character is no numeral.
    """
    text = text.translate(_FORMAL)
    if _MYRIAD not in text and not any(power in text for power in _POWERS):
        return "".join(str(HAN_DIGITS[c]) for c in text)
    myriads, total, digit = 0, 0, 0
    for c in text:
        if c == _MYRIAD:
            myriads, total, digit = (myriads + total + digit or 1) * 10_000, 0, 0
        elif c in _POWERS:
            total, digit = total + (digit or 1) * _POWERS[c], 0
        else:
            digit = HAN_DIGITS[c]
    return str(myriads + total + digit)


def number_han(digits: str) -> str:
    """Return a decimal number as it is written in Chinese street names: 12 → 十二, 305 → 三百零五 is not used there.

    Numbers below a hundred are read out, longer ones digit by digit.
    """
    names = "零一二三四五六七八九"
    if len(digits) == 1:
        return names[int(digits)]
    if len(digits) == 2 and digits[0] != "0":
        tens, ones = int(digits[0]), int(digits[1])
        return ("" if tens == 1 else names[tens]) + "十" + (names[ones] if ones else "")
    return "".join(names[int(d)] for d in digits)


@lru_cache(maxsize=65536)
def pinyin(text: str) -> str:
    """Return the text as pinyin without tones or spaces, other characters lower-case as they are."""
    return text.lower() if text.isascii() else "".join(map(_syllables, _segments()(text)))


@cache
def _segments() -> Callable[[str], list[str]]:
    """Return what cuts a text into phrases that are read as one, single characters and the rest."""
    from pypinyin.core import Pinyin

    return cast(Callable[[str], list[str]], Pinyin().seg)


@lru_cache(maxsize=65536)
def _syllables(segment: str) -> str:
    from pypinyin import lazy_pinyin

    return "".join(lazy_pinyin(segment, v_to_u=False)).lower()


def unaccented(text: str) -> str:
    """Return Latin text without accents, German sharp s and ligatures written out."""
    text = (
        text.replace("ß", "ss")
        .replace("æ", "ae")
        .replace("Æ", "AE")
        .replace("ø", "o")
        .replace("Ø", "O")
        .replace("ł", "l")
        .replace("Ł", "L")
    )
    return "".join(c for c in unicodedata.normalize("NFKD", text) if not unicodedata.combining(c))
