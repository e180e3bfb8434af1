"""The seal of a dossier: a hash over its canonical JSON, so that a changed copy shows."""

from __future__ import annotations

import hashlib
import json

from graphsvc.dossier.model import Dossier


def canonical(dossier: Dossier) -> bytes:
    """Return the bytes the seal is taken over: JSON without the seal, keys sorted, no spaces, UTF-8."""
    content = dossier.model_dump(mode="json", exclude={"content_sha256"})
    return json.dumps(content, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode()


def sealed(dossier: Dossier) -> Dossier:
    """Return the dossier with its seal."""
    return dossier.model_copy(update={"content_sha256": hashlib.sha256(canonical(dossier)).hexdigest()})


def holds(dossier: Dossier) -> bool:
    """Whether the dossier is as it was sealed."""
    return sealed(dossier).content_sha256 == dossier.content_sha256
