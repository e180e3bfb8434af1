"""Chinese characters that people mistake for each other: same or nearly same sound, or nearly the same shape."""

from __future__ import annotations

from functools import cache, lru_cache

_SHAPES = [
    "杭抗航",
    "浙淅折",
    "州洲卅",
    "湖糊胡潮瑚",
    "萧肖箫",
    "滨宾缤",
    "城成域",
    "江汪",
    "市布",
    "西酉",
    "白自百",
    "天夫无",
    "大太犬",
    "土士",
    "人入八",
    "未末",
    "己已巳",
    "干千于",
    "拱供",
    "余佘徐",
    "阳杨扬",
    "河何",
    "桥侨",
    "温湿",
    "宁守",
    "海悔侮",
    "广厂",
    "深探",
    "圳训",
    "佛拂",
    "莞苋",
    "莆蒲浦",
    "福富幅",
    "厦夏",
    "晋普",
    "漳障章",
    "义仪",
    "金全",
    "永水",
    "绍招",
    "鄞勤",
    "路露",
    "文交",
    "石右",
    "古吉",
    "棠裳",
    "塘搪溏糖",
    "坊访",
    "东冻",
    "丰风",
    "中申",
    "田由甲",
    "日曰",
    "木本术",
    "王玉",
    "力刀",
    "厉历",
    "今令",
    "乌鸟",
    "免兔",
    "贝见",
    "外处",
    "竞竟",
    "拔拨",
    "侯候",
    "折拆",
    "析拆",
    "柏伯",
    "荣菜",
    "辛幸",
    "园圆",
    "园元",
    "苑宛",
    "新薪",
    "华毕",
    "陵凌棱",
    "岭领",
    "坪平",
    "泾径",
    "漕槽",
    "虹红",
    "闵闽",
    "浦埔",
    "莘幸",
    "昌冒",
    "晶品",
    "昆混",
    "崐昆",
    "灵录",
    "溪奚",
    "清请青情",
    "龙尤",
    "尤犬",
    "岗冈",
    "港巷",
    "沙纱",
    "罗萝",
    "蓝篮",
    "坂板",
    "板版",
    "宝室",
    "安按",
    "观现",
    "澜阑",
    "民氏",
    "治冶",
    "沧仓",
    "苍仓",
    "泰秦",
    "春舂",
    "秀季",
    "李季",
    "勾匀",
    "庄压",
    "库厍",
    "秋狄",
    "仁仨",
    "佰伯",
    "栋拣",
    "幢憧",
    "弄异",
    "彭澎",
    "椒淑",
    "朝潮",
    "卫韦",
    "建健",
    "设没",
    "延廷",
    "解懈",
    "迎抑",
    "胜性",
    "团困",
    "因困",
    "国囯",
    "曙暑",
    "晓饶",
    "景影",
    "星里",
    "兴光",
    "光先",
    "和合",
    "祥详",
    "样祥",
    "顺须",
    "达迖",
    "通桶",
    "运远",
    "近进",
    "远园",
    "科料",
    "技枝",
    "创仓",
    "业亚",
    "智知",
    "汇江",
    "慧惠",
    "高亮",
    "商高",
    "贸货",
    "北比此",
]


@cache
def _groups() -> dict[str, frozenset[str]]:
    groups: dict[str, set[str]] = {}
    for group in _SHAPES:
        for character in group:
            groups.setdefault(character, set()).update(group)
    return {character: frozenset(members) for character, members in groups.items()}


@lru_cache(maxsize=65536)
def similar(a: str, b: str) -> bool:
    """Whether two characters look or sound nearly the same (tones apart, n/ng and flat/retroflex sounds alike)."""
    if a == b or b in _groups().get(a, ()):
        return True
    return bool(_sounds(a) & _sounds(b))


@lru_cache(maxsize=65536)
def _sounds(character: str) -> frozenset[str]:
    if character.isascii():
        return frozenset({character})
    from pypinyin import Style, pinyin

    readings = pinyin(character, style=Style.NORMAL, heteronym=True, v_to_u=False)[0]
    return frozenset(
        r.replace("ng", "n").replace("zh", "z").replace("ch", "c").replace("sh", "s") for r in readings
    )


def resembling(a: str, b: str) -> bool:
    """Whether two texts of one length differ only in characters that look nearly the same, however they sound."""
    return len(a) == len(b) and all(x == y or y in _groups().get(x, ()) for x, y in zip(a, b, strict=True))


def alike(a: str, b: str) -> bool:
    """Whether two texts of one length differ only in characters that are easily mistaken."""
    return len(a) == len(b) and all(similar(x, y) for x, y in zip(a, b, strict=True))
