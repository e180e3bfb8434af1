"""HTML: one self-contained page, printable on A4; no script, no outside resource."""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup, escape

from graphsvc.dossier.model import Dossier
from graphsvc.dossier.render.labels import Words, likelihood
from graphsvc.dossier.render.picture import COLOURS, HUB, draw

TEMPLATES = Path(__file__).with_name("templates")
_CHINESE = re.compile(r"[㐀-鿿豈-﫿]")


def render(dossier: Dossier, language: str = "en") -> bytes:
    """Return the page in ``en`` or ``zh`` (anything else: English)."""
    words = Words(language)
    page = (
        environment()
        .get_template("dossier.html.j2")
        .render(
            d=dossier,
            t=words,
            picture=draw(dossier),
            likelihood=likelihood,
            hub=HUB,
            colours=COLOURS,
            telling=[e for e in dossier.evidence if (e.hub_probability or 0.0) < HUB],
            aside=[e for e in dossier.evidence if (e.hub_probability or 0.0) >= HUB],
        )
    )
    return page.encode()


@cache
def environment(*before: Path) -> Environment:
    """Return the templates' environment (folders ``before`` first): all is escaped, nothing may be undefined."""
    made = Environment(
        loader=FileSystemLoader([*before, TEMPLATES]),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    made.filters |= {"percent": percent, "number": number, "tongue": tongue}
    return made


def percent(value: float | None) -> str:
    """Write a probability or share; a dash for what is not known.

    >>> percent(0.934), percent(0.9999), percent(0.004), percent(None)
    ('93%', '>99%', '<1%', '–')
    """
    if value is None:
        return "–"
    if 0.0 < value < 0.01:
        return "<1%"
    return ">99%" if 0.99 < value < 1.0 else f"{value:.0%}"


def number(value: float | None, digits: int = 0) -> str:
    """Write a number with separators; a dash for what is not known.

    >>> number(1234567.8), number(2.345, 1), number(None)
    ('1,234,568', '2.3', '–')
    """
    return "–" if value is None else f"{value:,.{digits}f}"


def tongue(text: object) -> Markup:
    """Mark Chinese text as such, so that fonts and readers treat it right; a dash for nothing."""
    if text is None or text == "":
        return Markup("–")
    written = str(text)
    return (
        Markup('<span lang="zh-CN">{}</span>').format(written)
        if _CHINESE.search(written)
        else escape(written)
    )
