# ruff: noqa: E501 - patterns, tables and reasons are easier to read in one line
"""What stands around an address but is not part of it: notes, telephone numbers, receivers, postcodes, coordinates."""

from __future__ import annotations

import re
from dataclasses import dataclass

from ingest.normalise.gazetteer import of_postcode

_BRACKET = re.compile(r"\(([^()]*)\)")
_NOTE_WORDS = re.compile(
    r"近|靠|旁|对面|附近|隔壁|联系|电话|手机|收|请|勿|注意|备注|左|右|后门|快递|门口|前台|自提|代|转|进|拐|乘|地铁|公交|站|原|导航|搜|即|务必|先生|女士|tel|phone|near|opposite|attn|call|leave|please|contact|c/o|next to|behind|\d{7}",
    re.IGNORECASE,
)
_COORDINATES = re.compile(
    r"(?:(?:坐标|经纬度|gps|latlng|lat(?:itude)?)\s*[:=]?\s*)?\(?\s*([NE]?)\s*(-?\d{1,3}\.\d{3,})\s*°?\s*([NSEW]?)\s*[,;/ ]\s*(?:l(?:on|ng)(?:gitude)?\s*[:=]?\s*)?([NE]?)\s*(-?\d{1,3}\.\d{3,})\s*°?\s*([NSEW]?)\s*\)?",
    re.IGNORECASE,
)
_PHONE = re.compile(
    r"(?:(?:联系)?(?:电话|手机|方式)(?:号码?)?|电联|热线|tel(?:ephone)?|phone|mobile|mob)\s*[.:]*\s*(?:\+?\d[\d\s()-]{5,18}\d)|(?<![\d.-])(?:\+?86[\s-]?)?1[3-9]\d(?:[\s-]?\d{4}){2}(?![\d-])|(?<![\d.-])0\d{2,3}-\d{7,8}(?:-\d{1,6})?(?!\d)",
    re.IGNORECASE,
)
_POSTCODE = re.compile(
    r"(?:邮政编码|邮编|post(?:al)?\s?code|zip(?:\s?code)?|P\.?C\.?)\s*[:.]?\s*(\d{6})(?!\d)|(?<![\w.#-])(\d{6})(?![\w.#-])|(?<![\w.#-])(\d{6})(?=[\u4e00-\u9fff]{2})(?!\d*(?:号|室|房|弄|栋|幢|座|单元|层|楼|巷|路|街|户|铺|档|库|仓|门|院|期|区|组|队))",
    re.IGNORECASE,
)
_TRIGGER = re.compile(
    r"[()@+]|:|\.\d|地址|电|手机|方式|联系|收|姓名|备注|注:|请|务必|勿|麻烦|谢|送|放|到付|快递|工作日|周末|午|近|先生|女士|小姐|老板|邮|热线|1[3-9]\d[\s-]?\d{4}|0\d\d|\d{6}|[A-Za-z]{3}|售后"
)
"""What any of the patterns here needs: most addresses have none of it and are spared them."""
_RECEIVER = re.compile(
    r"(?:收件人|收货人|联系人|寄件人|姓名|attn|contact|c/o)\s*[:.]?\s*[\u4e00-\u9fffA-Za-z·]{1,6}(?:先生|女士|小姐)?(?=[\s,;]|$)",
    re.IGNORECASE,
)
_RECEIVER_END = re.compile(
    r"(?<=[\d室号层楼栋座幢铺房\s,])[\u4e00-\u9fff]{1,3}(?:先生|女士|小姐|老板)?\(?收\)?\s*$|(?<=[\d室号层楼栋座幢铺房\s,])[\u4e00-\u9fff]{1,3}(?:先生|女士|小姐|老板)\s*$"
)
_LABEL = re.compile(
    r"(?:收货|详细|寄件|发货|退货|注册|经营|联系|仓库|公司)?地址\s*[:]\s*|^(?:add(?:ress)?|addr)\s*[.:]\s*",
    re.IGNORECASE,
)
_TAIL = re.compile(
    r"[\s,;.]*(?:联系电话|联系人|联系方式|电话|手机|收件|收货|姓名|备注|注:|请|务必|勿|麻烦|谢谢|送货|送到|放(?:在|到|门口|前台|快递|丰巢|驿站|菜鸟)|到付|电联|打电话|快递(?:员|放|到|请)|[投存入](?:丰巢|快递|菜鸟|驿站|柜)|(?:仅)?工作日|周末|(?:上|下)午|\b(?:tel|phone|mobile|attn|please|pls|leave at|near|opposite)\b).*$",
    re.IGNORECASE,
)
_DEPARTMENT = re.compile(
    r"[\s,;]*(?<!\d)(?:[一二三四五六七八九十]{1,2}楼)?售后(?:服务)?[部组处中心]*[\s.。]*$"
)
_NEAR = re.compile(r"(?<=[号室楼层栋座幢房铺\d\s,])[\s,;]*(?:靠近|邻近|临近|近(?!邻宝))[\u4e00-\u9fff].*$")


@dataclass(frozen=True)
class Stripped:
    """The address itself, and what was taken off it. Coordinates are WGS 84 degrees as written."""

    text: str
    postcode: str
    latitude: float | None
    longitude: float | None


def strip(text: str) -> Stripped:
    """Take notes, telephone numbers, receivers, postcodes and coordinates off a clean text.

    Brackets that hold a note go; brackets that hold a part of the address are opened. What says "opposite" or
    "beside" outside brackets stays: that is another place.
    """
    if not _TRIGGER.search(text):
        return Stripped(text.strip(" ,;."), "", None, None)
    latitude = longitude = None
    if "." in text and (found := _COORDINATES.search(text)):
        latitude, longitude = _degrees(found)
        if latitude is not None:
            text = f"{text[: found.start()]} {text[found.end() :]}"
    for _ in range(text.count("(")):
        text = _BRACKET.sub(_open, text)
    text = text.replace("(", " ").replace(")", " ")
    text = _LABEL.sub(" ", text)
    text = _RECEIVER.sub(" ", text)
    text = _PHONE.sub(" ", text)
    postcode = ""
    if found := _POSTCODE.search(text):
        digits = found.group(1) or found.group(2) or found.group(3)
        if found.group(1) or of_postcode(digits):
            postcode = digits
            text = f"{text[: found.start()]} {text[found.end() :]}"
    tail = _TAIL.search(text)
    if tail and tail.start() > 3:
        text = text[: tail.start()]
    text = _NEAR.sub("", text)
    text = _RECEIVER_END.sub("", text)
    text = _DEPARTMENT.sub("", text)
    return Stripped(text.strip(" ,;."), postcode, latitude, longitude)


def _open(bracket: re.Match[str]) -> str:
    return " " if _NOTE_WORDS.search(bracket.group(1)) else f" {bracket.group(1)} "


def _degrees(found: re.Match[str]) -> tuple[float | None, float | None]:
    first, second = float(found.group(2)), float(found.group(5))
    hemispheres = ((found.group(1) + found.group(3)).upper(), (found.group(4) + found.group(6)).upper())
    if hemispheres[0][:1] in ("E", "W") or (abs(first) > 90 >= abs(second)):
        first, second, hemispheres = second, first, (hemispheres[1], hemispheres[0])
    first = -first if hemispheres[0] == "S" else first
    second = -second if hemispheres[1] == "W" else second
    return (first, second) if abs(first) <= 90 and abs(second) <= 180 else (None, None)
