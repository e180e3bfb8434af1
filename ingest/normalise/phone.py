"""Telephone numbers: E.164 where they can be read so."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache
from typing import Any

from ingest.normalise.text import HAN_DIGITS, clean

_MOBILE = re.compile(r"(?:\+?86|0086)?(1[3-9]\d{9})")
_EXTENSION = re.compile(
    r"(?:转分机|转接|分机|转|内线|ext\.?|extension|#|x)\s*[:.]?\s*(\d{1,6})\s*$", re.IGNORECASE
)
_LABEL = re.compile(r"^\D*?(?:电话|手机|热线|tel|phone|mobile|mob)\s*[:.]?\s*", re.IGNORECASE)
_HAN_RUN = re.compile(r"[零一二三四五六七八九]{7,}")


@dataclass(frozen=True)
class Phone:
    """A telephone number: E.164 with ``x`` and the extension if any, whether its plan allows it, and a masked form."""

    canonical: str
    valid: bool
    masked: str


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
        ``canonical`` is empty if there is no digit; a number that no plan knows keeps its digits, ``valid`` False.
    """
    value = _HAN_RUN.sub(lambda m: "".join(str(HAN_DIGITS[c]) for c in m.group()), clean(text))
    if country == "CN" and (number := mobile(re.sub(r"[\s().-]", "", value))):
        return _phone(number, "", True)
    value = _LABEL.sub("", value)
    extension = _EXTENSION.search(value)
    body = value[: extension.start()] if extension else value
    suffix = extension.group(1) if extension else ""
    digits = "".join(c for c in body if c.isdecimal())
    if not digits:
        return Phone("", False, "")
    body = "+" + body[2:] if body.startswith("00") else body
    library = _library()
    try:
        number = library.parse(body, country)
    except library.NumberParseException:
        return _phone(digits, suffix, False)
    valid = bool(library.is_valid_number(number))
    known = valid or body.startswith("+")
    return _phone(
        library.format_number(number, library.PhoneNumberFormat.E164) if known else digits, suffix, valid
    )


def mobile(digits: str) -> str:
    """Return the E.164 form of a Chinese mobile number written without separators, with 86 or not; empty for others."""
    found = _MOBILE.fullmatch(digits)
    return f"+86{found.group(1)}" if found else ""


def _phone(number: str, extension: str, valid: bool) -> Phone:
    canonical = f"{number}x{extension}" if extension else number
    return Phone(canonical, valid, mask(number))


def mask(number: str) -> str:
    """Return the number with its middle hidden: the operator or area part and the last two to four digits stay."""
    shown = 4 if len(number) >= 11 else 2 if len(number) >= 7 else 0
    head = min(len(number) - shown - 4, 6 if number.startswith("+") else 3)
    head = max(head, 0)
    hidden = len(number) - head - shown
    return number[:head] + "*" * hidden + (number[-shown:] if shown else "")
