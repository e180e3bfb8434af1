from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingest.normalise import account
from ingest.normalise.account import KINDS, parse
from ingest.normalise.checksums import credit_code, iban, keccak256, luhn, registration

KEY = b"k" * 32


@pytest.mark.parametrize(
    ("kind", "number", "canonical", "valid"),
    [
        ("bank", "6222 0212 3456 7890 128", "6222021234567890128", True),
        ("bank", "6222-0212-3456-7890-129", "6222021234567890129", False),
        ("bank", "卡号：６２２２０２１２３４５６７８９０１２８", "6222021234567890128", True),
        ("bank", "gb82 west 1234 5698 7654 32", "GB82WEST12345698765432", True),
        ("bank", "GB82WEST12345698765433", "GB82WEST12345698765433", False),
        ("bank", "12020212 09900012345", "1202021209900012345", None),
        ("card", "4111 1111 1111 1111", "4111111111111111", True),
        ("card", "4111 1111 1111 1112", "4111111111111112", False),
        ("alipay", "138-0013-8000", "+8613800138000", True),
        ("alipay", "Zhang@QQ.com", "zhang@qq.com", True),
        ("alipay", "2088 1021 4567 8901", "2088102145678901", True),
        ("wechat", "微信号：Wx_Shop88", "wx_shop88", True),
        ("wechat", "一三八零零一三八零零零", "+8613800138000", True),
        ("paypal", "Shop+x@Example.com", "shop@example.com", True),
        ("crypto", "1BvBMSEYstWetqTFn5Au4m4GFg7xJaNVN2", "1BvBMSEYstWetqTFn5Au4m4GFg7xJaNVN2", True),
        ("crypto", "1BvBMSEYstWetqTFn5Au4m4GFg7xJaNVN3", "1BvBMSEYstWetqTFn5Au4m4GFg7xJaNVN3", False),
        (
            "crypto",
            "BC1QW508D6QEJXTDG4Y5R3ZARVARY0C5XW7KV8F3T4",
            "bc1qw508d6qejxtdg4y5r3zarvary0c5xw7kv8f3t4",
            True,
        ),
        (
            "crypto",
            "0x5aAeb6053F3E94C9b9A09f33669435E7Ef1BeAed",
            "0x5aaeb6053f3e94c9b9a09f33669435e7ef1beaed",
            True,
        ),
        (
            "crypto",
            "0x5aAeb6053F3E94C9b9A09f33669435E7Ef1Beaed",
            "0x5aaeb6053f3e94c9b9a09f33669435e7ef1beaed",
            False,
        ),
        ("crypto", "TJCnKsPa7y5okkXvQAidZBzqx3QyQ6sxMW", "TJCnKsPa7y5okkXvQAidZBzqx3QyQ6sxMW", True),
        ("crypto", "a073aefad717d", "a073aefad717d", None),
        ("other", "AB-77/x", "AB-77/x", None),
        ("bank", " ", "", None),
    ],
)
def test_numbers_by_type(kind: str, number: str, canonical: str, valid: bool | None) -> None:
    found = parse(kind, number)
    assert (found.canonical, found.valid) == (canonical, valid)


@given(st.sampled_from(KINDS), st.text(max_size=40))
def test_reading_is_idempotent_and_masks_hide(kind: str, number: str) -> None:
    found = parse(kind, number)
    assert parse(kind, found.canonical).canonical == found.canonical
    if found.canonical:
        assert found.canonical not in found.masked


@given(st.from_regex(r"62[0-9]{14,17}", fullmatch=True))
def test_cards_in_any_spacing_and_width(number: str) -> None:
    spaced = " ".join(number[i : i + 4] for i in range(0, len(number), 4))
    wide = "".join(chr(ord(c) + 0xFEE0) for c in number)
    assert {parse("bank", text).canonical for text in (number, spaced, wide, spaced.replace(" ", "-"))} == {
        number
    }
    assert number[6:-4] not in parse("bank", number).masked


def test_the_hash_is_keyed_and_stable() -> None:
    assert account.keyed("6222021234567890128", KEY) == "a04246a4f2f8515cbf6265d777c4d4d7"
    assert account.keyed("a", KEY) == account.keyed("a", KEY) != account.keyed("a", b"other")
    with pytest.raises(ValueError, match="empty"):
        account.keyed("", KEY)
    with pytest.raises(ValueError, match="empty"):
        account.keyed("a", b"")


def test_published_vectors() -> None:
    assert keccak256(b"").hex() == "c5d2460186f7233c927e7db2dcc703c0e500b653ca82273b7bfad8045d85a470"
    assert luhn("79927398713")
    assert not luhn("79927398710")
    assert iban("DE89370400440532013000")
    assert credit_code("91350100M000100Y43")
    assert not credit_code("91350100M000100Y44")
    assert registration("110108000000016")


@pytest.mark.parametrize(
    ("number", "kind"),
    [
        ("6222021234567890128", "bank"),
        ("a@b.com", "paypal"),
        ("0x5aaeb6053f3e94c9b9a09f33669435e7ef1beaed", "crypto"),
        ("13800138000", "alipay"),
        ("x1", "other"),
    ],
)
def test_the_type_is_guessed(number: str, kind: str) -> None:
    assert parse("", number).kind == kind
