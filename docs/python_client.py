"""The reference page of the Python client, made from its docstrings (numpydoc) and signatures."""

from __future__ import annotations

import inspect
import re
import sys
from collections.abc import Iterator
from dataclasses import dataclass, fields, is_dataclass
from typing import Any

import polars as pl

import graphsvc
import graphsvc.client

_SECTIONS = ("Parameters", "Attributes", "Returns", "Raises", "Notes", "Examples")
_HEADING = re.compile(rf"^({'|'.join(_SECTIONS)})\n-+\n", re.MULTILINE)
_ROLE = re.compile(r":\w+:`~?([^`]+)`")

PARTS: tuple[tuple[str, str, tuple[str, ...]], ...] = (
    (
        "Markets",
        "Tables in, frames out. No server.",
        ("simulate_market", "read_market", "tables_as_of", "Market"),
    ),
    (
        "Evidence and rackets",
        "What detection does, on a market in memory. No server.",
        (
            "weigh_evidence",
            "WeighedEvidence",
            "group_stores",
            "detect",
            "Findings",
            "DetectOptions",
            "EvidenceOptions",
            "PartitionOptions",
        ),
    ),
    (
        "Quality",
        "Against the truth of a simulated market, or against reviewed groups. No server.",
        ("read_truth", "measure", "Quality", "baseline", "read_reviewed", "Reviewed", "measure_reviewed"),
    ),
    ("Neo4j", "One class; each call is one question to the server.", ("Client", "Load", "Why")),
    ("Failures", "", ("GraphsvcError",)),
)
"""Title, introduction and names of each part of the page; examples go on from each other in this order."""


@dataclass(frozen=True)
class Entry:
    """One documented thing: its name on the page, the object and its docstring."""

    name: str
    what: Any
    text: str


def documented() -> list[Entry]:
    """Return everything on the page, in its order."""
    return [entry for _, _, names in PARTS for name in names for entry in _entries(name)]


def page() -> tuple[str, ...]:
    """Return the parts of the page, below its title."""
    parts = [_rendered(_cleaned(graphsvc.client))]
    for title, introduction, names in PARTS:
        parts += [f"## {title}", introduction, "\n".join(_listed(name) for name in names)]
        for name in names:
            for entry in _entries(name):
                parts += [f"### {entry.name}", _signature(entry), _rendered(entry.text), _columns(entry.what)]
    return tuple(part for part in parts if part)


def _listed(name: str) -> str:
    """Return one line of the list that opens a part."""
    about = " ".join(_cleaned(getattr(graphsvc, name)).partition("\n\n")[0].split())
    return f"- [`{name}`](#{name.lower()}): {_prose(about)}"


def _entries(name: str) -> Iterator[Entry]:
    what = getattr(graphsvc, name)
    yield Entry(name, what, _cleaned(what))
    if inspect.isclass(what) and what.__module__.startswith("graphsvc.client"):
        for member, value in vars(what).items():
            if not member.startswith("_") and (inspect.isfunction(value) or isinstance(value, property)):
                yield Entry(f"{name}.{member}", value, _cleaned(value))


def _cleaned(what: Any) -> str:
    return inspect.cleandoc(what.__doc__ or "")


def _signature(entry: Entry) -> str:
    what = entry.what
    if isinstance(what, property) or is_dataclass(what):
        return ""
    if inspect.isclass(what) and issubclass(what, Exception):
        return ""
    parameters = [p for p in inspect.signature(what).parameters.values() if p.name != "self"]
    shown = [_parameter(p) for p in parameters]
    first = next((i for i, p in enumerate(parameters) if p.kind is p.KEYWORD_ONLY), None)
    if first is not None and not any(p.kind is p.VAR_POSITIONAL for p in parameters):
        shown.insert(first, "*")
    returned = "" if inspect.isclass(what) else f" -> {inspect.signature(what).return_annotation}"
    return f"```text\n{entry.name}({', '.join(shown)}){returned}\n```"


def _parameter(parameter: inspect.Parameter) -> str:
    stars = "*" if parameter.kind is parameter.VAR_POSITIONAL else ""
    text = f"{stars}{parameter.name}: {parameter.annotation}"
    if parameter.default is parameter.empty:
        return text
    shown = repr(parameter.default)
    return f"{text} = {'…' if ' at 0x' in shown else shown}"


def _columns(what: Any) -> str:
    """List the columns of a dataclass's frames, where its module declares them as schemas."""
    if not (inspect.isclass(what) and is_dataclass(what)):
        return ""
    declared = {f.name: getattr(sys.modules[what.__module__], f.name.upper(), None) for f in fields(what)}
    lines = [
        f"- `{name}`: " + ", ".join(f"`{column}` ({kind})" for column, kind in schema.items())
        for name, schema in declared.items()
        if isinstance(schema, pl.Schema)
    ]
    return "\n".join(["**Frames**\n", *lines]) if lines else ""


def _rendered(text: str) -> str:
    head, *rest = _HEADING.split(text)
    parts = [_prose(head)]
    for title, body in zip(rest[::2], rest[1::2], strict=True):
        parts.append(_section(title, body.strip("\n")))
    return "\n\n".join(part for part in parts if part)


def _section(title: str, body: str) -> str:
    if title == "Examples":
        return _examples(body)
    if title == "Notes":
        return _prose(body)
    rows = "\n".join(_item(name, meaning) for name, meaning in _items(body))
    return f"**{title}**\n\n{rows}"


def _items(body: str) -> Iterator[tuple[str, str]]:
    """Split a section into what stands at the margin and what is indented below it."""
    for part in re.split(r"\n(?=\S)", body):
        name, _, meaning = part.partition("\n")
        yield name, " ".join(meaning.split())


def _item(name: str, meaning: str) -> str:
    names, separator, kind = name.partition(" : ")
    shown = f"`{names}` ({kind})" if separator else f"`{names}`"
    return f"- {shown}: {_prose(meaning)}" if meaning else f"- {shown}"


def _examples(body: str) -> str:
    """Fence the runs of prompts and what they print; leave the prose between them."""
    return "\n\n".join(
        f"```pycon\n{block}\n```" if block.startswith(">>>") else _prose(block)
        for block in body.split("\n\n")
    )


def _prose(text: str) -> str:
    return _ROLE.sub(_link, text).replace("``", "`").strip()


def _link(match: re.Match[str]) -> str:
    name = match[1].split(".")
    known = {entry.name for entry in documented()}
    shown = next((".".join(name[-n:]) for n in (2, 1) if ".".join(name[-n:]) in known), None)
    if shown is None:
        return f"`{name[-1]}`"
    anchor = re.sub(r"[^\w\- ]", "", shown.lower())
    return f"[`{shown}`](#{anchor})"
