"""Staged graph to an empty local store by Neo4j's own offline importer."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import Protocol

import polars as pl

from graphsvc.model.graph import Label, Property, Rel, Type
from graphsvc.model.progress import SILENT, Progress
from ingest.frames import Kind, node_properties, node_schema, relationship_properties
from ingest.loaded import Loaded, Tally
from ingest.staged import Staged

Files = list[Path]
_ADDED = (Property("digest", Type.STRING), Property("loadId", Type.STRING))


class Importer(Protocol):
    """A local Neo4j that can be filled offline; see ``graphsvc.store.local.LocalNeo4j``."""

    def import_full(
        self, nodes: dict[Label, Files], relationships: list[tuple[Rel, Files]], progress: Progress = SILENT
    ) -> None:
        """Fill the empty store from CSV files, each group beginning with its header file."""


def load_full(staged: Staged, local: Importer, progress: Progress = SILENT) -> Loaded:
    """Fill an empty local store with what was staged; the graph is the one :func:`ingest.load.load` would
    make.

    Parameters
    ----------
    staged : Staged
        What to load; its folder must have room for the importer's files (about the size of the input).
    local : Importer
        The local Neo4j; a running server is stopped and started again.
    progress : Progress
        Told of the steps.

    Raises
    ------
    Conflict
        If the store holds anything.
    """
    loaded = Loaded(staged.load_id)
    staged.merge(progress)
    nodes, relationships = importer_files(staged, staged.workdir / "import", progress)
    local.import_full(nodes, relationships, progress)
    for label in staged.labels:
        rows = pl.scan_parquet(staged.node_files(label))
        services = 0
        if "service" in node_schema(label):
            services = rows.select(pl.col("service").count()).collect().item()
        loaded.nodes[label] = Tally(staged.height(label), 0, services)
    for kind in staged.kinds:
        loaded.relationships[kind] = Tally(staged.height(kind))
    shutil.rmtree(staged.workdir / "import")
    return loaded


def importer_files(
    staged: Staged, folder: Path, progress: Progress = SILENT
) -> tuple[dict[Label, Files], list[tuple[Rel, Files]]]:
    """Write the importer's CSV files and return them, the header first in each group."""
    folder.mkdir(parents=True, exist_ok=True)
    nodes: dict[Label, Files] = {}
    relationships: list[tuple[Rel, Files]] = []
    with progress.step("Writing import files", len(staged.labels) + len(staged.kinds)) as advance:
        for label in staged.labels:
            names = [p for p in (*node_properties(label), *_ADDED) if p.name != "id"]
            header = [f"id:ID({label})", *map(_heading, names)]
            columns = [pl.col("id"), *map(_cell, names)]
            nodes[label] = _write(folder / label, header, columns, staged.node_files(label), staged.load_id)
            advance(1)
        for kind in staged.kinds:
            files = _relationship_files(staged, kind, folder)
            relationships.append((kind.type, files))
            advance(1)
    return nodes, relationships


def _relationship_files(staged: Staged, kind: Kind, folder: Path) -> Files:
    names = [Property("id", Type.STRING), *relationship_properties(kind.type), *_ADDED]
    header = [f":START_ID({kind.start})", f":END_ID({kind.end})", *map(_heading, names)]
    columns = [pl.col("start"), pl.col("end"), *map(_cell, names)]
    return _write(folder / kind.folder, header, columns, staged.relationship_files(kind), staged.load_id)


def _write(folder: Path, header: list[str], columns: list[pl.Expr], parts: Files, load_id: str) -> Files:
    folder.mkdir(exist_ok=True)
    first = folder / "header.csv"
    first.write_text(",".join(header) + "\n", encoding="utf-8")
    files = [first]
    for part in parts:
        out = folder / f"{part.stem}.csv"
        rows = pl.scan_parquet(part).with_columns(pl.lit(load_id).alias("loadId"))
        rows.select(columns).sink_csv(out, include_header=False)
        files.append(out)
    return files


def _heading(of: Property) -> str:
    return f"{of.name}:point{{crs:WGS-84}}" if of.type is Type.POINT else f"{of.name}:{of.type}"


def _cell(of: Property) -> pl.Expr:
    column = pl.col(of.name)
    if of.type is not Type.POINT:
        return column
    latitude, longitude = column.struct.field("latitude"), column.struct.field("longitude")
    text = pl.concat_str(pl.lit("{latitude:"), latitude, pl.lit(", longitude:"), longitude, pl.lit("}"))
    return text.alias(of.name)
