"""CSV: the stores, one row each, with the identifiers each shares with others."""

from __future__ import annotations

import csv
import io
from collections import defaultdict

from graphsvc.dossier.model import Dossier

_COLUMNS = (
    "racket_id",
    "ref",
    "seller_id",
    "marketplace",
    "name",
    "status",
    "member_confidence",
    "role",
    "counterfeit",
    "stability",
    "apart",
    "sales_30d",
    "opened_on",
    "closed_on",
    "url",
    "shares",
)
_FORMULA = ("=", "+", "-", "@", "\t", "\r")


def render(dossier: Dossier) -> bytes:
    """Return the stores as CSV with a byte order mark, so that spreadsheets read the Chinese."""
    shared: dict[str, list[str]] = defaultdict(list)
    for use in dossier.network:
        shared[use.store].append(use.identifier)
    out = io.StringIO(newline="")
    writer = csv.writer(out)
    writer.writerow(_COLUMNS)
    for store in dossier.stores:
        writer.writerow(
            map(
                _safe,
                (
                    dossier.racket,
                    store.ref,
                    store.seller_id,
                    store.marketplace,
                    store.name,
                    store.status,
                    store.confidence,
                    store.role,
                    store.counterfeit,
                    store.stability,
                    store.apart,
                    store.sales_30d,
                    store.opened_on,
                    store.closed_on,
                    store.url,
                    " ".join(shared[store.ref]),
                ),
            )
        )
    return b"\xef\xbb\xbf" + out.getvalue().encode()


def _safe(value: object) -> object:
    """Keep a spreadsheet from running text as a formula: store names are written by strangers."""
    if isinstance(value, str) and value.startswith(_FORMULA):
        return "'" + value
    return value
