from __future__ import annotations

import hashlib
import json
from typing import Any

import httpx
import pytest

from graphsvc.casework import audit
from tests.api.conftest import Service


def test_rackets_come_by_rank_and_filters_hold(service: Service) -> None:
    def ids(**params: str) -> list[str]:
        answer = service.client.get("/v1/rackets", params=params, headers=service.headers("admin"))
        assert answer.status_code == 200
        return [item["id"] for item in answer.json()["items"]]

    assert ids() == ["r-001", "r-002", "r-003"]
    assert ids(jurisdiction="350000") == ["r-001", "r-003"]
    assert ids(jurisdiction="3503") == ["r-001", "r-003"]
    assert ids(jurisdiction="350302") == ["r-001"]
    assert ids(brand="KERNMEM") == ["r-001", "r-002"]
    assert ids(status="harmless") == ["r-003"]
    assert ids(min_score="60") == ["r-001"]
    assert ids(jurisdiction="110000") == []


def test_an_item_holds_what_the_contract_names(service: Service) -> None:
    item = service.client.get("/v1/rackets", headers=service.headers("admin")).json()["items"][0]
    named = {
        "id",
        "rank",
        "score",
        "confidence",
        "size",
        "jurisdictions",
        "brands",
        "estimated_value",
        "choke_points",
        "run_id",
    }
    assert named <= set(item)
    assert item["choke_points"][0]["id"] == "pay-a"
    assert item["estimated_value"] == 180_000.0


def test_pages_cover_the_list_once(service: Service) -> None:
    seen: list[str] = []
    cursor: str | None = None
    while True:
        params = {"limit": "2"} | ({"cursor": cursor} if cursor else {})
        page = service.client.get("/v1/rackets", params=params, headers=service.headers("admin")).json()
        seen += [item["id"] for item in page["items"]]
        cursor = page["next_cursor"]
        if cursor is None:
            break
    assert seen == ["r-001", "r-002", "r-003"]


@pytest.mark.parametrize("cursor", ["x", "AAAA", "=" * 30, "é"])
def test_a_made_up_cursor_is_told(service: Service, cursor: str) -> None:
    answer = service.client.get("/v1/rackets", params={"cursor": cursor}, headers=service.headers("admin"))
    assert answer.status_code == 422
    assert answer.json()["code"] == "bad-cursor"


def test_a_cursor_of_another_list_is_told(service: Service) -> None:
    headers = service.headers("admin")
    cursor = service.client.get("/v1/test-buys?limit=1", headers=headers).json()["next_cursor"]
    assert (
        service.client.get(
            "/v1/test-buys", params={"limit": 1, "cursor": cursor}, headers=headers
        ).status_code
        == 200
    )
    assert service.client.get("/v1/rackets", params={"cursor": cursor}, headers=headers).status_code == 422


def test_old_ids_lead_to_what_became_of_them(service: Service) -> None:
    headers = service.headers("admin")
    merged = service.client.get("/v1/rackets/r-900", headers=headers)
    assert (merged.status_code, merged.headers["location"]) == (308, "/v1/rackets/r-001")
    below = service.client.get("/v1/rackets/r-900/dossier", headers=headers)
    assert below.headers["location"] == "/v1/rackets/r-001/dossier"
    split = service.client.get("/v1/rackets/r-901", headers=headers)
    assert (split.status_code, split.json()["successors"]) == (410, ["r-001", "r-002"])
    gone = service.client.get("/v1/rackets/r-902", headers=headers)
    assert (gone.status_code, gone.json()["code"], gone.json()["successors"]) == (410, "racket-dissolved", [])
    assert service.client.get("/v1/rackets/never", headers=headers).status_code == 404


def test_a_racket_holds_its_members_surest_first(service: Service) -> None:
    found = service.client.get("/v1/rackets/r-001", headers=service.headers("admin")).json()
    assert [m["seller_id"] for m in found["members"]] == ["s1", "s2", "s3", "s4", "s5", "s6"]
    assert found["why"] == {"sales": 180000.0, "members": 6}


def test_the_picture_joins_members_by_what_they_share(service: Service) -> None:
    graph = service.client.get("/v1/rackets/r-001/graph", headers=service.headers("admin")).json()
    nodes = {node["id"]: node for node in graph["nodes"]}
    assert {"pay-a", "ad-1", "ad-2", "+8613800138000", "陈某"} <= set(nodes)
    assert "pay-b" not in nodes  # One store alone uses it.
    assert nodes["ad-2"]["hub_probability"] == 0.97
    used = {edge["seller"] for edge in graph["edges"] if edge["identifier"] == "pay-a"}
    assert used == {"tao:s3", "tao:s4", "tao:s5", "tao:s6"}
    small = service.client.get("/v1/rackets/r-001/graph?limit=2", headers=service.headers("admin")).json()
    assert len(small["nodes"]) == 4
    assert (small["members_total"], small["identifiers_total"]) == (6, 5)


