"""Compressed or plain bytes to blocks of whole lines, and blocks to decoded lines with their numbers."""

from __future__ import annotations

import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

import numpy as np
import zstandard
from numpy.typing import NDArray

from graphsvc.model.errors import BadInput
from ingest.formats.batch import Limits
from ingest.rejects import Fault

_GZIP, _ZSTD, _BOM = b"\x1f\x8b", b"\x28\xb5\x2f\xfd", b"\xef\xbb\xbf"
_OTHERS = {
    b"PAR1": ("is a Parquet file", "Name it .parquet."),
    b"PK\x03\x04": ("is a zip archive or an Excel workbook", "Export it as CSV (UTF-8)."),
    b"\xd0\xcf\x11\xe0": ("is an Excel workbook", "Export it as CSV (UTF-8)."),
    b"BZh": ("is compressed with bzip2", "Use .gz or .zst."),
    b"\xfd7zXZ": ("is compressed with xz", "Use .gz or .zst."),
}
_UTF16 = "Convert it: iconv -f UTF-16 -t UTF-8."
# zstd packs up to 128 KiB into a few bytes: small bites keep what one call inflates bounded
_ZSTD_BITE = 2 << 10
_GZIP_OUT = 1 << 20


class CutOff(Exception):
    """Compressed data ends before its end mark, or is damaged."""


@dataclass(frozen=True)
class Block:
    """Whole lines, each ended by a line feed; the number of the first; lines skipped just before them."""

    data: bytes
    line: int
    faults: tuple[Fault, ...] = ()


@dataclass(frozen=True)
class Lines:
    """Decoded lines without line feeds, their numbers, and those that are not UTF-8."""

    text: list[str]
    numbers: NDArray[np.int64]
    faults: tuple[Fault, ...]


class ByteStream:
    """A file's content, decompressed by what it begins with, in chunks of about ``size`` bytes.

    ``position`` tells how many bytes of the file have been read so far.
    """

    def __init__(self, path: Path, size: int) -> None:
        self.path, self.size, self.position = path, size, 0

    def __iter__(self) -> Iterator[bytes]:
        held: list[bytes] = []
        length = 0
        with self.path.open("rb") as handle:
            try:
                for piece in _inflated(handle, min(self.size, 1 << 20)):
                    held.append(piece)
                    length += len(piece)
                    if length >= self.size:
                        self.position = handle.tell()
                        yield b"".join(held)
                        held, length = [], 0
            except CutOff:
                if held:
                    yield b"".join(held)
                raise
            self.position = handle.tell()
        if held:
            yield b"".join(held)


def _inflated(handle: BinaryIO, size: int) -> Iterator[bytes]:
    start = handle.read(4)
    handle.seek(0)
    if start.startswith(_GZIP):
        return _gunzip(handle)
    if start == _ZSTD:
        return _unzstd(handle)
    return iter(lambda: handle.read(size), b"")


def _gunzip(handle: BinaryIO) -> Iterator[bytes]:
    inflate, fresh = zlib.decompressobj(31), True
    while chunk := handle.read(256 << 10):
        while chunk:
            if fresh and not (chunk := chunk.lstrip(b"\0")):  # padding between members
                break
            try:
                piece = inflate.decompress(chunk, _GZIP_OUT)
            except zlib.error as error:
                raise CutOff from error
            fresh = inflate.eof
            chunk = inflate.unused_data if inflate.eof else inflate.unconsumed_tail
            if inflate.eof:
                inflate = zlib.decompressobj(31)
            if piece:
                yield piece
    if not fresh:
        raise CutOff


def _unzstd(handle: BinaryIO) -> Iterator[bytes]:
    inflate, fresh = zstandard.ZstdDecompressor().decompressobj(), True
    while chunk := handle.read(_ZSTD_BITE):
        while chunk:
            try:
                piece = inflate.decompress(chunk)
            except zstandard.ZstdError as error:
                raise CutOff from error
            fresh = inflate.eof
            chunk = inflate.unused_data if inflate.eof else b""
            if inflate.eof:
                inflate = zstandard.ZstdDecompressor().decompressobj()
            if piece:
                yield piece
    if not fresh:
        raise CutOff


def blocks(stream: ByteStream, limits: Limits) -> Iterator[Block]:
    """Cut a stream at line ends, at most ``limits.block`` and one line held at once.

    Raises
    ------
    BadInput
        After the last whole line, if compressed data is cut off; at once, if this is no UTF-8 text at all.
    """
    pending, line, skipping = b"", 1, False
    try:
        for place, piece in enumerate(stream):
            chunk = _without_mark(piece, stream.path) if place == 0 else piece
            faults: tuple[Fault, ...] = ()
            if skipping:
                _, feed, chunk = chunk.partition(b"\n")
                if not feed:
                    continue
                faults, line, skipping = (_too_long(line, limits),), line + 1, False
            cut = chunk.rfind(b"\n") + 1
            if cut or faults:
                data = pending + chunk[:cut]
                yield Block(data, line, faults)
                line += data.count(b"\n")
                pending = chunk[cut:]
            else:
                pending += chunk
            if len(pending) > limits.line:
                pending, skipping = b"", True
    except CutOff as error:
        raise BadInput(
            f"{stream.path}: ends early after line {line - 1}: the compressed data is cut off or damaged.",
            "The lines before it were used; fetch the file again.",
        ) from error
    if skipping:
        yield Block(b"", line, (_too_long(line, limits),))
    elif pending:
        yield Block(pending + b"\n", line)


def _too_long(line: int, limits: Limits) -> Fault:
    return Fault(line, "", "", f"the line is longer than {limits.line:,} bytes")


def _without_mark(start: bytes, path: Path) -> bytes:
    for magic, (what, remedy) in _OTHERS.items():
        if start.startswith(magic):
            raise BadInput(f"{path} {what}.", remedy)
    if start.startswith((b"\xff\xfe", b"\xfe\xff")):
        raise BadInput(f"{path}, line 1: UTF-16 text, not UTF-8.", _UTF16)
    head = start[:200]
    if head.count(b"\0") * 3 > len(head):
        raise BadInput(f"{path}, line 1: full of NUL bytes; UTF-16 text or no text at all.", _UTF16)
    return start.removeprefix(_BOM)


def decoded(block: Block) -> Lines:
    """Decode a block's lines; those that are not UTF-8 become faults that name the byte."""
    try:
        text = block.data.decode().split("\n")[:-1]
        return Lines(text, np.arange(block.line, block.line + len(text), dtype=np.int64), block.faults)
    except UnicodeDecodeError:
        pass
    good: list[str] = []
    numbers: list[int] = []
    faults = list(block.faults)
    for number, raw in enumerate(block.data.split(b"\n")[:-1], block.line):
        try:
            good.append(raw.decode())
            numbers.append(number)
        except UnicodeDecodeError as error:
            faults.append(Fault(number, "", raw[:800].decode(errors="replace"), not_utf8(error)))
    return Lines(good, np.array(numbers, dtype=np.int64), tuple(faults))


def not_utf8(error: UnicodeDecodeError) -> str:
    """Say which byte is wrong, and how to mend it."""
    byte = error.object[error.start]
    where = f"byte 0x{byte:02X} at position {error.start + 1} of the line"
    return f"not UTF-8: {where}; convert with iconv -f GB18030 -t UTF-8"
