"""Administrative divisions of China: the table, their names long and short, what lies in what.

The table is the one inside the package ``cpca`` (code, name, coordinates), read as a file: importing the package would
import pandas. Divisions formed since that table are added here.
"""

from __future__ import annotations

import csv
import importlib.util
import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from graphsvc.model.errors import BadInput


@dataclass(frozen=True)
class Division:
    """A province (level 1), city (2) or county (3); ``code`` is the six-digit adcode, coordinates WGS 84 or None."""

    code: str
    name: str
    level: int
    latitude: float | None
    longitude: float | None

    def within(self, other: Division) -> bool:
        """Whether this division is ``other`` or lies in it."""
        return self.code.startswith(other.code[: 2 * other.level])


_NEWER = (
    "330113 临平区 30.419 120.299",
    "330114 钱塘区 30.323 120.494",
    "330383 龙港市 27.578 120.553",
    "370116 莱芜区 36.203 117.677",
    "370117 钢城区 36.058 117.811",
    "370614 蓬莱区 37.811 120.759",
    "371681 邹平市 36.863 117.743",
    "510118 新津区 30.410 103.811",
    "420882 京山市 31.018 113.120",
    "320685 海安市 32.533 120.467",
    "320614 海门区 31.871 121.182",
    "320613 崇川区 32.010 120.857",
    "410306 孟津区 34.826 112.445",
    "410307 偃师区 34.728 112.790",
    "411603 淮阳区 33.732 114.886",
    "130284 滦州市 39.741 118.704",
    "140681 怀仁市 39.828 113.100",
    "360603 余江区 28.204 116.819",
    "361104 广信区 28.449 117.966",
    "350405 沙县区 26.397 117.793",
    "350404 三元区 26.234 117.608",
    "451082 平果市 23.329 107.590",
    "522302 兴仁市 25.435 105.186",
    "530481 澄江市 24.674 102.908",
    "610482 彬州市 35.036 108.081",
    "610681 子长市 37.143 109.676",
    "620881 华亭市 35.218 106.654",
    "500156 武隆区 29.326 107.760",
    "430182 宁乡市 28.278 112.552",
    "520304 播州区 27.536 106.829",
    "130708 万全区 40.766 114.741",
    "610118 鄠邑区 34.109 108.605",
    "340209 弋江区 31.311 118.373",
    "340210 湾沚区 31.134 118.576",
    "340212 繁昌区 31.081 118.201",
    "330213 奉化区 29.655 121.407",
)
_TAIWAN = (
    "710100 台北市 25.033 121.565",
    "710200 高雄市 22.627 120.301",
    "710300 台南市 22.999 120.227",
    "710400 台中市 24.148 120.674",
    "710600 南投县 23.961 120.972",
    "710700 基隆市 25.128 121.739",
    "710800 新竹市 24.814 120.968",
    "710900 嘉义市 23.480 120.449",
    "711100 新北市 25.017 121.463",
    "711200 宜兰县 24.702 121.738",
    "711300 新竹县 24.839 121.018",
    "711400 桃园市 24.994 121.301",
    "711500 苗栗县 24.560 120.821",
    "711700 彰化县 24.052 120.516",
    "711900 嘉义县 23.452 120.256",
    "712100 云林县 23.709 120.431",
    "712400 屏东县 22.552 120.549",
    "712500 台东县 22.756 121.145",
    "712600 花莲县 23.987 121.602",
    "712700 澎湖县 23.571 119.579",
)
"""Cities and counties of Taiwan, of which the table knows the province alone; codes as map services use them."""
_NATIONS = [
    "蒙古族",
    "回族",
    "藏族",
    "维吾尔族",
    "苗族",
    "彝族",
    "壮族",
    "布依族",
    "朝鲜族",
    "满族",
    "侗族",
    "瑶族",
    "白族",
    "土家族",
    "哈尼族",
    "哈萨克族",
    "傣族",
    "黎族",
    "傈僳族",
    "佤族",
    "畲族",
    "拉祜族",
    "水族",
    "东乡族",
    "纳西族",
    "景颇族",
    "柯尔克孜族",
    "土族",
    "达斡尔族",
    "仫佬族",
    "羌族",
    "布朗族",
    "撒拉族",
    "毛南族",
    "仡佬族",
    "锡伯族",
    "阿昌族",
    "普米族",
    "塔吉克族",
    "怒族",
    "俄罗斯族",
    "鄂温克族",
    "德昂族",
    "保安族",
    "裕固族",
    "独龙族",
    "鄂伦春族",
    "各族",
    "蒙古",
    "哈萨克",
    "柯尔克孜",
    "塔吉克",
    "维吾尔",
    "锡伯",
    "达斡尔",
]
_SHORT_PROVINCE = {
    "内蒙古自治区": "内蒙古",
    "广西壮族自治区": "广西",
    "西藏自治区": "西藏",
    "新疆维吾尔自治区": "新疆",
    "宁夏回族自治区": "宁夏",
    "香港特别行政区": "香港",
    "澳门特别行政区": "澳门",
}
_NO_NAMES = frozenset({"市辖区", "县", "省直辖县级行政区划", "自治区直辖县级行政区划"})
_MUNICIPAL = frozenset({"11", "12", "31", "50"})
_POSTCODES = {
    "10": "11",
    "20": "31",
    "30": "12",
    "40": "50",
    "01": "15",
    "02": "15",
    "03": "14",
    "04": "14",
    "05": "13",
    "06": "13",
    "07": "13",
    "11": "21",
    "12": "21",
    "13": "22",
    "15": "23",
    "16": "23",
    "21": "32",
    "22": "32",
    "23": "34",
    "24": "34",
    "25": "37",
    "26": "37",
    "27": "37",
    "31": "33",
    "32": "33",
    "33": "36",
    "34": "36",
    "35": "35",
    "36": "35",
    "41": "43",
    "42": "43",
    "43": "42",
    "44": "42",
    "45": "41",
    "46": "41",
    "47": "41",
    "51": "44",
    "52": "44",
    "53": "45",
    "54": "45",
    "55": "52",
    "56": "52",
    "57": "46",
    "61": "51",
    "62": "51",
    "63": "51",
    "64": "51",
    "65": "53",
    "66": "53",
    "67": "53",
    "71": "61",
    "72": "61",
    "73": "62",
    "74": "62",
    "75": "64",
    "81": "63",
    "83": "65",
    "84": "65",
    "85": "54",
    "86": "54",
}


