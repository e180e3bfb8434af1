"""Made-up addresses and the ways people write them; our own, apart from the simulator's."""

from __future__ import annotations

from dataclasses import dataclass

import opencc
from hypothesis import strategies as st
from ingest.normalise import divisions

COUNTIES = [d for d in divisions.by_code().values() if d.level == 3 and len(d.name) > 2 and divisions.chain(d)[1]]
STREETS = ["文三路", "人民路", "中山北路", "建设一路", "解放大道", "长安街", "府前街", "科苑路", "振兴路", "天目山路", "学院南路", "二环东路"]
COMPOUNDS = ["", "华星时代广场", "安福小区", "国际商贸城", "锦绣花园", "科兴科学园", "嘉里大厦"]
NOTES = ["", "（近地铁站）", " 联系电话13800138000", "(请放门口)", "，收件人：张三", " 备注：工作日送货", "【快递放前台】"]
_TRADITIONAL = opencc.OpenCC("s2t")
_NUMERALS = "零一二三四五六七八九"


@dataclass(frozen=True)
class Place:
    """A place in its plain spelling."""

    county: divisions.Division
    street: str
    number: int
    compound: str
    building: int
    room: int

    @property
    def area(self) -> str:
        province, city, county = divisions.chain(self.county)
        return province + (city if city != province else "") + county

    def written(self, mark: str = "号", block: str = "栋", room: str = "室") -> str:
        building = f"{self.building}{block}" if self.building else ""
        return f"{self.area}{self.street}{self.number}{mark}{self.compound}{building}" + (f"{self.room}{room}" if self.room else "")


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
    return ("" if tens == 0 else "十" if tens == 1 else _NUMERALS[tens] + "十") + (_NUMERALS[ones] if ones else "")
