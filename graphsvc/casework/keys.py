"""API keys: made, listed, revoked and recognised. Only an argon2id hash is kept; the secret is shown once."""

from __future__ import annotations

import hashlib
import hmac
import re
import secrets
from collections import OrderedDict
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from threading import Lock
from typing import Any

from argon2 import PasswordHasher
from argon2.exceptions import Argon2Error, InvalidHashError

from graphsvc.casework.access import Principal, Role, Scope, Unauthorised
from graphsvc.model.division import is_code
from graphsvc.model.errors import BadInput, NotFound
from graphsvc.store.driver import Store

_TOKEN = re.compile(r"gsv_(?P<prefix>[0-9a-f]{10})_(?P<secret>[0-9a-f]{48})")
_REMEDY = "Send `Authorization: Bearer gsv_…`; keys are made with `graphsvc keys create`."
_HASHER = PasswordHasher(time_cost=2, memory_cost=19 * 1024, parallelism=1)
"""Argon2id at the usual minimum: the secret has 192 random bits already."""


@dataclass(frozen=True)
class KeyRequest:
    """What a new key is to be. ``days`` is how long it is good for."""

    name: str
    role: Role
    jurisdictions: tuple[str, ...] = ()
    brands: tuple[str, ...] = ()
    days: int = 365


@dataclass(frozen=True)
class ApiKey:
    """A key as kept: all but its secret."""

    prefix: str
    name: str
    role: Role
    jurisdictions: tuple[str, ...]
    brands: tuple[str, ...]
    created_at: datetime
    expires_at: datetime
    revoked_at: datetime | None

    def state(self, now: datetime) -> str:
        """Return ``active``, ``expired`` or ``revoked``."""
        if self.revoked_at is not None:
            return "revoked"
        return "expired" if self.expires_at <= now else "active"

    @property
    def principal(self) -> Principal:
        """Who asks with this key."""
        return Principal(self.prefix, self.name, self.role, Scope.of(self.jurisdictions, self.brands))


@dataclass(frozen=True)
class IssuedKey:
    """A new key with the token to hand over; nothing can show the token again."""

    token: str
    key: ApiKey


def issue(store: Store, request: KeyRequest, now: datetime | None = None) -> IssuedKey:
    """Make a key.

    Raises
    ------
    BadInput
        If the role needs bounds that are missing, or the request makes no sense.
    """
    check(request)
    prefix, secret = secrets.token_hex(5), secrets.token_hex(24)
    token = f"gsv_{prefix}_{secret}"
    created = now or datetime.now(UTC)
    rows = store.write(
        "access/key_create",
        prefix=prefix,
        title=request.name.strip(),
        hash=_HASHER.hash(token),
        role=request.role.value,
        jurisdictions=sorted(request.jurisdictions),
        brands=sorted(request.brands),
        createdAt=created,
        expiresAt=created + timedelta(days=request.days),
    )
    return IssuedKey(token, _key(rows[0]))


def check(request: KeyRequest) -> None:
    """Refuse a request that makes no sense.

    Raises
    ------
    BadInput
        If the name, the days, the bounds of the role or a division code are missing or out of range.
    """
    if not request.name.strip():
        raise BadInput("A key needs a name.", "Say whose it is, such as `Putian liaison`.")
    if not 1 <= request.days <= 3660:
        raise BadInput(f"A key cannot be good for {request.days} days.", "Give 1 to 3660 days.")
    if request.role is Role.LIAISON and not request.jurisdictions:
        raise BadInput(
            "A liaison's key needs a jurisdiction.", "Give `--jurisdiction ADCODE`, such as 350300."
        )
    if request.role is Role.BRAND and not request.brands:
        raise BadInput("A brand member's key needs a brand.", "Give `--brand NAME`.")
    for code in request.jurisdictions:
        if not is_code(code.strip()):
            raise BadInput(
                f"'{code}' is not a division code.", "Give two, four or six digits, such as 350000."
            )


def list_keys(store: Store) -> list[ApiKey]:
    """Return all keys, oldest first."""
    return [_key(row) for row in store.read("access/keys")]


def revoke(store: Store, prefix: str, now: datetime | None = None) -> ApiKey:
    """Revoke a key by its prefix; it is refused from the next request on.

    Raises
    ------
    NotFound
        If no key has this prefix.
    """
    short = prefix.removeprefix("gsv_").split("_")[0]
    rows = store.write("access/key_revoke", prefix=short, at=now or datetime.now(UTC))
    if not rows:
        raise NotFound(f"No key has the prefix '{short}'.", "See `graphsvc keys list`.")
    return _key(rows[0])


def first_key(store: Store) -> IssuedKey | None:
    """Make an admin key if no key is active, so that a fresh local service can be used; else return None."""
    now = datetime.now(UTC)
    if any(key.state(now) == "active" for key in list_keys(store)):
        return None
    return issue(store, KeyRequest("first key", Role.ADMIN), now)


class KeyRing:
    """Recognises tokens.

    The key's node is read on every request, so that a revocation holds at once; what is remembered is
    only that a token matched a hash, so that argon2 is paid once per token and not once per request.
    Tokens are remembered as keyed digests under a secret of this process.

    Parameters
    ----------
    store : Store
        Where keys are.
    remembered : int
        How many tokens to remember.
    """

    def __init__(self, store: Store, remembered: int = 4096) -> None:
        self._store = store
        self._secret = secrets.token_bytes(32)
        self._matched: OrderedDict[bytes, str] = OrderedDict()
        self._remembered = remembered
        self._lock = Lock()

    def authenticate(self, token: str) -> Principal:
        """Return who holds this token.

        Raises
        ------
        Unauthorised
            If it is malformed, unknown, wrong, expired or revoked.
        """
        form = _TOKEN.fullmatch(token)
        if not form:
            raise Unauthorised("This is not a key of this service.", _REMEDY)
        row = self._row(form["prefix"])
        if row is None or not self._matches(token, row["hash"]):
            raise Unauthorised("This key is not known.", _REMEDY)
        return _active(row)

    def recall(self, prefix: str) -> Principal:
        """Return who holds the key with this prefix, for sessions that showed the token before."""
        row = self._row(prefix)
        if row is None:
            raise Unauthorised("This key is not known.", _REMEDY)
        return _active(row)

    def _row(self, prefix: str) -> dict[str, Any] | None:
        rows = self._store.read("access/key_by_prefix", prefix=prefix)
        return rows[0] if rows else None

    def _matches(self, token: str, stored: str) -> bool:
        digest = hmac.new(self._secret, token.encode(), hashlib.sha256).digest()
        with self._lock:
            known = self._matched.get(digest)
        if known is not None and hmac.compare_digest(known, stored):
            return True
        try:
            _HASHER.verify(stored, token)
        except (Argon2Error, InvalidHashError):
            return False
        with self._lock:
            self._matched[digest] = stored
            while len(self._matched) > self._remembered:
                self._matched.popitem(last=False)
        return True


def _active(row: dict[str, Any]) -> Principal:
    key = _key(row)
    state = key.state(datetime.now(UTC))
    if state != "active":
        raise Unauthorised(f"This key is {state}.", "Ask for a new one (`graphsvc keys create`).")
    return key.principal


def _key(row: dict[str, Any]) -> ApiKey:
    return ApiKey(
        row["prefix"],
        row["name"],
        Role(row["role"]),
        tuple(row["jurisdictions"] or ()),
        tuple(row["brands"] or ()),
        row["createdAt"],
        row["expiresAt"],
        row["revokedAt"],
    )
