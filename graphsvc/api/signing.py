"""Signed tokens: page cursors and sessions, under keys derived from the account key, one a purpose."""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac
from typing import Any

import orjson


class Signer:
    """Signs small JSON values for one purpose.

    Parameters
    ----------
    key : bytes
        The service's secret.
    purpose : str
        A token made for one purpose is worthless for another.
    """

    def __init__(self, key: bytes, purpose: str) -> None:
        self._key = hmac.digest(key, f"graphsvc {purpose}".encode(), hashlib.sha256)

    def sign(self, value: dict[str, Any]) -> str:
        """Return ``value`` as a token that is safe in URLs and cookies."""
        content = orjson.dumps(value, option=orjson.OPT_SORT_KEYS)
        return base64.urlsafe_b64encode(self._mark(content) + content).decode().rstrip("=")

    def read(self, token: str) -> dict[str, Any] | None:
        """Return the value of a token, or None if we did not make it."""
        try:
            raw = base64.b64decode(
                token.encode("ascii") + b"=" * (-len(token) % 4), altchars=b"-_", validate=True
            )
        except (ValueError, binascii.Error):
            return None
        mark, content = raw[:16], raw[16:]
        if not hmac.compare_digest(mark, self._mark(content)):
            return None
        value: dict[str, Any] = orjson.loads(content)
        return value

    def _mark(self, content: bytes) -> bytes:
        return hmac.digest(self._key, content, hashlib.sha256)[:16]
