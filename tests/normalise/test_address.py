from __future__ import annotations

import re
from dataclasses import dataclass, replace

import opencc
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ingest.normalise import address, bulk, gazetteer
from ingest.normalise.address import parse

COUNTIES = [
    d for d in gazetteer.by_code().values() if d.level == 3 and len(d.name) > 2 and gazetteer.chain(d)[1]
]
STREETS = [
    "文三路",
    "人民路",
    "中山北路",
    "建设一路",
    "解放大道",
    "长安街",
    "府前街",
    "科苑路",
    "振兴路",
    "天目山路",
    "学院南路",
    "二环东路",
]
COMPOUNDS = ["", "华星时代广场", "安福小区", "国际商贸城", "锦绣花园", "科兴科学园", "嘉里大厦"]
NOTES = [
    "",
    "（近地铁站）",
    " 联系电话13800138000",
    "(请放门口)",
    "，收件人：张三",
    " 备注：工作日送货",
    "【快递放前台】",
]
_TRADITIONAL = opencc.OpenCC("s2t")
_NUMERALS = "零一二三四五六七八九"


@dataclass(frozen=True)
class Place:
    """A place in its plain spelling."""

    county: gazetteer.Division
    street: str
    number: int
    compound: str
    building: int
    room: int

    @property
    def area(self) -> str:
        province, city, county = gazetteer.chain(self.county)
        return province + (city if city != province else "") + county

    def written(self, mark: str = "号", block: str = "栋", room: str = "室") -> str:
        building = f"{self.building}{block}" if self.building else ""
        return f"{self.area}{self.street}{self.number}{mark}{self.compound}{building}" + (
            f"{self.room}{room}" if self.room else ""
        )


places = st.builds(
    Place,
    st.sampled_from(COUNTIES),
    st.sampled_from(STREETS),
    st.integers(1, 2999),
    st.sampled_from(COMPOUNDS),
    st.integers(0, 60),
    st.one_of(st.just(0), st.integers(101, 3999)),
)


def full_width(text: str) -> str:
    return "".join(chr(ord(c) + 0xFEE0) if c.isascii() and c.isalnum() else c for c in text)


def traditional(text: str) -> str:
    return str(_TRADITIONAL.convert(text))


def numeral(number: int) -> str:
    """Write 1 to 99 as Chinese do."""
    tens, ones = divmod(number, 10)
    return ("" if tens == 0 else "十" if tens == 1 else _NUMERALS[tens] + "十") + (
        _NUMERALS[ones] if ones else ""
    )


PLAIN = "浙江省杭州市西湖区文三路478号华星时代广场3栋1203室"


def test_parts_of_a_full_address() -> None:
    found = parse("浙江省杭州市西湖区翠苑街道文三路478号华星时代广场A座2单元1203室")
    assert (found.adcode, found.province, found.city, found.district) == (
        "330106",
        "浙江省",
        "杭州市",
        "西湖区",
    )
    assert (found.town, found.street, found.number, found.compound) == (
        "翠苑街道",
        "文三路",
        "478",
        "华星时代广场",
    )
    assert (found.building, found.unit, found.level, found.country) == ("A座", "2单元1203室", "unit", "CN")
    assert found.latitude is not None
    assert 30 < found.latitude < 31


def test_units_of_one_building_share_its_key() -> None:
    one, other = parse(PLAIN), parse(PLAIN.replace("1203", "1204"))
    assert one.building_key == other.building_key != ""
    assert one.unit_key != other.unit_key
    assert one.key == one.unit_key


@pytest.mark.parametrize(
    ("text", "level"),
    [
        (PLAIN, "unit"),
        ("杭州市西湖区文三路478号3栋", "building"),
        ("杭州市西湖区文三路478号", "building"),
        ("杭州市西湖区华星时代广场", "compound"),
        ("杭州市西湖区文三路", "street"),
        ("杭州市西湖区", "district"),
        ("杭州市", "city"),
        ("浙江省", "province"),
        ("", "none"),
        ("？？", "none"),
    ],
)
def test_level_tells_the_finest_part(text: str, level: str) -> None:
    assert parse(text).level == level


@pytest.mark.parametrize(
    ("text", "adcode"),
    [
        ("杭州市西湖区文三路12号", "330106"),
        ("萧山区市心路12号", "330109"),
        ("西湖区文三路12号", ""),
        ("浙江西湖区文三路12号", "330106"),
        ("抗州市西湖区文三路12号", "330106"),
        ("南京路12号", ""),
        ("上海南京西路12号", "310000"),
        ("浙江省浙江省杭州市萧山区市心路1号", "330109"),
        ("昆山市前进路1号", "320583"),
        ("广东东莞长安镇横岗路1号", "441900"),
        ("临平区南大街1号", "330113"),
        ("吉林省吉林市昌邑区解放路1号", "220202"),
        ("西湖区文三路12号 邮编310012", "330106"),
    ],
)
def test_divisions_are_inferred_only_when_certain(text: str, adcode: str) -> None:
    assert parse(text).adcode == adcode