def _table_file() -> Path:
    spec = importlib.util.find_spec("cpca")
    for folder in (spec.submodule_search_locations or []) if spec else []:
        path = Path(folder) / "resources" / "adcodes.csv"
        if path.is_file():
            return path
    raise BadInput(
        "The table of Chinese divisions (package cpca) is not installed.",
        "Install the package again: pip install cpca.",
    )


@cache
def by_code() -> dict[str, Division]:
    """Return all divisions by adcode, sorted by it."""
    rows: dict[str, Division] = {}
    with _table_file().open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            code, name = row["adcode"][:6], row["name"]
            if name not in _NO_NAMES:
                level = 1 if code.endswith("0000") else 2 if code.endswith("00") else 3
                rows[code] = Division(code, name, level, _number(row["latitude"]), _number(row["longitude"]))
    for line in _NEWER:
        code, name, latitude, longitude = line.split()
        for old in [c for c, d in rows.items() if d.name == name and c[:4] == code[:4] and c != code]:
            del rows[old]
        rows.setdefault(code, Division(code, name, 3, float(latitude), float(longitude)))
    for line in _TAIWAN:
        code, name, latitude, longitude = line.split()
        rows[code] = Division(code, name, 2, float(latitude), float(longitude))
    return dict(sorted(rows.items()))


def _number(text: str) -> float | None:
    return float(text) if text else None


def short(name: str) -> str:
    """Return the everyday name of a division: 浙江省 → 浙江, 延边朝鲜族自治州 → 延边, 浦东新区 → 浦东."""
    if name in _SHORT_PROVINCE:
        return _SHORT_PROVINCE[name]
    stem = re.sub(r"(?:自治州|自治县|自治旗|特别行政区|林区|地区|新区|矿区|省|市|区|县|盟|旗)$", "", name)
    if re.search(r"自治[州县旗]$", name):
        changed = True
        while changed:
            changed = False
            for nation in _NATIONS:
                if stem.endswith(nation) and len(stem) > len(nation) + 1:
                    stem, changed = stem[: -len(nation)], True
                    break
    return stem if len(stem) >= 2 else name


@cache
def below() -> dict[str, tuple[Division, ...]]:
    """Return the divisions in each province and city, by its adcode."""
    rows: dict[str, list[Division]] = {}
    for division in by_code().values():
        for parent in {division.code[:2] + "0000", division.code[:4] + "00"} - {division.code}:
            rows.setdefault(parent, []).append(division)
    return {code: tuple(children) for code, children in rows.items()}


def common(candidates: Iterable[Division]) -> Division | None:
    """Return the finest division that all lie in, or None."""
    rows = list(candidates)
    if not rows:
        return None
    if len(rows) == 1:
        return rows[0]
    table = by_code()
    for level in (2, 1):
        heads = {row.code[: 2 * level] for row in rows}
        if len(heads) == 1 and all(row.level >= level for row in rows):
            found = table.get(heads.pop().ljust(6, "0"))
            if found:
                return found
    return None


def chain(division: Division) -> tuple[str, str, str]:
    """Return the names of province, city and county above and including a division; a municipality is its own city."""
    table = by_code()
    province = table.get(division.code[:2] + "0000")
    name = province.name if province else ""
    if division.code[:2] in _MUNICIPAL or division.code[:2] in ("81", "82"):
        return name, name, division.name if division.level == 3 else ""
    city = table.get(division.code[:4] + "00") if division.level >= 2 else None
    return name, city.name if city else "", division.name if division.level == 3 else ""


def of_postcode(postcode: str) -> str:
    """Return the two-digit province code of a Chinese postcode, or an empty string."""
    return _POSTCODES.get(postcode[:2], "") if len(postcode) == 6 else ""
