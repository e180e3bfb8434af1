from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingest.normalise import email, licence, name, phone
from ingest.normalise.text import clean, han_number, number_han, pinyin, simplified


@pytest.mark.parametrize(
    ("text", "canonical", "valid"),
    [
        ("13800138000", "+8613800138000", True),
        ("+86 138-0013-8000", "+8613800138000", True),
        ("００８６１３８００１３８０００", "+8613800138000", True),
        ("0571-8765 4321", "+8657187654321", True),
        ("(0571) 87654321转8012", "+8657187654321x8012", True),
        ("电话：0571-87654321", "+8657187654321", True),
        ("400-820-8820", "+864008208820", True),
        ("+1 212 555 2368", "+12125552368", True),
        ("一三八零零一三八零零零", "+8613800138000", True),
        ("12345", "", False),
        ("none", "", False),
    ],
)
def test_phones(text: str, canonical: str, valid: bool) -> None:
    found = phone.parse(text)
    assert (found.canonical, found.valid) == (canonical, valid)


@given(st.text(max_size=30))
def test_phones_are_idempotent_and_masked(text: str) -> None:
    found = phone.parse(text)
    assert phone.parse(found.canonical).canonical == found.canonical
    assert not found.canonical or found.canonical not in found.masked


@pytest.mark.parametrize(
    ("text", "canonical"),
    [
        ("Zhang.San@QQ.com", "zhang.san@qq.com"),
        ("<mailto:a@b.com>", "a@b.com"),
        ("a b", ""),
        ("J.Doe+shop@googlemail.com", "jdoe@gmail.com"),
        ("ｚ＠１６３．ｃｏｍ", "z@163.com"),
    ],
)
def test_emails(text: str, canonical: str) -> None:
    assert email.parse(text).canonical == canonical


@given(st.text(max_size=30), st.from_regex(r"[a-z.+]{1,8}@[a-z]{2,6}\.com", fullmatch=True))
def test_emails_are_idempotent(noise: str, mail: str) -> None:
    found = email.parse(noise + " " + mail)
    assert email.parse(found.canonical).canonical == found.canonical
    assert not found.canonical or found.canonical not in found.masked


@pytest.mark.parametrize(
    ("text", "canonical", "kind", "valid"),
    [
        ("统一社会信用代码：9135 0100 M000 100Y 43", "91350100M000100Y43", "credit code", True),
        ("91350100m000100y43", "91350100M000100Y43", "credit code", True),
        ("91350100MOOO100Y43", "91350100M000100Y43", "credit code", True),
        ("91350100M000100Y44", "91350100M000100Y44", "credit code", False),
        ("110108000000016", "110108000000016", "registration", True),
        ("110108000000017", "110108000000017", "registration", False),
        ("HRB 12345", "HRB12345", "other", None),
    ],
)
def test_licences(text: str, canonical: str, kind: str, valid: bool | None) -> None:
    assert licence.parse(text) == licence.Licence(canonical, kind, valid)


@pytest.mark.parametrize(
    ("text", "kind", "key"),
    [
        ("杭州雲帆電子商務有限公司", "firm", "杭州云帆电子商务"),
        ("浙江省杭州市云帆电子商务有限公司", "firm", "杭州云帆电子商务"),
        ("張三", "person", "张三"),
        ("Li, Wei", "person", "li wei"),
        ("Yunfan Trading Co., Ltd.", "firm", "yunfan trading"),
        ("Müller Handels G.m.b.H.", "firm", "muller handels"),
        ("买买提·艾力", "person", "买买提·艾力"),
        ("", "unknown", ""),
    ],
)
def test_names(text: str, kind: str, key: str) -> None:
    found = name.parse(text)
    assert (found.kind, found.key) == (kind, key)


@given(
    st.one_of(
        st.text(max_size=30), st.text(alphabet="杭州云帆张三有限公司厂店贸易李王(（) Ltd.,ab", max_size=16)
    )
)
def test_names_are_idempotent(text: str) -> None:
    found = name.parse(text)
    assert name.parse(found.canonical).key == found.key


@given(
    st.text(alphabet="杭州云帆张三有限公司厂店贸易李王(（) Ltd.,ab", max_size=12),
    st.text(alphabet="杭州云帆张三有限公司厂店贸易李王(（) Ltd.,ab", max_size=12),
)
def test_names_compare_symmetrically(a: str, b: str) -> None:
    forth, back = name.compare(a, b), name.compare(b, a)
    assert forth.probability == back.probability
    assert 0 <= forth.probability <= 1


@given(st.integers(1, 99))
def test_numerals(number: int) -> None:
    assert han_number(number_han(str(number))) == str(number)


@given(st.text())
def test_clean_is_idempotent(text: str) -> None:
    assert clean(clean(text)) == clean(text)
    assert simplified(simplified(text)) == simplified(text)


@given(st.text(alphabet="中国重庆行长安阿里巴乐清都江堰石WENSAN路1 -", max_size=12))
def test_pinyin_is_that_of_the_library_phrase_by_phrase(text: str) -> None:
    from pypinyin import lazy_pinyin

    assert pinyin(text) == "".join(lazy_pinyin(text, v_to_u=False)).lower()
