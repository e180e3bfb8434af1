"""What must not become one: different numbers and buildings, texts too little for a place, placeholders."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingest.normalise import account, address, email, licence, name, phone
from ingest.normalise.placeholder import WORDS, is_filler
from ingest.normalise.text import han_number

ROAD = "广东省深圳市福田区华强北路"


@pytest.mark.parametrize(
    ("a", "b", "same"),
    [
        ("一千零二号", "1002号", True),
        ("一千二百三十四号", "1234号", True),
        ("一千零二号", "2号", False),
        ("甲88号", "88号", False),
        ("甲88号", "88号甲", True),
        ("乙88号", "丙88号", False),
        ("88号院甲1号楼", "88号院1号楼", False),
        ("88号之一", "88号之二", False),
        ("123号之一", "123号", False),
        ("88号之一", "88之1号", True),
        ("88号之一二楼", "88号之1二楼", True),
        ("88号之二栋", "88号2栋", True),
        ("123号丰巢快递柜70室", "123号", True),
        ("123号(丰巢快递柜)", "123号快递柜", True),
        ("123号5栋菜鸟驿站", "123号5栋快递柜", True),
        ("123号 请放快递柜", "123号", True),
        ("1002-12-3-501", "1002号12栋3单元501室", True),
    ],
)
def test_what_stands_behind_the_street_decides(a: str, b: str, same: bool) -> None:
    assert (address.parse(ROAD + a).key == address.parse(ROAD + b).key) is same
    assert (address.compare(ROAD + a, ROAD + b).probability > 0.5) is same


@given(st.integers(1, 99_999))
def test_numerals_of_any_size_read_as_digits(number: int) -> None:
    digits, powers = "零一二三四五六七八九", ["", "十", "百", "千", "万"]
    written, gap = "", False
    for place, digit in zip(range(len(str(number)) - 1, -1, -1), map(int, str(number)), strict=True):
        if digit:
            written += ("零" if gap and written else "") + digits[digit] + powers[place]
        gap = not digit
    assert han_number(written) == str(number)
    assert address.parse(f"{ROAD}{written}号").key == address.parse(f"{ROAD}{number}号").key


def test_a_back_building_is_another_building() -> None:
    keys = {
        address.parse(f"Hauptstr. 12{wing}, 10115 Berlin").key
        for wing in ("", ", Hinterhaus", ", Vorderhaus")
    }
    assert len(keys) == 3


@pytest.mark.parametrize(
    "text",
    ["1号", "3单元501室", "广东省", "广东省深圳市福田区", "人民路1号", "广东省人民路1号", "高新区科技路1号",
     "350 Fifth Avenue", "New York, NY 10118", "广东省深圳市福田区丰巢快递柜3号"],
)  # fmt: skip
def test_too_little_for_a_place_has_no_key_and_is_nothing_like_itself(text: str) -> None:
    read = address.parse(text)
    assert (read.key, read.building_key, read.street_key) == ("", "", "")
    assert read.text
    assert address.compare(text, text).probability < 0.5


@pytest.mark.parametrize(
    "text",
    [
        "西湖区文三路12号",
        "仙桃市沔阳大道1号",
        "310012 人民路1号",
        "广东江门市新会区建设东路466号",
        "广东江门恩平市海城东路608号",
        "台北市信義區忠孝東路五段1號",
        "彰化縣彰化市中正路一段10號",
    ],
)
def test_enough_for_a_place_keeps_its_key(text: str) -> None:
    assert address.parse(text).key
    assert address.compare(text, text).probability == 1


def test_a_direction_that_looks_like_another_character_is_uncertain() -> None:
    assert 0.5 < address.compare(f"{ROAD}1号", ROAD.replace("北路", "比路") + "1号").probability < 0.98
    assert address.compare(f"{ROAD}1号", ROAD.replace("北路", "南路") + "1号").probability < 0.1


@given(st.sampled_from(sorted(WORDS)), st.sampled_from(["", "（", " ", "--"]), st.sampled_from(account.KINDS))
def test_words_for_nothing_are_nobody(word: str, around: str, kind: str) -> None:
    text = around + word.upper() + around
    assert account.parse(kind, text).canonical == phone.parse(text).canonical == ""
    assert licence.parse(text).canonical == name.parse(text).key == ""


@pytest.mark.parametrize(
    "text", ["0", "0000000000", "6222********0128", "6222XXXX0128", "123456789", "1234567890", "11111"]
)
def test_fillers_and_masked_accounts_are_nobodys(text: str) -> None:
    assert account.parse("bank", text).canonical == ""


@given(st.from_regex(r"62[0-9]{14,17}", fullmatch=True))
def test_account_numbers_are_no_fillers(number: str) -> None:
    assert not is_filler(number)


@pytest.mark.parametrize("text", ["138****8000", "00000000000", "无", "95588"])
def test_phones_of_nobody(text: str) -> None:
    assert not phone.parse(text).possible


@pytest.mark.parametrize(
    "text", ["个体工商户", "有限公司", "(个体工商户)", "Co., Ltd.", "张**", "**明", "Li W***"]
)
def test_names_of_nobody(text: str) -> None:
    assert name.parse(text).key == ""


@pytest.mark.parametrize("text", ["何*敏", "百*支付有限公司", "J*** Smith"])
def test_what_a_masked_name_shows_is_not_the_whole_name(text: str) -> None:
    shown = name.parse(text)
    assert "*" in shown.key
    assert name.parse(shown.key).key == shown.key
    assert name.compare(text, text.replace("*", "")).probability < 0.01


@pytest.mark.parametrize("text", ["none@none.com", "test@test.com", "a***@qq.com", "null@qq.com"])
def test_mail_of_nobody(text: str) -> None:
    assert email.parse(text).canonical == ""


@given(st.sampled_from(["/", "、", ",", ";", " ", "，", "或"]))
def test_a_field_may_hold_two_phones(between: str) -> None:
    found = phone.several(f"13800138000{between}13900139000")
    assert [one.canonical for one in found] == ["+8613800138000", "+8613900139000"]
    assert phone.several("138 0013 8000")[0].canonical == "+8613800138000"
