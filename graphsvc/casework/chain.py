"""Hash-linked logs: every entry carries the hash of the one before, so that a change or a gap shows."""

from __future__ import annotations

import hashlib
import json
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from typing import Any

from graphsvc.model.errors import Conflict
from graphsvc.model.graph import Label
from graphsvc.store.driver import Store

GENESIS = "0" * 64
"""What the first entry of a log names as its predecessor."""

_ATTEMPTS = 50
_PAGE = 5_000


@dataclass(frozen=True)
class Log:
    """A log: the label of its entries and the id of its chain."""

    label: Label
    chain: str


AUDIT = Log(Label.AUDIT_ENTRY, "audit")
"""The one log of reads, exports and changes."""


def custody(test_buy: str) -> Log:
    """Return the custody log of a test buy."""
    return Log(Label.CUSTODY_EVENT, f"custody:{test_buy}")


@dataclass(frozen=True)
class Entry:
    """One entry of a log; ``details`` are plain JSON values."""

    chain: str
    sequence: int
    at: datetime
    by: str
    action: str
    subject: str
    details: dict[str, Any]
    previous: str
    hash: str = ""

    def digest(self) -> str:
        """Return the SHA-256 (hex) over all fields but the hash, as canonical JSON."""
        content = asdict(self)
        del content["hash"]
        content["at"] = self.at.astimezone(UTC).isoformat(timespec="microseconds")
        text = json.dumps(content, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
        return hashlib.sha256(text.encode()).hexdigest()


@dataclass(frozen=True)
class Break:
    """Where a log stops holding together, and how."""

    sequence: int
    what: str


@dataclass(frozen=True)
class Verdict:
    """Outcome of a verification: how many entries, the last hash, and the first break if there is one."""

    entries: int
    head: str
    broken: Break | None = None


def append(
    store: Store,
    log: Log,
    *,
    by: str,
    action: str,
    subject: str,
    details: dict[str, Any] | None = None,
    at: datetime | None = None,
) -> Entry:
    """Add an entry to the end of a log and return it.

    Writers in any number of processes may append at once: the statement locks the log and writes only if
    the end is still where it was when the hash was computed, else the entry is computed again.

    Raises
    ------
    Conflict
        If the end moved under us too many times.
    """
    moment = (at or datetime.now(UTC)).astimezone(UTC)
    for _ in range(_ATTEMPTS):
        tail = store.read("access/chain_tail", chain=log.chain)[0]
        draft = Entry(
            log.chain, tail["length"] + 1, moment, by, action, subject, details or {}, tail["head"] or GENESIS
        )
        entry = Entry(**{**_fields(draft), "hash": draft.digest()})
        if store.write("access/chain_append", {"LABEL": log.label}, **_row(entry)):
            return entry
    raise Conflict(f"The log {log.chain} is being written by too many at once.", "Try again.")


def entries(store: Store, log: Log, after: int = 0, limit: int = _PAGE) -> list[Entry]:
    """Return entries of a log in order, those after sequence number ``after``."""
    rows = store.read(
        "access/chain_entries",
        {"LABEL": log.label},
        chain=log.chain,
        first=_key(log.chain, after + 1),
        last=_key(log.chain, 10**10 - 1),
        limit=limit,
    )
    return [Entry(**{**row, "details": json.loads(row["details"])}) for row in rows]


def verify(store: Store, log: Log) -> Verdict:
    """Walk a log from its first entry and say whether it holds together up to its recorded end."""
    tail = store.read("access/chain_tail", chain=log.chain)[0]
    count, previous = 0, GENESIS
    while page := entries(store, log, after=count):
        for entry in page:
            broken = _flaw(entry, count + 1, previous)
            if broken:
                return Verdict(count, previous, Break(count + 1, broken))
            count, previous = entry.sequence, entry.hash
    # Entries added since the tail was read are fine; fewer than recorded are not.
    if count < tail["length"]:
        return Verdict(
            count, previous, Break(count + 1, f"the log should hold {tail['length']} entries and ends early")
        )
    if count == tail["length"] and previous != (tail["head"] or GENESIS):
        return Verdict(count, previous, Break(count, "the last entry is not the one recorded as last"))
    return Verdict(count, previous)


def _flaw(entry: Entry, sequence: int, previous: str) -> str:
    if entry.sequence != sequence:
        return f"entry {sequence} is missing"
    if entry.previous != previous:
        return "it does not name the entry before it"
    if entry.digest() != entry.hash:
        return "its content is not what was written"
    return ""


def _fields(entry: Entry) -> dict[str, Any]:
    return {name: getattr(entry, name) for name in entry.__dataclass_fields__}


def _row(entry: Entry) -> dict[str, Any]:
    details = json.dumps(entry.details, sort_keys=True, ensure_ascii=False)
    return {
        **_fields(entry),
        "id": _key(entry.chain, entry.sequence),
        "title": f"{entry.action} {entry.subject}".strip(),
        "details": details,
    }


def _key(chain: str, sequence: int) -> str:
    return f"{chain}#{sequence:010d}"
