"""Values that stand where nothing is known: words for nothing, filler digits, masked values.

Strangers write the same ones, so none of them may become an identifier.
"""

from __future__ import annotations

import re

from ingest.normalise.text import clean

_HAN_WORDS = (
    "无 没有 空 空白 暂无 暂缺 未知 不详 不明 不知道 未填 未填写 未提供 未登记 未设置 未命名 待定 待补 待补充 待填写 "
    "待完善 待核实 同上 保密 匿名 测试 无名 无名氏"
)
_LATIN_WORDS = (
    "null none nil nan void empty blank undefined unknown unnamed anonymous missing na n/a n.a tbd tba tbc todo "
    "test testing dummy xx xxx xxxx asdf qwerty no nope"
)
_PHRASES = (
    "not available",
    "not applicable",
    "not known",
    "not given",
    "not provided",
    "same as above",
    "to be confirmed",
)
WORDS = frozenset([*_HAN_WORDS.split(), *_LATIN_WORDS.split(), *_PHRASES])
"""What people write for nothing, in simplified characters and lower case."""
_LONGEST = 24
"""Characters of the longest of them, with room for brackets; longer texts are spared the look-up."""
_AROUND = " .,;:!?'\"()-_/\\*#"
_SAME = re.compile(r"0+|(\d)\1{4,}")
_COUNTED = tuple(run * 3 for run in ("1234567890", "0123456789", "9876543210", "0987654321", "87654321"))
_COUNTED_ON = re.compile(r"123456789(?:10|11|1011)")
_SHORTEST = 5
"""Digits from which counting is no chance."""
MASK = re.compile(r"\*|[•●■×…]{2,}|(?<=\d)\.{3,}(?=\d)|^\d+[xX]{3,}\d*$|^[xX]{3,}\d+$")


def is_placeholder(text: str) -> bool:
    """Whether a text is empty of meaning: no letter or digit, or a word for nothing (无, N/A, null, test).

    Examples
    --------
    >>> [is_placeholder(text) for text in ("N/A", "（暂无）", "--", "無", "Nana")]
    [True, True, True, True, False]
    """
    if len(text) > _LONGEST:
        return not any(map(str.isalnum, text))
    value = clean(text).lower().strip(_AROUND)
    return value in WORDS or not any(map(str.isalnum, value))


def is_filler(digits: str) -> bool:
    """Whether digits only fill a field: zeros, five or more of one digit, or counted up or down from an end.

    Examples
    --------
    >>> [is_filler(digits) for digits in ("0", "11111111111", "1234567890", "13800138000")]
    [True, True, True, False]
    """
    if _SAME.fullmatch(digits) or _COUNTED_ON.fullmatch(digits):
        return True
    return len(digits) >= _SHORTEST and any(run.startswith(digits) for run in _COUNTED)


def is_masked(text: str) -> bool:
    """Whether part of a clean value is hidden (6222****0128, 6222XXXX0128): many values look the same then."""
    return MASK.search(text) is not None
