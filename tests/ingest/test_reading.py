"""Files to batches: every line accounted for, whatever is wrong with the file."""

from __future__ import annotations

import csv
import gzip
import io
import json
import subprocess
import sys
from pathlib import Path

import polars as pl
import pytest
import zstandard
from hypothesis import given, settings
from hypothesis import strategies as st

from graphsvc.model.errors import BadInput
from ingest.formats.batch import LINE, Limits
from ingest.reading import read
from ingest.rejects import Fault
from ingest.sources import Format, Source, content_id, find

SMALL = Limits(block=64, line=1_000, quoted_lines=5, quoted_size=500, rows=3)


def rows_of(
    path: Path, limits: Limits = SMALL, form: Format = Format.CSV
) -> tuple[pl.DataFrame, list[Fault]]:
    batches = list(read(Source("sellers", path, form), limits))
    faults = [fault for batch in batches for fault in batch.faults]
    return pl.concat([batch.frame for batch in batches if batch.frame.height], how="diagonal"), faults


def made(tmp_path: Path, content: bytes, name: str = "sellers.csv") -> Path:
    path = tmp_path / name
    path.write_bytes(content)
    return path


@pytest.mark.parametrize("end", ["\n", "\r\n"])
@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
@pytest.mark.parametrize("mark", ["", "\ufeff"])
def test_line_ends_delimiters_and_byte_order_mark(
    tmp_path: Path, end: str, delimiter: str, mark: str
) -> None:
    lines = ["Seller ID,store_name", "a,甲", "", "b,"]
    text = mark + end.join(line.replace(",", delimiter) for line in lines)
    frame, faults = rows_of(made(tmp_path, text.encode()))
    assert frame.rows() == [("a", "甲", 2), ("b", "", 4)]
    assert frame.columns == ["seller_id", "store_name", LINE]
    assert not faults


cell = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\r\x00"), max_size=12)


@settings(max_examples=150, deadline=None)
@given(
    st.lists(st.tuples(cell, cell), min_size=1, max_size=30),
    st.sampled_from([32, 100, 10_000]),
    st.sampled_from(["\n", "\r\n"]),
)
def test_reads_what_pythons_csv_wrote(
    tmp_path_factory: pytest.TempPathFactory, rows: list[tuple[str, str]], block: int, end: str
) -> None:
    out = io.StringIO()
    writer = csv.writer(out, lineterminator=end)
    writer.writerow(["seller_id", "store_name"])
    writer.writerows(rows)
    path = made(tmp_path_factory.mktemp("csv"), out.getvalue().encode())
    frame, faults = rows_of(path, Limits(block=block, line=10_000))
    assert not faults
    assert frame.select("seller_id", "store_name").rows() == rows
    reader = csv.reader(io.StringIO(out.getvalue(), newline=""))
    begins = []
    while True:
        before = reader.line_num
        if next(reader, None) is None:
            break
        begins.append(before + 1)
    assert frame[LINE].to_list() == begins[1:]


@settings(max_examples=150, deadline=None)
@given(st.text(st.sampled_from('ab,"\n'), max_size=200), st.sampled_from([16, 1000]))
def test_no_line_is_lost_whatever_the_quotes(
    tmp_path_factory: pytest.TempPathFactory, text: str, block: int
) -> None:
    path = made(tmp_path_factory.mktemp("csv"), b"seller_id,store_name\n" + text.encode() + b"\nend,x\n")
    batches = list(
        read(Source("sellers", path, Format.CSV), Limits(block=block, quoted_lines=3, quoted_size=50))
    )
    good = [row for batch in batches for row in batch.frame.rows()]
    bad = [fault.line for batch in batches for fault in batch.faults]
    covered = set(bad)
    for first, second, line in good:
        covered.update(range(line, line + 1 + first.count("\n") + second.count("\n")))
    full = {number for number, line in enumerate(path.read_text().split("\n"), 1) if line and number > 1}
    assert full <= covered


def test_a_stray_quote_costs_one_line(tmp_path: Path) -> None:
    lines = [
        "seller_id,store_name",
        *(f"s{i},x" for i in range(20)),
        's20,"never closed',
        *(f"s{i},x" for i in range(21, 60)),
    ]
    frame, faults = rows_of(made(tmp_path, "\n".join(lines).encode()))
    assert frame["seller_id"].to_list() == [f"s{i}" for i in range(60) if i != 20]
    assert [fault.line for fault in faults] == [22]
    assert "not closed within 5 lines" in faults[0].reason


