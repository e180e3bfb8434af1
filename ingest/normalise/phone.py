"""Telephone numbers: E.164 where they can be read so."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache
from typing import Any

from ingest.normalise.placeholder import is_filler, is_masked, is_placeholder
from ingest.normalise.text import HAN_DIGITS, clean

_MOBILE = re.compile(r"(?:\+?86|0086)?(1[3-9]\d{9})")
_EXTENSION = re.compile(
    r"(?:转分机|转接|分机|转|内线|ext\.?|extension|#|x)\s*[:.]?\s*(\d{1,6})\s*$", re.IGNORECASE
)
_LABEL = re.compile(r"^\D*?(?:电话|手机|热线|tel|phone|mobile|mob)\s*[:.]?\s*", re.IGNORECASE)
_BETWEEN = re.compile(r"[/\\、,;|\n&]+|(?<=\d)\s+(?:和|或|及|and|or)\s+(?=[\d+(])|(?<=\d)[和或及](?=[\d+(])")
_EACH_MOBILE = re.compile(r"(?<![\d-])(?:(?:\+|00)?86[\s-]?)?1[3-9]\d(?:[\s-]?\d{4}){2}(?![\d-])")
_COUNTRY_CODE = re.compile(r"(?:00)?86")
_TWO = 14
"""Digits of the shortest two numbers in one field."""
_SHORTEST = 7
"""Digits of a number that may be one subscriber's: shorter ones are hotlines (95588)."""
_HAN_RUN = re.compile(r"[零一二三四五六七八九]{7,}")


@dataclass(frozen=True)
class Phone:
    """A telephone number: E.164 with ``x`` and the extension if any, whether its plan allows it, and a masked form.

    ``possible`` tells whether it is long enough to be somebody's: what is not (a short code, a part of a number)
    belongs to nobody alone.
    """

    canonical: str
    valid: bool
    masked: str
    possible: bool = False


_NOTHING = Phone("", False, "")


@cache
def _library() -> Any:
    import phonenumbers

    return phonenumbers


def parse(text: str, country: str = "CN") -> Phone:
    """Read one telephone number.

    Parameters
    ----------
    text : str
        As received: full-width digits, ``+86``, area codes, separators, extensions, labels.
    country : str
        ISO 3166-1 alpha-2 of numbers without a country code.

    Returns
    -------
    Phone
        ``canonical`` is empty if there is no digit, or the number is masked (138****8000) or a filler (0000000); a
        number that no plan knows keeps its digits, ``valid`` False.
    """
    value = _HAN_RUN.sub(lambda m: "".join(str(HAN_DIGITS[c]) for c in m.group()), clean(text))
    if country == "CN" and (number := mobile(re.sub(r"[\s().-]", "", value))):
        return _phone(number, "", True, True)
    if is_masked(value) or is_placeholder(value):
        return _NOTHING
    value = _LABEL.sub("", value)
    extension = _EXTENSION.search(value)
    body = value[: extension.start()] if extension else value
    suffix = extension.group(1) if extension else ""
    digits = "".join(c for c in body if c.isdecimal())
    if not digits or is_filler(digits) or is_filler(_COUNTRY_CODE.sub("", digits, count=1)):
        return _NOTHING
    body = "+" + body[2:] if body.startswith("00") else body
    library = _library()
    try:
        number = library.parse(body, country)
    except library.NumberParseException:
        return _phone(digits, suffix, False, False)
    valid = bool(library.is_valid_number(number))
    known = valid or body.startswith("+")
    return _phone(
        library.format_number(number, library.PhoneNumberFormat.E164) if known else digits,
        suffix,
        valid,
        valid or (len(digits) >= _SHORTEST and bool(library.is_possible_number(number))),
    )


def several(text: str, country: str = "CN") -> tuple[Phone, ...]:
    """Read a field that may hold several telephone numbers (13800138000/13900139000).

    Returns
    -------
    tuple of Phone
        The field as one number if it is one; else the valid numbers in it, each once; else what ``parse`` returns.
    """
    whole = parse(text, country)
    # what is no longer than one number, with its code and separators, holds no second one
    if sum(map(str.isdecimal, text)) < _TWO:
        return (whole,)
    parts = (piece for part in _BETWEEN.split(clean(text)) for piece in _pieces(part))
    read = (parse(piece, country) for piece in parts)
    found = tuple(dict.fromkeys(one for one in read if one.valid))
    # of one number with an extension, the pieces say less than the whole
    return found if len(found) > 1 or (found and not whole.valid) else (whole,)


def _pieces(part: str) -> list[str]:
    """Cut what no separator but a space cuts: Chinese mobile numbers, then the rest, whole and by its spaces."""
    rest = _EACH_MOBILE.sub(" ", part).strip()
    return [*_EACH_MOBILE.findall(part), rest, *rest.split()]


def mobile(digits: str) -> str:
    """Return the E.164 form of a Chinese mobile number written without separators, with 86 or not; empty for others."""
    found = _MOBILE.fullmatch(digits)
    return f"+86{found.group(1)}" if found else ""


def _phone(number: str, extension: str, valid: bool, possible: bool) -> Phone:
    canonical = f"{number}x{extension}" if extension else number
    return Phone(canonical, valid, mask(number), possible)


def mask(number: str) -> str:
    """Return the number with its middle hidden: the operator or area part and the last two to four digits stay."""
    shown = 4 if len(number) >= 11 else 2 if len(number) >= 7 else 0
    head = min(len(number) - shown - 4, 6 if number.startswith("+") else 3)
    head = max(head, 0)
    hidden = len(number) - head - shown
    return number[:head] + "*" * hidden + (number[-shown:] if shown else "")
