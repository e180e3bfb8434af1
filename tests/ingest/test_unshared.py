"""What says too little ties nobody, and nothing else of the row is lost."""

from __future__ import annotations

from collections.abc import Callable

import polars as pl
import pytest

from graphsvc.model.graph import Label, Rel
from ingest.frames import Kind
from ingest.staged import Staged

SHIPS = Kind(Rel.SHIPS_FROM, Label.SELLER, Label.ADDRESS)


def rows(address: str, **more: str) -> list[dict[str, str]]:
    return [
        {"seller_id": s, "kind": "ship_from", "address": address, "shipments": "7", **more}
        for s in ("a", "b")
    ]


@pytest.mark.parametrize("text", ["广东省深圳市福田区", "人民路1号", "3单元501室", "？？1"])
def test_a_vague_place_is_kept_for_each_store_alone(staging: Callable[..., Staged], text: str) -> None:
    staged = staging({"sellers": [{"seller_id": s} for s in "ab"], "seller_addresses": rows(text)})
    told = staged.relationships(SHIPS)
    assert told["end"].n_unique() == 2
    assert told.select("asReceived", "count").unique().rows() == [(text, 7)]
    assert staged.market().similar.is_empty()
    assert pl.read_csv(staged.rejects).is_empty()


@pytest.mark.parametrize(
    ("more", "places"), [({"postcode": "310012"}, 1), ({"lat": "30.27", "lon": "120.15"}, 1), ({}, 2)]
)
def test_postcode_or_coordinates_tell_where_a_street_is(
    staging: Callable[..., Staged], more: dict[str, str], places: int
) -> None:
    staged = staging(
        {"sellers": [{"seller_id": s} for s in "ab"], "seller_addresses": rows("人民路1号", **more)}
    )
    assert staged.relationships(SHIPS)["end"].n_unique() == places


def test_placeholders_that_are_required_are_rejected_and_others_unknown(
    staging: Callable[..., Staged],
) -> None:
    sellers = [
        {"seller_id": s, "phone": "138****8000", "email": "none@none.com", "registered_name": "个体工商户"}
        for s in "ab"
    ]
    accounts = [
        {"seller_id": "a", "kind": "bank", "account_no": number, "holder": "张三"}
        for number in ("N/A", "6222********0128", "6222021001001000")
    ]
    staged = staging({"sellers": sellers, "payment_accounts": accounts, "seller_addresses": rows("无")})
    rejects = pl.read_csv(staged.rejects)
    assert set(rejects.select("table", "line", "column").rows()) == {
        ("payment_accounts", 2, "account_no"),
        ("payment_accounts", 3, "account_no"),
        ("seller_addresses", 2, "address"),
        ("seller_addresses", 3, "address"),
    }
    assert "6222********0128" not in staged.rejects.read_text()
    assert staged.market().links["label"].to_list() == ["PaymentAccount"]
    assert staged.nodes(Label.SELLER).height == 2


def test_two_phones_in_a_field_are_two(staging: Callable[..., Staged]) -> None:
    staged = staging({"sellers": [{"seller_id": "a", "phone": "13800138000/13900139000"}]})
    assert sorted(staged.nodes(Label.PHONE)["id"]) == ["+8613800138000", "+8613900139000"]
