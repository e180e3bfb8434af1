from __future__ import annotations

import csv
import io
import json
import re
from pathlib import Path

import networkx as nx
import pytest
from playwright.sync_api import sync_playwright

from graphsvc.casework.access import Scope
from graphsvc.dossier import Dossier, compose
from graphsvc.dossier.render import FORMATS, form
from graphsvc.dossier.render.picture import draw
from graphsvc.dossier.seal import holds
from graphsvc.model.errors import BadInput, NotFound
from graphsvc.store.driver import Store


def test_a_dossier_says_who_where_how_and_what_to_secure_first(dossier: Dossier) -> None:
    assert (dossier.figures.size, dossier.figures.sites, dossier.figures.accounts) == (6, 2, 2)
    assert dossier.figures.confirmed_fakes == 1
    assert [c.id for c in dossier.choke_points] == ["pay-a", "ad-1"]
    assert dossier.sites[0].id == "ad-1"
    assert dossier.sites[0].roles == ("SHIPS_FROM",)
    assert dossier.accounts[0].holders == ("陈某",)
    assert {p.name: (p.registered, p.accounts) for p in dossier.people} == {
        "陈某": (2, 1),
        "Li <b>Wei</b>": (0, 1),
    }
    assert [j.name for j in dossier.jurisdictions] == ["福建省莆田市城厢区", "福建省莆田市荔城区"]
    assert dossier.outcomes[0].operation_name == "Cloud Sword"


def test_a_hub_is_the_last_of_the_evidence(dossier: Dossier) -> None:
    assert next(e.id for e in dossier.evidence) == "pay-a"
    assert dossier.evidence[-1].id == "ad-2"
    assert dossier.evidence[-1].hub_probability == 0.97


def test_references_name_the_same_thing_everywhere(dossier: Dossier) -> None:
    by_id = {e.id: e.ref for e in dossier.evidence}
    assert {c.ref for c in dossier.choke_points} == {by_id["pay-a"], by_id["ad-1"]}
    assert {s.ref for s in dossier.sites} == {by_id["ad-1"], by_id["ad-2"]}
    refs = {e.ref for e in dossier.evidence} | {s.ref for s in dossier.stores}
    assert {u.store for u in dossier.network} | {u.identifier for u in dossier.network} == refs


def test_what_is_not_known_is_named_with_the_reason(market: Store) -> None:
    family = compose(market, "r-003")
    missing = {entry.part: entry.why for entry in family.not_available}
    assert {"accounts", "test buys", "notices", "choke points"} <= set(missing)
    assert all(missing.values())
    assert family.figures.confirmed_fakes is None


def test_the_same_data_gives_the_same_dossier(market: Store, dossier: Dossier) -> None:
    again = compose(market, "r-001")
    assert again == dossier
    assert all(f.render(again, "en") == f.render(dossier, "en") for f in FORMATS.values())


def test_a_changed_copy_does_not_hold(dossier: Dossier) -> None:
    assert holds(dossier)
    assert not holds(dossier.model_copy(update={"name": "another"}))
    assert holds(Dossier.model_validate_json(form("json").render(dossier, "en")))


def test_an_unknown_racket_and_an_unknown_form_are_told(market: Store) -> None:
    with pytest.raises(NotFound, match="r-999"):
        compose(market, "r-999")
    with pytest.raises(BadInput, match="pdf"):
        form("pdf")


def test_a_brands_copy_is_sealed_on_its_own(market: Store, dossier: Dossier) -> None:
    own = compose(market, "r-001", scope=Scope.of(brands=("NORDLAUF",)))
    assert holds(own)
    assert own.content_sha256 != dossier.content_sha256
    assert [b.id for b in own.brands] == ["nordlauf"]
    assert not own.accounts
    assert not own.people
    assert not own.contacts
    assert not own.outcomes
    assert own.stores[0].sales_30d == 20_000.0


def test_html_is_self_contained_escaped_and_without_script(dossier: Dossier) -> None:
    for language in ("en", "zh"):
        page = form("html").render(dossier, language).decode()
        assert "Li &lt;b&gt;Wei&lt;/b&gt;" in page
        assert "<script" not in page
        assert not re.findall(r"(?:src|href)\s*=", page)
        assert "url(" not in page
        assert '<span lang="zh-CN">' in page
        assert dossier.content_sha256 in page


def test_a_page_marks_who_was_joined_by_behaviour_alone(dossier: Dossier) -> None:
    first, *others = dossier.stores
    far, near = dossier.figures.size - 1, 1
    stores = (
        first.model_copy(update={"apart": far}),
        *(s.model_copy(update={"apart": near}) for s in others),
    )
    page = form("html").render(dossier.model_copy(update={"stores": stores}), "en").decode()
    assert page.count("joined by what it does") == 1
    assert "joined by what it does" not in form("html").render(dossier, "en").decode()


def test_the_picture_leaves_hubs_out_and_marks_choke_points(dossier: Dossier) -> None:
    picture = draw(dossier)
    hub = next(e.ref for e in dossier.evidence if e.id == "ad-2")
    assert (picture.stores, picture.identifiers, picture.hubs_left_out) == (6, 4, 1)
    assert f">{hub}<" not in picture.svg
    assert picture.svg.count('class="urgent"') == 2


def test_a_spreadsheet_does_not_run_a_stores_name(dossier: Dossier) -> None:
    text = form("csv").render(dossier, "en").decode("utf-8-sig")
    rows = list(csv.DictReader(io.StringIO(text)))
    assert [row["seller_id"] for row in rows] == ["s1", "s2", "s3", "s4", "s5", "s6"]
    assert rows[4]["name"] == "'=SUM(1) 鞋"


def test_graphml_and_geojson_are_read_by_others(dossier: Dossier) -> None:
    graph = nx.parse_graphml(form("graphml").render(dossier, "en").decode())
    assert graph.number_of_edges() == len(dossier.network)
    places = json.loads(form("geojson").render(dossier, "en"))
    assert places["features"][0]["geometry"]["coordinates"] == [119.0, 25.4]


@pytest.mark.browser
def test_the_page_reads_well_in_a_browser_and_on_paper(dossier: Dossier, tmp_path: Path) -> None:
    page_file = tmp_path / "dossier.html"
    page_file.write_bytes(form("html").render(dossier, "zh"))
    with sync_playwright() as play:
        browser = play.chromium.launch(executable_path="/usr/bin/chromium", args=["--no-sandbox"])
        page = browser.new_page(viewport={"width": 1100, "height": 900})
        asked: list[str] = []
        page.on("request", lambda request: asked.append(request.url))
        page.goto(page_file.as_uri())
        assert asked == [page_file.as_uri()]
        assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")
        overlaps = page.evaluate(
            """() => { const circles = [...document.querySelectorAll('svg circle')];
            const boxes = circles.map(c => c.getBoundingClientRect());
            return boxes.some((a, i) => boxes.slice(i + 1).some(b => a.left < b.right && b.left < a.right
            && a.top < b.bottom && b.top < a.bottom)); }"""
        )
        assert overlaps is False
        assert page.locator("svg.network circle").count() == 6
        paper = page.pdf(format="A4")
        assert paper.startswith(b"%PDF")
        assert len(re.findall(rb"/Type\s*/Page[^s]", paper)) <= 4
        browser.close()
