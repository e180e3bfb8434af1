"""Words of a Chinese market: real divisions, and names composed of common parts.

Every vocabulary is held in parallel spellings (simplified, traditional, romanised), so that rendering
a million addresses is looking up columns.
"""

from __future__ import annotations

import csv
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from importlib.util import find_spec
from itertools import product
from pathlib import Path

import numpy as np
import polars as pl
from opencc import OpenCC
from pypinyin import lazy_pinyin

from graphsvc.simulate.streams import Floats, Ints


def _listed(text: str) -> tuple[str, ...]:
    return tuple(text.split())


TRADE_PROVINCES = {
    "44": 26.0,
    "33": 20.0,
    "35": 10.0,
    "32": 10.0,
    "31": 6.0,
    "37": 6.0,
    "11": 5.0,
    "13": 4.0,
    "41": 4.0,
    "42": 3.5,
    "34": 3.0,
    "51": 3.0,
    "43": 2.5,
    "36": 2.0,
    "21": 2.0,
    "50": 1.5,
    "61": 1.2,
    "12": 1.2,
    "45": 1.0,
    "53": 0.8,
}
"""Relative weight of provinces in online trade (coast first); all others weigh little."""

STREET_WORDS = _listed(
    "人民 解放 中山 建设 新华 和平 文化 胜利 建国 光明 北京 南京 上海 长江 黄河 迎宾 朝阳 东风"
    " 工业 创业 科技 振兴 兴业 环城 滨江 滨河 湖滨 学府 育才 民主 友谊 青年 劳动 团结 前进 红旗"
    " 五一 八一 延安 长安 平安 幸福 花园 金城 银河 天河 龙华 凤凰 宝安 西湖 莲花 荷花 桂花 梅园"
    " 松山 翠竹 柳州 杨柳 石桥 塘下 沙井 白云 青云 祥云 彩虹 永安 永兴 永康 福田 福州 厦门 泉州"
    " 温州 台州 义乌 杭州 苏州 常州 江南 江北 河西 河东 城南 城北 站前 港口 机场 体育 商贸 商业"
    " 古城 新城 开发 高新 软件 望江 钱江 珠江 闽江 九龙 五龙 双龙 金龙 银杏 紫荆 丹桂 海滨 海天"
    " 海城 港湾 南海 东海"
)
STREET_KINDS = _listed("路 街 大道 大街 巷")
STREET_SIDES = ("", "东", "西", "南", "北", "中")
COMPOUND_WORDS = _listed(
    "金色 阳光 锦绣 碧水 翠湖 万科 恒大 东方 世纪 华庭 国际 时代 天宇 宏达 鸿运 兴隆 华润 中天"
    " 名都 盛世 丽景 香格 康桥 华丰 联合 汇龙 富华 嘉和 明珠 星河 银泰 金鼎 恒丰 众创 启航 腾飞"
    " 智慧 云谷 中南 广厦"
)
HOMES = _listed("花园 小区 公寓 家园 苑 名城 新村 华府")
WORKS = _listed("大厦 广场 工业园 科技园 创业园 产业园 商务中心 工业区")
VILLAGE_WORDS = _listed("上 下 东 西 大 小 新 石 沙 白 黄 林 陈 李 杨 王 赵 刘 青 龙 塘 山 溪 桥 坑 岭")
VILLAGE_KINDS = _listed("塘村 坑村 家村 埔村 桥村 庄村 岗村 洋村 湾村 头村")
TOWNS = _listed(
    "城关镇 太平镇 新安街道 西乡街道 虎门镇 长安镇 石狮镇 陈埭镇 柳市镇 白沙街道 城东街道"
    " 城西街道 江口镇 沙溪镇 龙湖镇 大沥镇 观澜街道 坪山街道 永宁镇 清溪镇"
)
SURNAMES = _listed(
    "王 李 张 刘 陈 杨 赵 黄 周 吴 徐 孙 胡 朱 高 林 何 郭 马 罗 梁 宋 郑 谢 韩 唐 冯 于 董 萧 程"
    " 曹 袁 邓 许 傅 沈 曾 彭 吕 苏 卢 蒋 蔡 贾 丁 魏 薛 叶 阎 余 潘 杜 戴 夏 钟 汪 田 任 姜 范"
    " 方 石 姚 谭 廖 邹 熊 金 陆 郝 孔 白 崔 康 毛 邱 秦 江 史"
)
GIVEN = _listed(
    "伟 芳 娜 秀 英 敏 静 丽 强 磊 军 洋 勇 艳 杰 娟 涛 明 超 兰 霞 平 刚 桂 鹏 辉 玲 红 建 国 志"
    " 文 斌 华 海 波 宇 浩 欣 佳 雪 梅 琴 云 龙 飞 峰 林 俊 凯 鑫 晨 婷 颖 慧 倩 雨 晓 春 冬"
)
FIRM_WORDS = _listed(
    "鑫源 宏盛 恒泰 瑞丰 嘉诚 利达 华信 博远 天盛 万通 卓越 联创 中盈 易购 优品 尚品 汇达 诚品"
    " 福瑞 广源 顺达 金诺 百川 德信 浩瀚 启明 锐意 通达"
)
TRADES = _listed("贸易 电子商务 服饰 鞋业 电子科技 商贸 皮具 日用品 供应链管理 网络科技")
STORE_WORDS = _listed(
    "潮流 优选 美丽 时尚 小熊 麦田 初见 暖阳 北极 风尚 鹿角 橙子 云朵 青柠 星空 蓝鲸 简约 森林"
    " 摩登 糖果 木子 衣橱 足迹 极速 数码 悦享 名品 良品"
)
STORE_KINDS = _listed("小店 专营店 旗舰店 生活馆 数码 鞋服 正品店 工厂店 折扣店 优选 代购 商行")
NOTES = _listed(
    "(请勿投柜) (放门卫) (工作日收货) 收货前请电话联系 (到付拒收) 快递放前台 退货请附订单号 (靠近公交站)"
)
OPERATORS = _listed("捷运仓储 云仓物流 万里仓配 百世达仓 顺通供应链 中集云仓 通商仓配 飞燕物流")
BANKS = (
    ("中国工商银行", 622202),
    ("中国建设银行", 621700),
    ("中国农业银行", 622848),
    ("招商银行", 622588),
    ("中国银行", 621661),
    ("中国邮政储蓄银行", 621799),
)


