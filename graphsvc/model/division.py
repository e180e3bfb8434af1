"""Codes of administrative divisions (GB/T 2260): two digits for a province, four for a city, six for a county."""

from __future__ import annotations

import re

CODE = r"[0-9]{2}([0-9]{2}){0,2}"
"""What a code looks like; a shorter one stands for all that lies within."""


def is_code(text: str) -> bool:
    """Whether a text is a division's code."""
    return re.fullmatch(CODE, text) is not None
