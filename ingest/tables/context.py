"""What every table's builder is handed."""

from __future__ import annotations

from dataclasses import dataclass, field


@dataclass(frozen=True)
class Context:
    """``account_key`` keys the hashes of payment accounts."""

    account_key: bytes = field(repr=False)