@pytest.mark.parametrize(
    ("text", "field", "value"),
    [
        ("收件人：张三，电话：13800138000，浙江省杭州市文三路12号，邮编310012", "postcode", "310012"),
        ("310012 杭州市文三路12号", "postcode", "310012"),
        ("杭州市文三路12号 30.2741,120.1551", "latitude", 30.2741),
        ("杭州市文三路12号（120.1551，30.2741）", "longitude", 120.1551),
        ("上海市延安西路1538弄12号302室", "number", "1538弄"),
        ("上海市延安西路1538弄12号302室", "building", "12栋"),
        ("杭州市建设3路12号", "street", "建设三路"),
        ("杭州市2号大街512号", "street", "2号大街"),
        ("杭州市文三路12号12楼03室", "unit", "1203室"),
        ("杭州市文三路12号负一层", "unit", "B1层"),
        ("杭州市文三路12号 3-2-501", "unit", "2单元501室"),
        ("No. 12, Wensan Rd, Xihu District, Hangzhou", "adcode", "330106"),
        ("12 bis rue de la Paix, 75002 Paris, France", "number", "12bis"),
        ("Flat 3, 12 High St, London SW1A 1AA", "country", "GB"),
        ("Hauptstr. 12a, 10115 Berlin", "street", "hauptstrasse"),
        ("350 Fifth Ave, Suite 3304, New York, NY 10118", "postcode", "10118"),
    ],
)
def test_parts_that_stand_in_odd_places(text: str, field: str, value: object) -> None:
    assert getattr(parse(text), field) == value


@given(places)
def test_parsing_is_idempotent(place: Place) -> None:
    once = parse(place.written())
    assert parse(once.text).key == once.key


@given(
    st.one_of(
        st.text(max_size=40),
        st.text(
            alphabet="浙江杭州西湖区市文三路街道村镇号楼栋座单元室层期组0123456789ABF-(), #", max_size=30
        ),
    )
)
@settings(max_examples=300)
def test_parsing_anything_is_idempotent(text: str) -> None:
    once = parse(text)
    assert parse(once.text).key == once.key


@given(
    places,
    st.sampled_from(["號", "#", "号 "]),
    st.sampled_from(["幢", "棟", "号楼", "#楼", "座", " 栋 "]),
    st.sampled_from(["房", "", " 室"]),
    st.sampled_from(NOTES),
)
def test_spelling_does_not_change_the_key(place: Place, mark: str, block: str, room: str, note: str) -> None:
    key = parse(place.written()).key
    assert parse(place.written(mark, block, room) + note).key == key


@given(places)
def test_width_and_script_do_not_change_the_key(place: Place) -> None:
    key = parse(place.written()).key
    assert parse(full_width(place.written())).key == key
    assert parse(traditional(place.written())).key == key
    assert parse(" ".join(re.findall(r"[^\d]+|\d+", place.written()))).key == key


@given(places, st.integers(1, 99))
def test_numerals_read_as_digits(place: Place, building: int) -> None:
    place = replace(place, building=building)
    assert (
        parse(place.written().replace(f"{building}栋", f"{numeral(building)}号楼")).key
        == parse(place.written()).key
    )


@given(places, st.integers(1, 3000))
def test_other_numbers_never_share_a_key(place: Place, number: int) -> None:
    for other in (
        replace(place, number=number),
        replace(place, building=number),
        replace(place, room=number + 100),
    ):
        if other != place:
            assert parse(other.written()).key != parse(place.written()).key
            assert address.compare(other.written(), place.written()).probability <= 0.9


@given(places)
def test_digits_are_neither_lost_nor_changed(place: Place) -> None:
    assert re.findall(r"\d+", parse(place.written()).text) == re.findall(r"\d+", place.written())


@given(places, places)
def test_comparison_is_symmetric_and_a_probability(one: Place, other: Place) -> None:
    forth, back = (
        address.compare(one.written(), other.written()),
        address.compare(other.written(), one.written()),
    )
    assert forth == back
    assert 0 <= forth.probability <= 1
    assert address.compare(one.written(), one.written()).probability == 1


@given(places, st.data())
def test_a_slip_in_the_street_keeps_a_doubt_but_no_more(place: Place, data: st.DataObject) -> None:
    street = data.draw(st.sampled_from([s for s in STREETS if s != place.street]))
    assert address.compare(place.written(), replace(place, street=street).written()).probability < 0.5
    homophone = place.street.replace("文", "闻").replace("振", "震").replace("科", "棵").replace("长", "常")
    place = replace(place, building=3, room=302)
    assert address.compare(place.written(), replace(place, street=homophone).written()).probability > 0.9


def test_every_division_reads_back_from_its_full_name() -> None:
    for division in gazetteer.by_code().values():
        province, city, county = gazetteer.chain(division)
        text = province + (city if city != province else "") + county
        assert parse(f"{text}人民路12号").adcode == division.code, text


def test_bulk_equals_one_by_one_and_keeps_order() -> None:
    texts = pl.Series(
        "address", [PLAIN, None, "杭州市文三路12号", PLAIN, "350 5th Avenue, New York, NY 10118"]
    )
    frame = address.parse_many(texts)
    assert frame.schema == address.SCHEMA
    assert frame["key"].to_list() == [parse(text or "").key for text in texts]


def test_helpers_read_the_same() -> None:
    values = pl.DataFrame(
        {"text": [f"杭州市文三路{n}号" for n in range(1, 40)], "postcode": "", "country": ""}
    )
    assert bulk.run(address.read_all, values, processes=2).equals(address.read_all(values))
