"""Rows put aside on disk by key, so that duplicates meet again in one bucket and memory never holds more
than one."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import polars as pl

_ROWS = 400_000
_BUCKET = "#bucket"


class Spill:
    """Frames of one schema on disk, split by the hash of their key columns into ``buckets``.

    The hash serves within one staging only; nothing of it is kept.
    """

    def __init__(self, folder: Path, key: tuple[str, ...], buckets: int) -> None:
        self.folder, self.key, self.buckets = folder, key, buckets
        self._held: list[pl.DataFrame] = []
        self._rows = self._files = 0

    def add(self, frame: pl.DataFrame) -> None:
        """Put rows aside."""
        if frame.is_empty():
            return
        self._held.append(frame)
        self._rows += frame.height
        if self._rows >= _ROWS:
            self.flush()

    def flush(self) -> None:
        """Write what is held in memory."""
        if not self._held:
            return
        frame = pl.concat(self._held)
        self._held, self._rows = [], 0
        if self.buckets == 1:
            self._write(0, frame)
            return
        bucket = frame.select(pl.struct(self.key).hash(seed=0) % self.buckets).to_series().alias(_BUCKET)
        for (number,), part in (
            frame.with_columns(bucket).partition_by(_BUCKET, as_dict=True, include_key=False).items()
        ):
            self._write(int(str(number)), part)

    def _write(self, bucket: int, frame: pl.DataFrame) -> None:
        folder = self.folder / f"{bucket:05d}"
        folder.mkdir(parents=True, exist_ok=True)
        frame.write_parquet(folder / f"{self._files:06d}.parquet", compression="lz4", statistics=False)
        self._files += 1

    def read(self) -> Iterator[pl.DataFrame]:
        """Yield the rows of each bucket that has any."""
        self.flush()
        for folder in sorted(self.folder.glob("[0-9]*")):
            yield pl.read_parquet(folder / "*.parquet")

    def move(self, folder: Path) -> Spill:
        """Move what lies on disk to another folder, from which it can still be read."""
        self.flush()
        if self.folder.exists():
            self.folder.rename(folder)
        self.folder = folder
        return self