def test_rows_of_another_width_are_told(tmp_path: Path) -> None:
    frame, faults = rows_of(made(tmp_path, b'seller_id,store_name\na,b\nc\nd,e,f\n"g",h\n"i",j,k\n'))
    assert frame["seller_id"].to_list() == ["a", "g"]
    assert [(fault.line, fault.reason) for fault in faults] == [
        (3, "has 1 fields, the header has 2"),
        (4, "has 3 fields, the header has 2"),
        (6, "has 3 fields, the header has 2"),
    ]


def test_lines_of_another_encoding_are_told_with_line_and_byte(tmp_path: Path) -> None:
    content = b"seller_id,store_name\na,x\nb," + "甲".encode("gb18030") + b"\nc,y\n"
    frame, faults = rows_of(made(tmp_path, content))
    assert frame["seller_id"].to_list() == ["a", "c"]
    assert [fault.line for fault in faults] == [3]
    assert "byte 0xBC at position 3" in faults[0].reason


@pytest.mark.parametrize("encoding", ["utf-16", "utf-16-le", "utf-16-be"])
def test_utf16_is_recognised(tmp_path: Path, encoding: str) -> None:
    with pytest.raises(BadInput, match=r"sellers\.csv, line 1: .*UTF-16"):
        rows_of(made(tmp_path, "seller_id,store_name\na,b\n".encode(encoding)))


@pytest.mark.parametrize(
    ("content", "said"),
    [(b"", "is empty"), (b"\n\n", "is empty"), (b"PK\x03\x04rest", "Excel"), (b"PAR1xxxx", "Parquet"),
    (b"seller_id,seller_id\n", "appears twice"),
     ("卖家".encode("gb18030") + b",x\n", "line 1: not UTF-8"), (b"seller_id,x\ra,b\r", "carriage return")],
)  # fmt: skip
def test_what_is_no_table_is_told(tmp_path: Path, content: bytes, said: str) -> None:
    with pytest.raises(BadInput, match=said):
        rows_of(made(tmp_path, content))


def test_a_missing_column_is_named_with_what_was_found(tmp_path: Path) -> None:
    with pytest.raises(BadInput) as raised:
        rows_of(made(tmp_path, b"sellerid,store_name\na,b\n"))
    assert (
        "sellers.csv, line 1: column 'seller_id' is missing; found: sellerid, store_name"
        in raised.value.message
    )
    assert "'sellerid'" in raised.value.remedy


@pytest.mark.parametrize("packed", ["gz", "zst"])
def test_of_a_truncated_file_all_whole_lines_are_kept(tmp_path: Path, packed: str) -> None:
    import random

    rows = [f"s{i},{random.Random(i).random()}" for i in range(30_000)]
    content = ("seller_id,store_name\n" + "\n".join(rows) + "\n").encode()
    small = gzip.compress(content) if packed == "gz" else zstandard.ZstdCompressor(level=1).compress(content)
    half = small[: len(small) * 2 // 3]
    path = made(tmp_path, half, f"sellers.csv.{packed}")
    got: list[str] = []

    def take() -> None:
        for batch in read(Source("sellers", path, Format.CSV), Limits(block=10_000)):
            got.extend(f"{a},{b}" for a, b in batch.frame.select("seller_id", "store_name").rows())

    with pytest.raises(BadInput, match=r"ends early after line \d+") as raised:
        take()
    assert got == rows[: len(got)]
    assert f"after line {len(got) + 1}:" in raised.value.message
    if packed == "gz":  # zstd gives whole blocks only
        assert len(got) > 15_000


def test_an_endless_line_is_told_and_passed_over(tmp_path: Path) -> None:
    content = b"seller_id,store_name\na,b\n" + b"x" * 5_000 + b"\nc,d\n" + b"y" * 5_000
    frame, faults = rows_of(made(tmp_path, content))
    assert frame["seller_id"].to_list() == ["a", "c"]
    assert [(fault.line, fault.reason) for fault in faults] == [
        (3, "the line is longer than 1,000 bytes"),
        (5, "the line is longer than 1,000 bytes"),
    ]


def test_a_file_of_one_endless_line_takes_bounded_memory(tmp_path: Path) -> None:
    path = tmp_path / "sellers.csv.zst"
    compressor = zstandard.ZstdCompressor()
    with path.open("wb") as out, compressor.stream_writer(out) as writer:
        for _ in range(400):
            writer.write(b"x" * (1 << 20))
    program = (
        "import resource, sys\n"
        "from pathlib import Path\n"
        "from graphsvc.model.errors import BadInput\n"
        "from ingest.reading import read\n"
        "from ingest.sources import Format, Source\n"
        "before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss\n"
        "try:\n    list(read(Source('sellers', Path(sys.argv[1]), Format.CSV)))\n"
        "except BadInput as error:\n    print(error)\n"
        "print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before)\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", program, str(path)], capture_output=True, text=True, check=True
    )
    said, grown = done.stdout.splitlines()
    assert "line 1: the line is longer than 16,777,216 bytes" in said
    assert int(grown) < 200_000, "kilobytes, for a line of 400 MB"


