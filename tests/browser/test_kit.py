"""The Browser kit: every favourite on both Neo4j versions, and the real Neo4j Browser in Chromium."""

from __future__ import annotations

import base64
import json
import re
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import neo4j
import pytest
from playwright.sync_api import Page, TimeoutError, sync_playwright

from graphsvc.cli import browser_kit
from graphsvc.model.graph import NODES, RELATIONSHIPS
from graphsvc.store import queries

NAMES = queries.names("browser")
MOST_NODES = 299
MOST_HITS = 60_000
"""Far below what walking the crowd behind one hub once for each member would cost."""
SMALL = {"Run", "Load", "Published", "Operation", "Authority"}
"""Labels with few nodes, where a scan is cheap at any size of the market."""
FULL_SCANS = re.compile(
    r"AllNodesScan|LabelScan|RelationshipsScan|RelationshipTypeScan|NodeIndexScan|CartesianProduct"
)


def operators(plan: dict[str, Any]) -> Iterator[tuple[str, dict[str, Any]]]:
    """Yield the name and arguments of every operator of a plan."""
    yield plan["operatorType"].split("@")[0], plan["args"]
    for child in plan.get("children", []):
        yield from operators(child)


def nodes(value: Any) -> set[str]:
    """Return the ids of the nodes in a value."""
    if isinstance(value, neo4j.graph.Node):
        return {value.element_id}
    if isinstance(value, (neo4j.graph.Path, neo4j.graph.Relationship)):
        return {node.element_id for node in value.nodes if node is not None}
    return set().union(*map(nodes, value)) if isinstance(value, list) else set()


def declared(query: queries.Query, key: str) -> list[str]:
    """Return the names a header declares under ``key``, without their explanations."""
    plain = re.sub(r"\([^)]*\)", "", query.header[key])
    return [] if plain == "none" else [name.strip() for name in plain.split(",")]


def body(query: queries.Query) -> str:
    return "\n".join(line for line in query.text.splitlines() if not line.startswith("//"))


@pytest.mark.parametrize("name", NAMES)
def test_a_header_says_what_a_favourite_needs(name: str) -> None:
    query = queries.load(name)
    assert query.text.startswith(f"// {query.title}\n")
    assert query.header.keys() == {"purpose", "params", "returns", "access"}
    assert not query.writes
    used = set(re.findall(r"\$(\w+)", body(query)))
    assert used == set(declared(query, "params"))
    assert set(re.findall(r"// example: :param (\w+) => ", query.text)) == used
    assert re.search(r"\bLIMIT \d+\s*$", query.text)


def test_titles_are_distinct() -> None:
    titles = [item.title for item in browser_kit.favourites()]
    assert len(set(titles)) == len(titles) > 20


@pytest.mark.neo4j
@pytest.mark.parametrize("name", NAMES)
def test_a_favourite_answers_with_its_columns_and_few_nodes(tried: Any, name: str) -> None:
    query = queries.load(name)
    other = {"seller": tried.params["similar"]} if name.endswith("perhaps_same") else {}
    result = tried.run(query.text, **other)
    assert result.keys == declared(query, "returns")
    assert result.records
    assert result.summary.query_type == "r"
    assert len(nodes([value for record in result.records for value in record.values()])) <= MOST_NODES


@pytest.mark.neo4j
@pytest.mark.parametrize("name", NAMES)
def test_a_favourite_scans_nothing_and_walks_no_hub(tried: Any, name: str) -> None:
    plan = tried.run("PROFILE " + body(queries.load(name))).summary.profile
    found = list(operators(plan))
    scans = [
        (kind, said.get("Details", ""))
        for kind, said in found
        if FULL_SCANS.search(kind) and not any(f":{label}" in said.get("Details", "") for label in SMALL)
    ]
    assert scans == []
    assert sum(said.get("DbHits", 0) for _, said in found) < MOST_HITS


@pytest.mark.neo4j
@pytest.mark.parametrize(
    "name", [n for n in NAMES if n.split("/")[1] in ("1_start", "2_shared", "3_racket", "5_map")]
)
def test_a_hub_is_left_out(tried: Any, name: str) -> None:
    found = [
        str(dict(n))
        for record in tried.run(queries.load(name).text).records
        for n in _drawn(list(record.values()))
    ]
    assert any("public-locker" in text for text in found) == name.endswith("hubs")


def _drawn(value: Any) -> list[neo4j.graph.Node]:
    if isinstance(value, neo4j.graph.Node):
        return [value]
    if isinstance(value, neo4j.graph.Path):
        return list(value.nodes)
    return [node for part in value for node in _drawn(part)] if isinstance(value, list) else []


@pytest.mark.neo4j
def test_favourites_that_need_no_run_answer_without_one(tried: Any) -> None:
    with tried.driver.session() as session, session.begin_transaction() as transaction:
        transaction.run("MATCH (p:Published) DETACH DELETE p").consume()
        for name in (
            "1_start/store",
            "1_start/address",
            "1_start/account",
            "2_shared/with_whom",
            "2_shared/two_steps",
        ):
            assert transaction.run(queries.load(f"browser/{name}").text, tried.params).peek() is not None
        transaction.rollback()


def test_the_style_names_every_label_and_type() -> None:
    sheet = browser_kit.style()
    rules = re.findall(r"^(node|relationship)\.(\w+) \{$", sheet, re.MULTILINE)
    assert {name for kind, name in rules if kind == "node"} == {node.label.value for node in NODES}
    assert {name for kind, name in rules if kind == "relationship"} == {
        kind.type.value for kind in RELATIONSHIPS
    }
    # what Browser's reader of GraSS cannot take
    assert "/*" not in sheet
    assert all(line.count(":") == 1 for line in sheet.splitlines() if line.startswith("  "))


