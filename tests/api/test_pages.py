from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import httpx

from graphsvc.casework.access import Role
from graphsvc.casework.keys import KeyRequest, issue, revoke
from tests.api.conftest import Service


@contextmanager
def signed_in(service: Service, token: str) -> Iterator[httpx.Client]:
    with httpx.Client(base_url=service.client.base_url, timeout=120) as browser:
        answer = browser.post("/sign-in", data={"key": token})
        assert answer.status_code == 303
        cookie = answer.headers["set-cookie"]
        assert "HttpOnly" in cookie
        assert "SameSite=strict" in cookie
        assert token not in cookie
        yield browser


def test_strangers_see_the_sign_in_page_and_no_dossier(service: Service) -> None:
    page = service.client.get("/")
    assert page.status_code == 200
    assert 'name="key"' in page.text
    assert service.client.get("/dossiers/r-001").status_code == 303
    refused = service.client.post("/sign-in", data={"key": "gsv_0000000000_" + "0" * 48})
    assert refused.status_code == 401
    assert "set-cookie" not in refused.headers


def test_a_liaison_walks_from_the_list_to_a_dossier_in_both_languages(service: Service) -> None:
    with signed_in(service, service.tokens["putian"]) as browser:
        english, chinese = browser.get("/?lang=en").text, browser.get("/?lang=zh").text
        assert "Ranked rackets" in english
        assert "团伙排名" in chinese
        assert "/dossiers/r-001?lang=en" in english
        assert "r-002" not in english
        assert "福建省莆田市城厢区" in english
        dossier = browser.get("/dossiers/r-001?lang=zh")
        assert "首要控制目标" in dossier.text
        assert browser.get("/dossiers/r-002").status_code == 404
        browser.post("/sign-out")
        assert 'name="key"' in browser.get("/").text


def test_a_revoked_key_ends_its_sessions(service: Service) -> None:
    token = issue(service.store, KeyRequest("short", Role.INVESTIGATOR)).token
    with signed_in(service, token) as browser:
        assert "r-001" in browser.get("/").text
        revoke(service.store, token)
        assert 'name="key"' in browser.get("/").text


def test_a_forged_session_is_no_session(service: Service) -> None:
    for forged in ("x", "e30", "AAAAAAAAAAAAAAAAAAAAAAB7fQ"):
        page = service.client.get("/", headers={"Cookie": f"graphsvc_session={forged}"})
        assert 'name="key"' in page.text


def test_pages_carry_no_script_and_forbid_it(service: Service) -> None:
    with signed_in(service, service.tokens["admin"]) as browser:
        for path in ("/", "/dossiers/r-001"):
            page = browser.get(path)
            assert "<script" not in page.text
            assert "default-src 'none'" in page.headers["content-security-policy"]
            assert page.headers["x-frame-options"] == "DENY"
