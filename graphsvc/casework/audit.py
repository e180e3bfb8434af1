"""The audit: every read of a dossier, every export and every change, in one hash-linked log."""

from __future__ import annotations

from typing import Any

from graphsvc.casework.access import Principal
from graphsvc.casework.chain import AUDIT, Entry, Verdict, append, verify
from graphsvc.store.driver import Store


def record(store: Store, principal: Principal, action: str, subject: str, **details: Any) -> Entry:
    """Write who did what to which thing.

    Called before the answer leaves: what cannot be audited is not shown.

    Parameters
    ----------
    principal : Principal
        Who did it; prefix and name of the key are kept, never the key.
    action : str
        Dotted verb such as ``dossier.read``.
    subject : str
        Id of the thing.
    **details
        Plain JSON values worth keeping (format, content hash).
    """
    return append(
        store,
        AUDIT,
        by=f"{principal.name} ({principal.prefix})",
        action=action,
        subject=subject,
        details={"role": principal.role.value, **details},
    )


def check(store: Store) -> Verdict:
    """Verify the whole audit."""
    return verify(store, AUDIT)
