# ruff: noqa: E501 - patterns, tables and reasons are easier to read in one line
"""Payment accounts: canonical numbers by type, check digits, masked forms, keyed hashes.

The canonical number carries no type: tables name the same account with different types or with none (a test buy, a
list of known services), and the numbers of the types do not collide in practice (a mobile number or an e-mail
address that is both an Alipay and a WeChat account belongs to one person).
"""

from __future__ import annotations

import hashlib
import hmac
import re
import unicodedata
from collections.abc import Callable
from dataclasses import dataclass

from ingest.normalise import email, phone
from ingest.normalise.checksums import base58check, bech32, eip55, iban, luhn
from ingest.normalise.comparison import EQUAL, NOTHING, Comparison, Weighing
from ingest.normalise.placeholder import is_filler, is_masked, is_placeholder
from ingest.normalise.text import HAN_DIGITS, clean

KINDS = ("bank", "alipay", "wechat", "paypal", "card", "crypto", "other")
"""Types of the table ``payment_accounts``."""

_SEPARATORS = re.compile(r"[\s\-_.·•,/]+")
_HAN_RUN = re.compile(r"[零一二两三四五六七八九]{6,}")
_LABEL = re.compile(
    r"^(?:(?:银行)?(?:卡号|账号|帐号|账户|帐户|户号)|支付宝|微信号?|微信支付|财付通|贝宝|bank|alipay|wechat|weixin|paypal|card|iban|account|acct|a/c|no\.?|number|钱包(?:地址)?|wallet|address)"
    r"(?:(?:账号|帐号|账户|帐户|号码|号)?\s*[:.#]\s*|\s+(?=\S)|(?=[\d+]))",
    re.IGNORECASE,
)
_IBAN = re.compile(r"[A-Z]{2}\d{2}[A-Z0-9]{11,30}")
_WECHAT = re.compile(r"[a-z][a-z0-9_-]{5,19}")
_ETHEREUM = re.compile(r"0[xX][0-9a-fA-F]{40}")
_BASE58 = re.compile(r"[1-9A-HJ-NP-Za-km-z]{25,36}")
_BECH32 = re.compile(r"(?:bc|tb)1[02-9ac-hj-np-z]{11,71}", re.IGNORECASE)
_BASE58_VERSIONS = {"1": 0x00, "3": 0x05, "T": 0x41}


@dataclass(frozen=True)
class Account:
    """A payment account.

    Attributes
    ----------
    kind : str
        As given, or guessed from the number where ``""`` was given.
    canonical : str
        One form of the number; empty if there is none, or only a placeholder or a masked number.
    valid : bool or None
        Whether the check digits hold; None where the number has none.
    masked : str
        What helps a person to recognise it and no more; never the whole number.
    """

    kind: str
    canonical: str
    valid: bool | None
    masked: str


def parse(kind: str, number: str) -> Account:
    """Read one account number.

    Parameters
    ----------
    kind : str
        One of ``KINDS``; ``""`` if unknown. Anything else is read as ``other``.
    number : str
        As received: full-width or Chinese digits, separators, labels.
    """
    kind = kind.strip().lower()
    text = clean(number)
    text = (
        text
        if text.isascii()
        else _HAN_RUN.sub(lambda m: "".join(str(HAN_DIGITS[c]) for c in m.group()), text)
    )
    nothing = Account(kind if kind in KINDS else "other", "", None, "")
    if is_placeholder(text) or is_masked(text):
        return nothing
    text = _LABEL.sub("", text).strip()
    if is_placeholder(text):
        return nothing
    if not kind:
        kind = _guess(text)
    canonical, valid = _READERS.get(kind, _other)(text)
    canonical = unicodedata.normalize("NFKC", canonical)
    if is_filler(canonical):
        return nothing
    return Account(kind if kind in KINDS else "other", canonical, valid, mask(canonical))


def keyed(canonical_account: str, key: bytes) -> str:
    """Return the identity under which an account is stored: HMAC-SHA-256 under ``key``, 32 hexadecimal digits (128 bits).

    Raises
    ------
    ValueError
        If the account or the key is empty: all such accounts would become one.
    """
    if not canonical_account or not key:
        raise ValueError("an empty account or key cannot be hashed")
    return hmac.new(key, canonical_account.encode(), hashlib.sha256).hexdigest()[:32]