def test_the_bundle_is_the_same_every_time(tmp_path: Path) -> None:
    first, second = (browser_kit.favourites_bundle(tmp_path / name) for name in ("a.zip", "b.zip"))
    assert first.read_bytes() == second.read_bytes()
    with zipfile.ZipFile(first) as archive:
        folders = {name.split("/")[0] for name in archive.namelist()}
        assert len(archive.namelist()) == len(NAMES)
    assert folders == set(browser_kit.FOLDERS.values())
    assert [path.is_file() for path in browser_kit.kit_files()] == [True] * (len(NAMES) + 1)


CHROMIUM = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
FILLED = """colour => [...document.querySelectorAll('g.node circle')].some(
  one => (one.getAttribute('fill') || '').toUpperCase() === colour)"""
DROP = """([name, data]) => {
  const transfer = new DataTransfer()
  transfer.items.add(new File([Uint8Array.from(atob(data), c => c.charCodeAt(0))], name))
  for (const kind of ['dragenter', 'dragover', 'drop'])
    document.querySelector('.filedrop').dispatchEvent(
      new DragEvent(kind, {bubbles: true, cancelable: true, dataTransfer: transfer}))
}"""


@pytest.fixture
def page(tried: Any) -> Iterator[Page]:
    """The real Neo4j Browser, signed in."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path="/usr/bin/chromium", args=CHROMIUM)
        opened = browser.new_page(viewport={"width": 1500, "height": 1000})
        opened.set_default_timeout(90_000)
        address = tried.running.address
        opened.goto(tried.running.browser)
        opened.get_by_test_id("username").fill(address.user)
        opened.get_by_test_id("password").fill(address.password)
        opened.get_by_test_id("connect").click()
        opened.get_by_test_id("activeEditor").wait_for()
        yield opened
        browser.close()


def command(page: Page, text: str) -> None:
    page.locator("[data-testid=activeEditor] .monaco-editor").first.click()
    page.keyboard.press("Control+a")
    page.keyboard.insert_text(text)
    page.get_by_test_id("editor-Run").click()


def drop(page: Page, file: Path) -> None:
    page.evaluate(DROP, [file.name, base64.b64encode(file.read_bytes()).decode()])


@pytest.mark.browser
@pytest.mark.neo4j
@pytest.mark.parametrize("tried", ["2026.08"], indirect=True)
def test_the_real_browser_takes_the_kit_and_draws(tried: Any, page: Page, tmp_path: Path) -> None:
    sheet, bundle = browser_kit.write_kit(tmp_path / "kit")
    drop(page, sheet)
    page.get_by_test_id("styleResetButton").wait_for()
    drop(page, bundle)
    page.get_by_test_id("navigationFavorites").click()
    items = {item.title: item for item in browser_kit.favourites()}
    for folder in browser_kit.FOLDERS.values():
        page.get_by_test_id(f"expandFolder-{folder}").wait_for()
    # Browser brings documents of its own, so that their number tells nothing: wait for ours.
    page.wait_for_function(
        "texts => { const saved = JSON.parse(localStorage['neo4j.documents'] || '[]').map(one => one.content);"
        " return texts.every(text => saved.includes(text)); }",
        arg=[item.text for item in items.values()],
    )
    saved = page.evaluate("JSON.parse(localStorage['neo4j.documents']).map(one => one.content)")
    assert {item.text for item in items.values()} <= set(saved)
    command(page, ":params " + json.dumps(tried.params))
    page.get_by_test_id("rawParamData").wait_for()
    pictures = {
        "The racket around this store": ("Racket", "Seller"),
        "Who shares what with this store": ("Seller",),
        "Choke points of a racket": ("Racket",),
        "Start from an address": ("Address", "Seller"),
        "Why these two are linked": ("Seller",),
    }
    for title, labels in pictures.items():
        command(page, ":clear")
        page.get_by_test_id("frame").first.wait_for(state="detached")
        draw(page, items[title])
        result = tried.run(items[title].text)
        expected = nodes([value for record in result.records for value in record.values()])
        # Browser draws bit by bit: wait for the very number of nodes, some line, and the colours of the style
        page.wait_for_function("n => document.querySelectorAll('g.node').length === n", arg=len(expected))
        page.locator("g.relationship").first.wait_for(state="attached")
        for label in labels:
            page.wait_for_function(FILLED, arg=colour(label))
        page.screenshot(path=tmp_path / f"{items[title].name.replace('/', '-')}.png")


def draw(page: Page, item: browser_kit.Favourite) -> None:
    """Run a favourite until Browser draws it: the text may reach the editor after the click on Run."""
    for _ in range(4):
        pick(page, item)
        page.wait_for_timeout(500)
        page.get_by_test_id("editor-Run").click()
        try:
            return page.locator("g.node").first.wait_for(timeout=25_000)
        except TimeoutError:
            command(page, ":clear")
    raise AssertionError(f"{item.title} is not drawn")


def pick(page: Page, item: browser_kit.Favourite) -> None:
    """Click a favourite; Browser closes its folders after a command, at a moment of its own."""
    found = page.get_by_test_id(f"scriptTitle-{item.title}")
    for _ in range(10):
        if not found.is_visible():
            page.get_by_test_id(f"expandFolder-{item.folder}").click()
        try:
            return found.click(timeout=3_000)
        except TimeoutError:
            continue
    raise AssertionError(f"{item.title} cannot be clicked")


def colour(label: str) -> str:
    """Return the colour the style sheet gives a label."""
    found = re.search(rf"node\.{label} \{{[^}}]*?\n  color: (#\w+);", browser_kit.style())
    assert found
    return found[1].upper()
