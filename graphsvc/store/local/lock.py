"""Resolve the pinned releases and write their locks: ``python -m graphsvc.store.local.lock [2026.08 ...]``.

Run it when a coordinate in ``config.RELEASES`` changes, and commit what it writes.
"""

from __future__ import annotations

import sys

from graphsvc.store.local.artifacts import sha256_of
from graphsvc.store.local.config import RELEASES, Release


def resolve(release: Release) -> list[str]:
    """Return the lines of a release's lock: its artifacts with all they need, in class path order."""
    import jgo

    lines = []
    for artifact in jgo.resolve("+".join(release.coordinates)):
        path = f"{artifact.component.path_prefix.as_posix()}/{artifact.filename}"
        lines.append(f"{path} {sha256_of(artifact.resolve())}")
    return lines


def main(names: list[str]) -> None:
    """Write the locks of the named releases, or of all."""
    for name in names or list(RELEASES):
        release = RELEASES[name]
        release.lock.write_text("\n".join(resolve(release)) + "\n", encoding="utf-8")
        sys.stdout.write(f"{release.lock}\n")


if __name__ == "__main__":
    main(sys.argv[1:])
