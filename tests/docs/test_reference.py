"""The reference pages say what the code says, links lead somewhere, and no registry is named."""

from __future__ import annotations

import re
import subprocess
from pathlib import Path
from urllib.parse import unquote

import pytest

from docs import generate

ROOT = Path(__file__).parents[2]
PAGES = sorted([ROOT / "README.md", ROOT / "CHANGELOG.md", *ROOT.glob("docs/**/*.md")])
_FENCE = re.compile(r"^```.*?^```", re.MULTILINE | re.DOTALL)
_LINK = re.compile(r"!?\[[^\]]*\]\(([^)\s]+)\)")
_HEADING = re.compile(r"^#{1,6} (.+)$", re.MULTILINE)
_REGISTRIES = tuple(
    ".".join(parts)
    for parts in (
        ("pypi", "org"),
        ("pythonhosted", "org"),
        ("maven", "org"),
        ("maven", "apache", "org"),
        ("npmjs", "org"),
        ("crates", "io"),
        ("ghcr", "io"),
        ("docker", "io"),
        ("golang", "org"),
        ("conda", "anaconda", "org"),
    )
)


def name(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


@pytest.fixture(scope="module")
def generated() -> dict[str, str]:
    return generate.pages()


def test_reference_is_what_the_code_says(generated: dict[str, str]) -> None:
    stale = [
        page
        for page, text in generated.items()
        if (generate.FOLDER / page).read_text(encoding="utf-8") != text
    ]
    assert not stale, "run: python -m docs.generate"


def test_reference_leaves_no_command_and_no_operation_out(generated: dict[str, str]) -> None:
    for command in ("demo", "simulate", "ingest", "detect", "rackets", "why", "dossier", "neo4j browser"):
        assert f"# graphsvc {command}\n" in generated["cli.md"]
    for path, operations in generate.openapi()["paths"].items():
        for method in operations:
            assert f"### {method.upper()} {path}\n" in generated["api.md"]


@pytest.mark.parametrize("page", PAGES, ids=name)
def test_links_lead_somewhere(page: Path) -> None:
    broken = []
    for target in _LINK.findall(_FENCE.sub("", page.read_text(encoding="utf-8"))):
        if re.match(r"[a-z]+:", target):
            continue
        path, _, anchor = unquote(target).partition("#")
        found = (page.parent / path).resolve() if path else page
        if not found.exists() or (anchor and found.suffix == ".md" and anchor not in anchors(found)):
            broken.append(target)
    assert not broken


def anchors(page: Path) -> set[str]:
    titles = _HEADING.findall(_FENCE.sub("", page.read_text(encoding="utf-8")))
    return {re.sub(r"[^\w\- ]", "", title.lower()).strip().replace(" ", "-") for title in titles}


def test_every_page_is_reached_from_the_index() -> None:
    reached, front = {ROOT / "README.md"}, [ROOT / "README.md"]
    while front:
        page = front.pop()
        for target in _LINK.findall(_FENCE.sub("", page.read_text(encoding="utf-8"))):
            found = (page.parent / target.partition("#")[0]).resolve()
            if found.suffix == ".md" and found.is_file() and found not in reached:
                reached.add(found)
                front.append(found)
    assert sorted(map(name, set(PAGES) - reached)) == []


def test_no_registry_is_named() -> None:
    listed = subprocess.run(
        ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
        cwd=ROOT,
        capture_output=True,
        check=True,
    ).stdout.decode()
    files = [ROOT / entry for entry in listed.split("\0") if entry]
    assert files
    naming = []
    for path in files:
        if path.is_file() and path.suffix not in {".png", ".gz", ".zst", ".parquet"}:
            text = path.read_text(encoding="utf-8", errors="replace").lower()
            naming += [f"{name(path)}: {host}" for host in _REGISTRIES if host in text]
    assert not naming
