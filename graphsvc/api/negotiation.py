"""Choosing a form and a language from what the client sends."""

from __future__ import annotations

from collections.abc import Mapping

from graphsvc.api.problems import Failure


def chosen(accept: str | None, offered: Mapping[str, str]) -> str:
    """Return what of ``offered`` (media type to name, preferred first) the client wants most.

    Raises
    ------
    Failure
        406 if it wants none of them.
    """
    if not accept or not accept.strip():
        return next(iter(offered.values()))
    ranges = [_range(part) for part in accept.split(",")]
    best, name = 0.0, ""
    for media_type, candidate in offered.items():
        quality = _quality(media_type, ranges)
        if quality > best:
            best, name = quality, candidate
    if not name:
        raise Failure(
            406,
            "not-acceptable",
            "None of the forms asked for is there.",
            f"Accept one of: {', '.join(offered)}.",
        )
    return name


def _range(part: str) -> tuple[str, float]:
    media_type, *params = (piece.strip().lower() for piece in part.split(";"))
    quality = 1.0
    for param in params:
        name, _, value = param.partition("=")
        if name.strip() == "q":
            try:
                quality = min(1.0, max(0.0, float(value)))
            except ValueError:
                quality = 0.0
    return media_type, quality


def _quality(media_type: str, ranges: list[tuple[str, float]]) -> float:
    """Return the quality of the most specific range that covers ``media_type``."""
    main = media_type.split("/")[0]
    for pattern in (media_type, f"{main}/*", "*/*"):
        fitting = [quality for name, quality in ranges if name == pattern]
        if fitting:
            return max(fitting)
    return 0.0


def language_of(accept_language: str | None) -> str:
    """Return ``zh`` if the client prefers Chinese to English, else ``en``."""
    ranges = [_range(part) for part in (accept_language or "").split(",")]
    quality = {
        tongue: max((q for name, q in ranges if name.split("-")[0] == tongue), default=0.0)
        for tongue in ("zh", "en")
    }
    return "zh" if quality["zh"] > quality["en"] else "en"


def matches(if_none_match: str | None, tag: str) -> bool:
    """Whether an ``If-None-Match`` header names this entity tag (weak comparison, RFC 9110)."""
    if not if_none_match:
        return False
    given = [part.strip().removeprefix("W/") for part in if_none_match.split(",")]
    return "*" in given or tag in given