def test_formats_and_compressions_give_the_same_rows(tmp_path: Path) -> None:
    rows = [
        {"seller_id": f"s{i}", "store_name": "甲" if i % 2 else "", "status": "active"} for i in range(10)
    ]
    frame = pl.DataFrame(rows)
    contents = {
        "csv": frame.write_csv().encode(),
        "ndjson": b"\n".join(json.dumps(row).encode() for row in rows),
    }
    buffer = io.BytesIO()
    frame.write_parquet(buffer)
    contents["parquet"] = buffer.getvalue()
    seen = []
    for kind, content in contents.items():
        for packed, pack in (("", bytes), (".gz", gzip.compress), (".zst", zstandard.compress)):
            path = made(tmp_path, pack(content), f"sellers.{kind}{packed}")
            got, faults = rows_of(path, SMALL, Format(kind))
            assert not faults
            seen.append(got.select("seller_id", "store_name", "status").rows())
    assert all(one == seen[0] for one in seen)
    assert len(seen) == 9


def test_ndjson_keeps_long_numbers_and_tells_bad_lines(tmp_path: Path) -> None:
    lines = [
        b'{"seller_id": 62220210010099991234567890, "x": [1, {"a": null}], "url": true}',
        b"{",
        b"[1]",
        b'{"seller_id": 1.5}',
    ]
    frame, faults = rows_of(made(tmp_path, b"\n".join(lines), "sellers.ndjson"), SMALL, Format.NDJSON)
    assert frame["seller_id"].to_list() == ["62220210010099991234567890", "1.5"]
    assert frame["x"][0] == '[1,{"a":null}]'
    assert frame["url"][0] == "true"
    assert [fault.line for fault in faults] == [2, 3]
    assert faults[0].reason.endswith("at character 2")


def test_parquet_of_other_types_becomes_text(tmp_path: Path) -> None:
    import datetime as dt

    frame = pl.DataFrame(
        {
            "seller_id": [1.0, 2.5, None],
            "opened_on": [dt.date(2016, 1, 2)] * 3,
            "observed_at": [dt.datetime(2016, 1, 2, 3)] * 3,
        }
    )
    path = tmp_path / "sellers.parquet"
    frame.write_parquet(path)
    got, _ = rows_of(path, SMALL, Format.PARQUET)
    assert got["seller_id"].to_list() == ["1", "2.5", None]
    assert got["opened_on"][0] == "2016-01-02"
    assert got["observed_at"][0].startswith("2016-01-02T03:00:00")
    path.write_bytes(path.read_bytes()[:-9])
    with pytest.raises(BadInput, match="cannot be read as Parquet"):
        rows_of(path, SMALL, Format.PARQUET)


def test_a_file_that_the_system_cannot_read_is_told(tmp_path: Path) -> None:
    (tmp_path / "sellers.csv").symlink_to("/proc/self/mem")
    [source] = find([tmp_path]).files
    assert len(content_id([source])) == 16
    with pytest.raises(BadInput, match=r"sellers\.csv cannot be read: .*error"):
        list(read(source))


def test_finding_tables(tmp_path: Path) -> None:
    with pytest.raises(BadInput, match="the folder is empty"):
        find([tmp_path])
    made(tmp_path, b"x", "groups.csv")
    with pytest.raises(BadInput, match="no table in this folder"):
        find([tmp_path])
    made(tmp_path, b"seller_id\n", "Sellers.CSV.gz")
    found = find([tmp_path, tmp_path / "none.csv"])
    assert [source.table for source in found.files] == ["sellers"]
    assert [path.name for path in found.ignored] == ["groups.csv"]
    assert "no such file" in found.problems[0].message
    (tmp_path / "listings.csv").mkdir()
    (tmp_path / "notices.csv").symlink_to(tmp_path / "nothing")
    said = [problem.message for problem in find([tmp_path]).problems]
    assert "listings.csv is called like a table but is a folder" in said[0]
    assert "notices.csv is called like a table but is no file" in said[1]
    with pytest.raises(BadInput, match="no table called 'seler'"):
        find([made(tmp_path, b"x", "seler.csv")])
