# ruff: noqa: E501 - patterns, tables and reasons are easier to read in one line
"""E-mail addresses."""

from __future__ import annotations

import re
from dataclasses import dataclass

from ingest.normalise.placeholder import WORDS, is_masked
from ingest.normalise.text import clean

_EMAIL = re.compile(r"[^\s@<>,;\"()]+@(?:[\w-]+\.)+[\w-]{2,}", re.UNICODE)
_NOBODY = frozenset(
    ["none", "null", "nil", "nan", "unknown", "undefined", "noemail", "no-email", "nomail", "nobody"]
)
"""Local parts that are no mailbox, whatever the domain."""
_NOWHERE = WORDS | frozenset(["example", "email", "mail", "domain", "abc", "aaa", "123"])
"""Domains at which a word for nothing is no mailbox either: test@example.com, none@none.com."""
_SAME_DOMAIN = {"googlemail.com": "gmail.com"}


@dataclass(frozen=True)
class Email:
    """An e-mail address in lower case; ``canonical`` is empty and ``valid`` False if there is none in the text.

    A masked one (z***@163.com) and a placeholder (none@none.com) are none.
    """

    canonical: str
    valid: bool
    masked: str


def parse(text: str) -> Email:
    """Read one e-mail address: NFKC, no ``mailto:`` or brackets, lower case, no ``+tag``; dots fall out at Gmail only."""
    value = clean(text).lower().replace("mailto:", " ")
    value = re.sub(r"\s*(?:\(at\)|\[at\]| at )\s*", "@", value)
    value = re.sub(r"\s*(?:\(dot\)|\[dot\])\s*", ".", value).replace("。", ".")
    found = _EMAIL.search(value)
    if not found:
        return Email("", False, "")
    local, _, domain = found.group().rpartition("@")
    domain = _SAME_DOMAIN.get(domain, domain)
    local = local.split("+", 1)[0] or local
    if domain == "gmail.com":
        local = local.replace(".", "") or local
    canonical = f"{local}@{domain}"
    if is_masked(canonical) or _is_nobody(local, domain):
        return Email("", False, "")
    return Email(canonical, True, mask(canonical))


def _is_nobody(local: str, domain: str) -> bool:
    return local in _NOBODY or (local in _NOWHERE and domain.partition(".")[0] in _NOWHERE)


def mask(canonical: str) -> str:
    """Return the address with the local part hidden but for its first character."""
    local, at, domain = canonical.rpartition("@")
    return f"{local[:1] if len(local) > 1 else ''}***{at}{domain}"
