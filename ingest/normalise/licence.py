"""Business licence numbers: the unified social credit code, and the registration number it replaced."""

from __future__ import annotations

import re
from dataclasses import dataclass

from ingest.normalise.checksums import credit_code, registration
from ingest.normalise.placeholder import is_filler, is_masked, is_placeholder
from ingest.normalise.text import clean

_OTHER = re.compile(r"[^0-9A-Z]")
_CODE = re.compile(r"[159ANY][1239]\d{6}[0-9A-HJ-NPQRTUWXY]{10}")
_SLIPS = str.maketrans("OISZ", "0152")


@dataclass(frozen=True)
class Licence:
    """A licence number: capitals without separators; kind ``credit code``, ``registration`` or ``other``.

    ``valid`` tells whether the check digit holds, None where the kind has none.
    """

    canonical: str
    kind: str
    valid: bool | None


def parse(text: str) -> Licence:
    """Read one licence number.

    The credit code's alphabet has no I, O, S, V and Z: where one of these stands in a number of 18 characters and
    replacing it by the digit it looks like makes the check digit hold, it is replaced.
    """
    text = clean(text)
    value = _OTHER.sub("", text.upper())
    if is_placeholder(text) or is_masked(text) or is_filler(value):
        return Licence("", "other", None)
    if len(value) == 18:
        if _CODE.fullmatch(value) and credit_code(value):
            return Licence(value, "credit code", True)
        repaired = value.translate(_SLIPS)
        if repaired != value and _CODE.fullmatch(repaired) and credit_code(repaired):
            return Licence(repaired, "credit code", True)
        return Licence(value, "credit code", False)
    if len(value) == 15 and value.isdecimal():
        return Licence(value, "registration", registration(value))
    return Licence(value, "other", None)