@dataclass(frozen=True)
class Words:
    """One vocabulary in three spellings, by index."""

    plain: pl.Series
    traditional: pl.Series
    roman: pl.Series

    def __len__(self) -> int:
        return len(self.plain)

    def at(self, index: Ints, spelling: Ints | None = None) -> pl.Series:
        """Return the words at ``index`` (-1: empty), spelt 0 plain, 1 traditional or 2 romanised."""
        count = len(self.plain)
        everything = pl.concat([self.plain, self.traditional, self.roman, pl.Series([""])])
        place = index if spelling is None else index + spelling * count
        return everything.gather(np.where(index < 0, 3 * count, place))


@dataclass(frozen=True)
class Divisions:
    """Leaf divisions (district or county) with the names above them; empty where a level has none."""

    adcode: Ints
    latitude: Floats
    longitude: Floats
    weight: Floats
    city: Ints
    province: Words
    city_name: Words
    district: Words
    short_province: Words
    short_city: Words


@cache
def _converter() -> OpenCC:
    return OpenCC("s2t")


def words(items: Sequence[str]) -> Words:
    """Spell a vocabulary three ways."""
    roman = {item: "".join(lazy_pinyin(item)).capitalize() for item in dict.fromkeys(items)}
    traditional = {item: _converter().convert(item) for item in roman}
    return Words(
        pl.Series(items, dtype=pl.String),
        pl.Series([traditional[item] for item in items], dtype=pl.String),
        pl.Series([roman[item] for item in items], dtype=pl.String),
    )


def combine(*parts: Sequence[str]) -> Words:
    """Spell every combination of parts; the last part varies slowest."""
    spelled = [words(part) for part in parts]
    order = [tuple(reversed(row)) for row in product(*(range(len(part)) for part in reversed(parts)))]

    def texts(name: str) -> pl.Series:
        columns = [getattr(part, name).to_list() for part in spelled]
        return pl.Series(
            ["".join(column[i] for column, i in zip(columns, row, strict=True)) for row in order],
            dtype=pl.String,
        )

    roman = pl.Series([text.capitalize() for text in texts("roman").to_list()], dtype=pl.String)
    return Words(texts("plain"), texts("traditional"), roman)


def _stack(*several: Words) -> Words:
    return Words(
        *(pl.concat([getattr(one, name) for one in several]) for name in ("plain", "traditional", "roman"))
    )


