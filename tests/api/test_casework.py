from __future__ import annotations

from typing import Any

import httpx

from graphsvc.casework import audit
from tests.api.conftest import Service


def post(service: Service, path: str, body: dict[str, Any], role: str = "investigator") -> httpx.Response:
    return service.client.post(path, json=body, headers=service.headers(role))


def test_a_test_buy_is_recorded_as_the_tables_would_and_its_account_masked(service: Service) -> None:
    body = {
        "test_buy_id": "tb-api",
        "seller_id": "s5",
        "brand": "  NordLauf ",
        "bought_on": "2017-01-08",
        "verdict": "counterfeit",
        "origin_address": "福建省莆田市城厢区荔华东大道８号",
        "payment_account_no": "6222 0202 0011 2233 445",
    }
    made = post(service, "/v1/test-buys", body, "nordlauf")
    assert made.status_code == 201
    assert made.headers["location"] == "/v1/test-buys/tb-api"
    read = service.client.get("/v1/test-buys/tb-api", headers=service.headers("nordlauf")).json()
    assert (read["seller"], read["verdict"], read["bought_on"]) == ("tao:s5", "counterfeit", "2017-01-08")
    assert read["account"].endswith("3445")
    assert "0200112233" not in made.text
    assert post(service, "/v1/test-buys", body).status_code == 409
    assert service.client.get("/v1/test-buys/tb-api", headers=service.headers("shenzhen")).status_code == 404


def test_custody_is_signed_linked_and_verified(service: Service) -> None:
    for step in ({"action": "received", "place": "lab"}, {"action": "sealed", "note": "bag 7"}):
        assert post(service, "/v1/test-buys/tb-1/events", step).status_code == 201
    chain = service.client.get("/v1/test-buys/tb-1/events", headers=service.headers("nordlauf")).json()
    assert chain["intact"] is True
    first, second = chain["events"][-2:]
    assert second["previous"] == first["hash"]
    assert first["by"].startswith("investigator (")
    assert post(service, "/v1/test-buys/tb-3/events", {"action": "sealed"}, "nordlauf").status_code == 404


def test_notices_operations_and_outcomes_are_recorded_and_read(service: Service) -> None:
    notice = {"notice_id": "n-api", "seller_id": "tao:s6", "brand": "Nordlauf", "filed_on": "2017-01-10"}
    assert post(service, "/v1/notices", notice).status_code == 201
    assert (
        service.client.get("/v1/notices/n-api", headers=service.headers("putian")).json()["seller"]
        == "tao:s6"
    )
    operation = {
        "operation_id": "op-api",
        "name": "Winter",
        "jurisdiction": "350300",
        "authority": "Putian police",
    }
    assert post(service, "/v1/operations", operation, "putian").status_code == 201
    outcome = {
        "kind": "goods_seized",
        "seller_id": "s6",
        "value": 120000,
        "currency": "CNY",
        "on": "2017-01-11",
    }
    assert post(service, "/v1/operations/op-api/outcomes", outcome, "putian").status_code == 201
    again = post(service, "/v1/operations/op-api/outcomes", outcome, "putian").json()
    assert [o["kind"] for o in again["items"]] == ["goods_seized"]
    assert post(service, "/v1/operations/op-2/outcomes", outcome, "putian").status_code == 404
    report = service.client.get("/v1/reports/2017-01", headers=service.headers("admin")).json()
    figures = {f["name"]: f["value"] for f in report["figures"]}
    assert figures["value_seized"] == 120000.0
    assert figures["outcomes_arrest"] == 2.0


def test_a_report_says_why_a_figure_is_missing(service: Service) -> None:
    report = service.client.get("/v1/reports/2017-01", headers=service.headers("nordlauf")).json()
    missing = {f["name"]: f["why"] for f in report["figures"] if f["value"] is None}
    assert set(missing) == {"operations", "outcomes"}
    assert all(missing.values())


def test_a_judgement_is_appended_revoked_and_never_edited(service: Service) -> None:
    word = {"kind": "different", "a": "tao:s2", "b": "tao:s1", "reason": "two families"}
    made = post(service, "/v1/judgements", word).json()
    assert (made["a"], made["b"]) == ("tao:s1", "tao:s2")
    path = f"/v1/judgements/{made['id']}"
    assert post(service, f"{path}/revocation", {"reason": "slip"}).status_code == 201
    assert post(service, f"{path}/revocation", {"reason": "slip"}).status_code == 409
    read = service.client.get(path, headers=service.headers("investigator")).json()
    assert read["revoked_by"] is not None
    assert {**read, "revoked_by": None} == made
    listed = service.client.get("/v1/judgements?about=tao:s2", headers=service.headers("investigator")).json()
    assert made["id"] in [j["id"] for j in listed["items"]]


def test_a_judgement_about_nothing_is_refused(service: Service) -> None:
    for body in (
        {"kind": "same", "a": "tao:s1", "b": "nobody", "reason": "x"},
        {"kind": "same", "a": "tao:s1", "b": "tao:s1", "reason": "x"},
        {"kind": "same", "a": "tao:s1", "reason": "x"},
        {"kind": "whitelist", "a": "tao:s1", "reason": "x"},
        {"kind": "whitelist", "a": "ad-2", "b": "ad-1", "reason": "x"},
    ):
        assert post(service, "/v1/judgements", body).status_code == 422, body
    assert (
        post(service, "/v1/judgements", {"kind": "whitelist", "a": "ad-2", "reason": "locker"}).status_code
        == 201
    )


def test_everything_written_is_in_an_audit_that_holds(service: Service) -> None:
    before = audit.check(service.store).entries
    post(service, "/v1/judgements", {"kind": "unsure", "a": "tao:s3", "b": "tao:s4", "reason": "unclear"})
    verdict = audit.check(service.store)
    assert (verdict.entries, verdict.broken) == (before + 1, None)