def mask(canonical: str) -> str:
    """Return a canonical number with at least half of it hidden: mail and phone in their own way, else both ends shown."""
    own = email.mask if "@" in canonical else phone.mask if canonical.startswith("+") else None
    # What only looks like mail or a phone may be so short that their way hides nothing of it.
    if own is not None and canonical not in own(canonical):
        return own(canonical)
    shown = min(4, len(canonical) // 4)
    return (
        f"{canonical[:shown]}{'*' * min(8, len(canonical) - 2 * shown)}{canonical[len(canonical) - shown :]}"
    )


def compare(a: str, b: str) -> Comparison:
    """Return the probability that two account numbers are the same account.

    A number is the same or it is not; only a slip that the check digit proves leaves a doubt: where exactly one of two
    numbers breaks its check digit and they differ by one digit or two swapped neighbours, a slip is likely (three such
    neighbours in a hundred numbers would exist by chance only in a market with as many accounts as numbers).
    """
    left, right = parse("", a), parse("", b)
    if not left.canonical or not right.canonical:
        return NOTHING
    if left.canonical == right.canonical:
        return EQUAL
    weighing = Weighing(-9.0)
    if len(left.canonical) >= 12 and _one_slip(left.canonical, right.canonical):
        broken = [x.valid is False for x in (left, right)]
        weighing.add(
            9.0 if sum(broken) == 1 else 2.0,
            "one digit apart, and one of them breaks its check digit"
            if sum(broken) == 1
            else "one digit apart",
        )
    else:
        weighing.add(-6.0, "different numbers")
    return weighing.result()


def _one_slip(a: str, b: str) -> bool:
    if len(a) != len(b):
        return False
    places = [i for i, (x, y) in enumerate(zip(a, b, strict=True)) if x != y]
    if len(places) == 2 and places[1] == places[0] + 1:
        return a[places[0]] == b[places[1]] and a[places[1]] == b[places[0]]
    return len(places) == 1


def _guess(text: str) -> str:
    bare = _SEPARATORS.sub("", text)
    if (
        _ETHEREUM.fullmatch(bare)
        or _BECH32.fullmatch(bare)
        or (_BASE58.fullmatch(bare) and base58check(bare))
    ):
        return "crypto"
    if "@" in text:
        return "paypal"
    if bare.isdecimal() and 12 <= len(bare) <= 19:
        return "alipay" if phone.mobile(bare) else "bank"
    if _IBAN.fullmatch(bare.upper()) and iban(bare.upper()):
        return "bank"
    return "alipay" if phone.parse(text).valid else "other"


def _bank(text: str) -> tuple[str, bool | None]:
    bare = _SEPARATORS.sub("", text).upper()
    if bare.isdecimal():
        card = 16 <= len(bare) <= 19 and bare[0] in "34569"
        return bare, luhn(bare) if card else None
    if _IBAN.fullmatch(bare):
        return bare, iban(bare)
    return _other(text)


def _card(text: str) -> tuple[str, bool | None]:
    bare = _SEPARATORS.sub("", text)
    if bare.isdecimal():
        return bare, 12 <= len(bare) <= 19 and luhn(bare)
    return _other(text)


def _wallet_of_person(text: str) -> tuple[str, bool | None]:
    if "@" in text:
        mail = email.parse(text)
        return (mail.canonical, True) if mail.valid else (_other(text)[0], False)
    number = phone.parse(text)
    if number.valid and not any(c.isalpha() for c in text):
        return number.canonical, True
    return _other(text)[0], False


def _alipay(text: str) -> tuple[str, bool | None]:
    bare = _SEPARATORS.sub("", text)
    if bare.isdecimal() and len(bare) == 16 and bare.startswith("2088"):
        return bare, True
    return _wallet_of_person(text)


def _wechat(text: str) -> tuple[str, bool | None]:
    canonical, valid = _wallet_of_person(text)
    if valid:
        return canonical, valid
    bare = re.sub(r"\s", "", text).lower()
    if _WECHAT.fullmatch(bare):
        return bare, True
    return (bare, True) if bare.isdecimal() and 5 <= len(bare) <= 11 else (bare, False)


def _paypal(text: str) -> tuple[str, bool | None]:
    return _wallet_of_person(text)


def _crypto(text: str) -> tuple[str, bool | None]:
    bare = re.sub(r"\s", "", text)
    if _ETHEREUM.fullmatch(bare):
        return bare.lower(), eip55("0x" + bare[2:])
    if _BECH32.fullmatch(bare):
        one_case = bare in (bare.lower(), bare.upper())
        return bare.lower(), one_case and bech32(bare.lower())
    version = _BASE58_VERSIONS.get(bare[:1])
    if version is not None and _BASE58.fullmatch(bare):
        payload = base58check(bare)
        return bare, payload is not None and len(payload) == 21 and payload[0] == version
    return bare, None


def _other(text: str) -> tuple[str, bool | None]:
    digits = _SEPARATORS.sub("", text)
    return (digits, None) if digits.isdecimal() else (text, None)


_READERS: dict[str, Callable[[str], tuple[str, bool | None]]] = {
    "bank": _bank,
    "card": _card,
    "alipay": _alipay,
    "wechat": _wechat,
    "paypal": _paypal,
    "crypto": _crypto,
    "other": _other,
}