def test_a_dossier_comes_in_the_form_asked_for(service: Service) -> None:
    headers = service.headers("admin")
    forms = {
        "application/json": "application/json",
        "text/html,application/xhtml+xml;q=0.9,*/*;q=0.8": "text/html; charset=utf-8",
        "text/csv": "text/csv; charset=utf-8",
        "application/geo+json": "application/geo+json",
        "*/*": "application/json",
        "text/html;q=0.2, application/json;q=0.9": "application/json",
    }
    for accept, media_type in forms.items():
        answer = service.client.get("/v1/rackets/r-001/dossier", headers={**headers, "Accept": accept})
        assert (answer.status_code, answer.headers["content-type"]) == (200, media_type)
    answer = service.client.get("/v1/rackets/r-001/dossier", headers={**headers, "Accept": "image/png"})
    assert answer.status_code == 406
    wanted = service.client.get(
        "/v1/rackets/r-001/dossier?format=html", headers={**headers, "Accept": "image/png"}
    )
    assert wanted.status_code == 200


def test_a_dossier_that_has_not_changed_is_not_sent_again(service: Service) -> None:
    headers = service.headers("admin")
    first = service.client.get("/v1/rackets/r-001/dossier", headers=headers)
    again = service.client.get(
        "/v1/rackets/r-001/dossier", headers={**headers, "If-None-Match": first.headers["etag"]}
    )
    assert (again.status_code, again.content) == (304, b"")
    other = service.client.get("/v1/rackets/r-001/dossier", headers={**headers, "If-None-Match": '"other"'})
    assert other.status_code == 200
    service.client.post(
        "/v1/test-buys",
        headers=headers,
        json={"test_buy_id": "tb-50", "seller_id": "s3", "brand": "Nordlauf"},
    )
    changed = service.client.get(
        "/v1/rackets/r-001/dossier", headers={**headers, "If-None-Match": first.headers["etag"]}
    )
    assert changed.status_code == 200


def test_every_read_of_a_dossier_is_in_the_audit(service: Service) -> None:
    reader = service.headers("shenzhen")
    body = service.client.get("/v1/rackets/r-002/dossier", headers=reader).json()
    service.client.get("/v1/rackets/r-002/dossier?format=html", headers=reader)
    rows = service.store.read("access/audit_of", subject="r-002", limit=10)
    assert [(row["action"], json.loads(row["details"])["format"]) for row in rows] == [
        ("dossier.read", "json"),
        ("dossier.read", "html"),
    ]
    assert json.loads(rows[0]["details"])["sha256"] == body["content_sha256"]
    assert rows[0]["by"].startswith("Shenzhen liaison (")
    assert audit.check(service.store).broken is None


def test_the_seal_of_a_dossier_can_be_recomputed_from_its_json(service: Service) -> None:
    body = service.client.get("/v1/rackets/r-001/dossier", headers=service.headers("admin")).json()
    seal = body.pop("content_sha256")
    text = json.dumps(body, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    assert hashlib.sha256(text.encode()).hexdigest() == seal


def test_a_holder_of_accounts_tells_whose_they_are(service: Service) -> None:
    def read(person: str) -> dict[str, Any]:
        answer = service.client.get(f"/v1/identifiers/{person}", headers=service.headers("investigator"))
        assert answer.status_code == 200
        return dict(answer.json())

    assert (read("li")["stores"], read("li")["users"]) == (1, ["tao:s1"])
    both = read("陈某")  # registered two stores, and holds the account of four others
    assert (both["stores"], both["users"]) == (6, [f"tao:s{n}" for n in range(1, 7)])
    assert (both["hub_probability"], both["weight"]) == (0.3, 1.1)


def test_what_leads_from_one_store_to_another_is_told_hop_by_hop(service: Service) -> None:
    def why(a: str, b: str) -> httpx.Response:
        return service.client.get(
            "/v1/links/why", params={"a": a, "b": b}, headers=service.headers("investigator")
        )

    found = why("s1", "s6").json()
    assert (found["a_name"], found["b_name"]) == ("莆田运动鞋行", "城厢鞋业")
    assert found["shares"] == []
    steps = [(hop["seller"], hop["identifier"], hop["to"], hop["weight"]) for hop in found["path"]]
    assert steps[0][:2] == ("tao:s1", "ad-1")
    assert steps[1][1:3] == ("pay-a", "tao:s6")
    assert steps[0][2] == steps[1][0]
    assert [step[3] for step in steps] == [4.1, 5.2]
    apart = why("s1", "m1").json()
    assert (apart["path"], apart["same_racket"]) == ([], None)
    assert {"what": "each is in its own racket", "about": "tao:s1 in r-001, tao:m1 in r-002"} in apart[
        "against"
    ]
    for other in ("s1", "tao:s1"):
        refused = why("s1", other)
        assert refused.status_code == 422
        assert refused.headers["content-type"] == "application/problem+json"
        assert "two different stores" in refused.json()["detail"]


def test_a_store_s_place_hangs_on_the_core_or_is_of_it(service: Service) -> None:
    def why(seller: str) -> dict[str, Any]:
        answer = service.client.get(f"/v1/sellers/{seller}", headers=service.headers("investigator"))
        return dict(answer.json()["why"])

    attached, core = why("s6"), why("s1")
    assert (attached["tied_to"], core["tied_to"]) == ("core", "rest")

    def fate(why: dict[str, Any]) -> dict[str, tuple[bool, int, int]]:
        return {i["identifier"]: (i["stays"], i["keeps"], i["loses"]) for i in why["if_innocent"]}

    assert fate(attached) == {"pay-a": (False, 0, 5)}, "the public locker ties it to nobody"
    assert fate(core) == dict.fromkeys(("+8613800138000", "ad-1", "陈某"), (True, 5, 0))