@cache
def divisions() -> Divisions:
    """Return the real divisions of China from cpca's table."""
    rows = _adcodes()
    leaves = [code for code in sorted(rows) if _is_leaf(code, rows)]
    above = [
        (rows[code[:2] + "0" * 10][0], _city_name(rows.get(code[:4] + "0" * 8, ("", 0, 0))[0]))
        for code in leaves
    ]
    provinces, cities = [p for p, _ in above], [c for _, c in above]
    districts = ["" if code.endswith("0" * 8) else rows[code][0] for code in leaves]
    per_province = {p: sum(1 for code in leaves if code[:2] == p) for p in {code[:2] for code in leaves}}
    weight = [TRADE_PROVINCES.get(code[:2], 0.25) / per_province[code[:2]] for code in leaves]
    groups = {name: number for number, name in enumerate(sorted({code[:4] for code in leaves}))}
    return Divisions(
        np.array([int(code[:6]) for code in leaves]),
        np.array([rows[code][1] for code in leaves]),
        np.array([rows[code][2] for code in leaves]),
        np.array(weight),
        np.array([groups[code[:4]] for code in leaves]),
        words(provinces),
        words(cities),
        words(districts),
        words([_short(p) for p in provinces]),
        words([_short(c) for c in cities]),
    )


def _adcodes() -> dict[str, tuple[str, float, float]]:
    found = find_spec("cpca")
    assert found is not None
    assert found.origin is not None
    path = Path(found.origin).parent / "resources" / "adcodes.csv"
    with path.open(encoding="utf-8") as file:
        rows = {r["adcode"]: (r["name"], r["latitude"], r["longitude"]) for r in csv.DictReader(file)}
    return {
        code: (name, float(lat), float(lon))
        for code, (name, lat, lon) in rows.items()
        if lat and lon and code[:2] < "71"
    }


def _is_leaf(code: str, rows: dict[str, tuple[str, float, float]]) -> bool:
    if code.endswith("0" * 10) or code[:2] + "0" * 10 not in rows:
        return False
    if not code.endswith("0" * 8):
        return rows[code][0] not in ("市辖区", "县")
    city = rows[code][0]
    return city.endswith("市") and not any(other != code and other.startswith(code[:4]) for other in rows)


def _city_name(name: str) -> str:
    return "" if name in ("市辖区", "县") or "直辖" in name else name


def _short(name: str) -> str:
    for ending in ("维吾尔自治区", "壮族自治区", "回族自治区", "自治区", "省", "市"):
        if name.endswith(ending) and len(name) > len(ending) + 1:
            return name[: -len(ending)]
    return name


@cache
def streets() -> Words:
    """Return street names, common ones first."""
    return combine(STREET_WORDS, STREET_SIDES, STREET_KINDS)


@cache
def homes() -> Words:
    """Return names of residential compounds."""
    return combine(COMPOUND_WORDS, HOMES)


@cache
def works() -> Words:
    """Return names of office and industrial compounds."""
    return combine(COMPOUND_WORDS, WORKS)


@cache
def compounds() -> Words:
    """Return all compound names: homes first, then works, then villages."""
    return _stack(homes(), works(), combine(VILLAGE_WORDS, VILLAGE_KINDS))


@cache
def towns() -> Words:
    """Return names of towns and sub-districts."""
    return words(TOWNS)


@cache
def surnames() -> Words:
    """Return family names, common ones first."""
    return words(SURNAMES)


@cache
def given_names() -> Words:
    """Return given names, common ones first."""
    return words([*GIVEN, *(a + b for a in GIVEN[:40] for b in GIVEN[:25] if a != b)])


@cache
def person_weights() -> Floats:
    """Return how common each person name is (surname times given name, row by row)."""
    surname = 1.0 / (np.arange(len(surnames())) + 3.0)
    given = 1.0 / (np.arange(len(given_names())) + 40.0) ** 0.7
    weights: Floats = np.outer(surname, given).ravel()
    return weights


def person_names(index: Ints, spelling: Ints | None = None) -> pl.Series:
    """Return full names at ``index`` of `person_weights` (-1: empty), romanised ones with a space."""
    count = len(given_names())
    known = index >= 0
    family, given = np.where(known, index // count, -1), np.where(known, index % count, -1)
    style = np.zeros(len(index), dtype=np.int64) if spelling is None else spelling
    gap = pl.Series(["", " "]).gather(np.where((style == 2) & known, 1, 0))
    return surnames().at(family, style) + gap + given_names().at(given, style)


@cache
def firms() -> Words:
    """Return the distinctive part of firm names."""
    return combine(FIRM_WORDS, ("", *FIRM_WORDS))


@cache
def stores() -> Words:
    """Return store names without their kind."""
    return combine(STORE_WORDS, ("", *STORE_WORDS, *COMPOUND_WORDS))
