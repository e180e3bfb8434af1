"""Write the reference pages from the code: ``python -m docs.generate`` (``--check``: name the stale).

The pages of ``docs/reference/`` are made of what the program itself declares, so that they cannot say
anything else; ``tests/docs/test_reference.py`` fails while one of them is stale.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterable, Sequence
from enum import Enum
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, get_args, get_origin

import typer

from docs import python_client
from graphsvc.api.app import create_app
from graphsvc.cli.lazy import every
from graphsvc.cli.main import app
from graphsvc.model.graph import NODE_PROVENANCE, NODES, PROVENANCE, RELATIONSHIPS, Property
from graphsvc.model.tables import COMMON, TABLES, Column, Kind
from graphsvc.settings import Settings

FOLDER = Path(__file__).parent / "reference"
_NOTE = "*Generated from the code by `python -m docs.generate`; do not edit by hand.*"


def main(arguments: Sequence[str]) -> int:
    """Write the pages, or with ``--check`` name the stale ones; return 1 if there are any."""
    stale = [name for name, text in pages().items() if not _same(FOLDER / name, text)]
    if "--check" in arguments:
        sys.stdout.write("".join(f"stale: docs/reference/{name}\n" for name in stale))
        return 1 if stale else 0
    FOLDER.mkdir(exist_ok=True)
    for name, text in pages().items():
        (FOLDER / name).write_text(text, encoding="utf-8")
    sys.stdout.write(f"{len(stale)} of {len(pages())} pages changed in {FOLDER}\n")
    return 0


def pages() -> dict[str, str]:
    """Return the text of each page by file name."""
    makers: dict[str, Callable[[], str]] = {
        "cli.md": cli,
        "api.md": api,
        "tables.md": tables,
        "graph.md": graph,
        "settings.md": settings,
        "python.md": python,
    }
    return {name: make() for name, make in makers.items()}


def _same(path: Path, text: str) -> bool:
    return path.is_file() and path.read_text(encoding="utf-8") == text


# Settings


def settings() -> str:
    """Describe every environment variable."""
    rows = []
    for name, field in Settings.model_fields.items():
        choices = getattr(field.validation_alias, "choices", None)
        names = (
            [str(choice) for choice in choices if str(choice).isupper()]
            if choices
            else [f"GRAPHSVC_{name.upper()}"]
        )
        rows.append(
            (
                " or ".join(_code(n) for n in names),
                _default(field.default, field.default_factory),
                field.description,
            )
        )
    return _page(
        "Settings",
        "All settings come from the environment; there is no settings file. A bad value is refused with one\n"
        "line that names the variable.",
        _table(("variable", "default", "meaning"), rows),
    )


def _default(value: Any, factory: Any) -> str:
    if factory is not None:
        return "the platform's user folder"
    shown = getattr(value, "get_secret_value", lambda: value)()
    return "–" if shown is None or shown == "" else _code(str(shown))


# Tables


def tables() -> str:
    """Describe the input tables."""
    parts = [
        "A data set is a folder (or single files) of the tables below, each CSV, NDJSON or Parquet, UTF-8,\n"
        "`.gz` and `.zst` accepted, columns in any order. Only `sellers` is needed to start. Empty means\n"
        "unknown. Unknown columns are kept as `extra` and reported. Dates are ISO 8601. Where a table has no\n"
        "`marketplace`, `seller_id` must be unique in the data set.\n\n"
        "Every table may also carry "
        + " and ".join(f"`{column.name}`" for column in COMMON)
        + " (who supplied the row, and when it was observed).",
    ]
    for table in TABLES:
        rows = [(_code(c.name), c.kind.value, "yes" if c.required else "", _rule(c)) for c in table.columns]
        parts.append(f"## {table.name}\n\n" + _table(("column", "type", "required", "rule"), rows))
    return _page("Input tables", *parts)


def _rule(column: Column) -> str:
    if column.kind is Kind.CHOICE:
        return "one of " + ", ".join(_code(choice) for choice in column.choices)
    if column.minimum is not None and column.maximum is not None:
        return f"{column.minimum:g} to {column.maximum:g}"
    if column.minimum is not None:
        return f"at least {column.minimum:g}"
    return ""


# Graph


def graph() -> str:
    """Describe labels, relationship types and their properties."""
    contents = [(f"[{n.label}](#{n.label.value.lower()})", n.about) for n in NODES]
    nodes = "\n\n".join(_section(n.label.value, n.about, n.properties, _indexes(n.indexed)) for n in NODES)
    relationships = "\n\n".join(
        _section(
            r.type.value,
            r.about,
            r.properties,
            f"`({' or '.join(r.start)})-[:{r.type}]->({' or '.join(r.end)})` · "
            + ("fact" if r.fact else "finding of a run"),
        )
        for r in RELATIONSHIPS
    )
    return _page(
        "Graph",
        "Every node has `id` (text, unique within its label) and a readable `name`. *Facts* came from tables\n"
        "and carry where they came from; *findings* belong to a run and never edit a fact. Stores never link to\n"
        "stores: they share identifiers.",
        "## Where facts come from\n\nOn every relationship that is a fact:\n\n"
        + _properties(PROVENANCE)
        + "\n\nOn every node that came from a table:\n\n"
        + _properties(NODE_PROVENANCE),
        "## Nodes\n\n" + _table(("label", "what it is"), contents),
        nodes,
        "## Relationships",
        relationships,
    )


def _indexes(names: Iterable[str]) -> str:
    listed = ", ".join(_code(name) for name in names)
    return f"Indexed: {listed}" if listed else ""


def _section(title: str, about: str, properties: Sequence[Property], more: str) -> str:
    parts = [f"### {title}", f"{about}.", more, _properties(properties) if properties else ""]
    return "\n\n".join(part for part in parts if part)


def _properties(properties: Sequence[Property]) -> str:
    return _table(
        ("property", "type", "meaning"), [(_code(p.name), p.type.value, p.about) for p in properties]
    )


# Command line


def cli() -> str:
    """Describe every command with its arguments and options."""
    root: Any = typer.main.get_command(app)
    root.commands |= every()
    return _page(
        "Command line",
        "Exit codes: 0 done, 1 failed, 2 wrong usage. Results go to standard output, remarks and progress\n"
        "to standard error.",
        _command(root, "graphsvc", 0),
        *_commands(root, "graphsvc"),
    )


def _commands(group: Any, name: str) -> list[str]:
    parts = []
    for child, command in getattr(group, "commands", {}).items():
        parts.append(_command(command, f"{name} {child}", 2 if name == "graphsvc" else 3))
        parts += _commands(command, f"{name} {child}")
    return parts


def _command(command: Any, name: str, depth: int) -> str:
    takes = [p for p in command.params if p.name != "help"]
    arguments = [p for p in takes if p.param_type_name == "argument"]
    options = [p for p in takes if p.param_type_name == "option" and "completion" not in p.name]
    usage = " ".join([name, *(_placeholder(a) for a in arguments), *(["[OPTIONS]"] if options else [])])
    parts = [
        f"{'#' * depth} {name}" if depth else "",
        _prose(command.help),
        f"```text\n{usage}\n```" if depth else "",
    ]
    if arguments:
        parts.append(
            _table(("argument", "meaning"), [(_code(_placeholder(a)), _prose(a.help)) for a in arguments])
        )
    if options:
        rows = [
            (", ".join(_code(o) for o in [*p.opts, *p.secondary_opts]), _value(p), _shown(p), _prose(p.help))
            for p in options
        ]
        parts.append(_table(("option", "value", "default", "meaning"), rows))
    return "\n\n".join(part for part in parts if part)


def _placeholder(argument: Any) -> str:
    name = argument.name.upper() + ("…" if argument.nargs == -1 else "")
    return name if argument.required else f"[{name}]"


def _value(option: Any) -> str:
    if option.is_flag:
        return ""
    annotation = option.type_descriptor.annotation
    if get_origin(annotation) is list:
        return f"{_type(option, get_args(annotation)[0])}, may be repeated"
    return _type(option, annotation)


def _type(option: Any, annotation: Any) -> str:
    if isinstance(annotation, type) and issubclass(annotation, Enum):
        return ", ".join(_code(str(choice.value)) for choice in annotation)
    bounds = "–".join("" if bound is None else f"{bound:g}" for bound in (option.min, option.max))
    named = {int: "integer", float: "number", Path: "path"}.get(annotation, "text")
    return f"{named} {bounds}" if bounds != "–" else named


def _shown(option: Any) -> str:
    value = option.default
    if option.is_flag:
        return _code((option.opts if value else option.secondary_opts)[0]) if option.secondary_opts else ""
    if isinstance(value, Enum):
        value = value.value
    return _code(str(value)) if isinstance(value, str | int | float) else ""


# HTTP


def api() -> str:
    """Describe every operation of the API."""
    document = openapi()
    parts = [
        _prose(document["info"]["description"]),
        "The document this page is made from is served at `/openapi.json`. The pages for people (`/`,\n"
        "`/dossiers/{id}`) are not part of it: they show the same, after signing in with a key.",
    ]
    by_tag: dict[str, list[str]] = {}
    for path, operations in document["paths"].items():
        for method, operation in operations.items():
            tag = (operation.get("tags") or ["service"])[0]
            by_tag.setdefault(tag, []).append(_operation(document, path, method, operation))
    parts += [f"## {tag.capitalize()}\n\n" + "\n\n".join(texts) for tag, texts in by_tag.items()]
    return _page("HTTP API", *parts)


def openapi() -> dict[str, Any]:
    """Return the OpenAPI document; nothing is started for it."""
    with TemporaryDirectory(prefix="graphsvc-docs-") as folder:
        own = Settings.model_construct(**{**Settings.model_construct().__dict__, "home": Path(folder)})
        return dict(create_app(own).openapi())


def _operation(document: dict[str, Any], path: str, method: str, operation: dict[str, Any]) -> str:
    parts = [f"### {method.upper()} {path}", _prose(operation.get("description") or operation.get("summary"))]
    asked = operation.get("parameters", [])
    if asked:
        rows = [
            (
                _code(p["name"]),
                p["in"],
                _schema(p["schema"]),
                "yes" if p.get("required") else "",
                _prose(p.get("description")),
            )
            for p in asked
        ]
        parts.append(_table(("parameter", "in", "type", "required", "meaning"), rows))
    body = operation.get("requestBody", {}).get("content", {}).get("application/json", {}).get("schema")
    if body:
        parts.append("Body:\n\n" + _members(document, body))
    answers = [
        (_code(status), _prose(answer["description"])) for status, answer in operation["responses"].items()
    ]
    parts.append(_table(("status", "meaning"), answers))
    return "\n\n".join(part for part in parts if part)


def _members(document: dict[str, Any], schema: dict[str, Any]) -> str:
    resolved = (
        document["components"]["schemas"][schema["$ref"].rsplit("/", 1)[1]] if "$ref" in schema else schema
    )
    required = resolved.get("required", [])
    rows = [
        (_code(name), _schema(member), "yes" if name in required else "", _prose(member.get("description")))
        for name, member in resolved.get("properties", {}).items()
    ]
    return _table(("member", "type", "required", "meaning"), rows)


def _schema(schema: dict[str, Any]) -> str:
    if "$ref" in schema:
        return str(schema["$ref"].rsplit("/", 1)[1])
    if "anyOf" in schema:
        return " or ".join(
            dict.fromkeys(_schema(part) for part in schema["anyOf"] if part.get("type") != "null")
        )
    if "enum" in schema:
        return ", ".join(_code(str(value)) for value in schema["enum"])
    if schema.get("type") == "array":
        return f"list of {_schema(schema['items'])}"
    return str(schema.get("format") or schema.get("type") or "any")


# Python


def python() -> str:
    """Describe every public name of the Python client."""
    return _page("Python", *python_client.page())


# Markdown


def _page(title: str, *parts: str) -> str:
    return "\n\n".join([f"# {title}", _NOTE, *(part for part in parts if part)]) + "\n"


def _code(text: str) -> str:
    return f"`{text}`"


def _prose(text: str | None) -> str:
    return (text or "").strip()


def _table(head: Sequence[str], rows: Iterable[Sequence[str | None]]) -> str:
    lines = [f"| {' | '.join(head)} |", "|" + "---|" * len(head)]
    lines += [f"| {' | '.join(_cell(cell) for cell in row)} |" for row in rows]
    return "\n".join(lines)


def _cell(text: str | None) -> str:
    return " ".join((text or "").split()).replace("|", "\\|")


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
