# ruff: noqa: E501 - patterns, tables and reasons are easier to read in one line
"""Addresses outside China: number, street, unit, city, state, postcode, country, in the usual American and European orders."""

from __future__ import annotations

import re
from dataclasses import dataclass

from ingest.normalise.text import unaccented

_COUNTRIES = {
    "usa": "US",
    "u s a": "US",
    "us": "US",
    "united states": "US",
    "united states of america": "US",
    "uk": "GB",
    "u k": "GB",
    "united kingdom": "GB",
    "great britain": "GB",
    "england": "GB",
    "scotland": "GB",
    "wales": "GB",
    "gb": "GB",
    "germany": "DE",
    "deutschland": "DE",
    "france": "FR",
    "italy": "IT",
    "italia": "IT",
    "spain": "ES",
    "espana": "ES",
    "netherlands": "NL",
    "the netherlands": "NL",
    "nederland": "NL",
    "belgium": "BE",
    "austria": "AT",
    "osterreich": "AT",
    "switzerland": "CH",
    "schweiz": "CH",
    "canada": "CA",
    "australia": "AU",
    "poland": "PL",
    "polska": "PL",
    "turkey": "TR",
    "india": "IN",
    "singapore": "SG",
    "japan": "JP",
    "malaysia": "MY",
    "thailand": "TH",
    "vietnam": "VN",
    "russia": "RU",
    "mexico": "MX",
    "brazil": "BR",
    "united arab emirates": "AE",
    "uae": "AE",
    "sweden": "SE",
    "denmark": "DK",
    "norway": "NO",
    "finland": "FI",
    "portugal": "PT",
    "ireland": "IE",
    "new zealand": "NZ",
    "south korea": "KR",
}
_STATES = {
    "alabama": "AL",
    "alaska": "AK",
    "arizona": "AZ",
    "arkansas": "AR",
    "california": "CA",
    "colorado": "CO",
    "connecticut": "CT",
    "delaware": "DE",
    "florida": "FL",
    "georgia": "GA",
    "hawaii": "HI",
    "idaho": "ID",
    "illinois": "IL",
    "indiana": "IN",
    "iowa": "IA",
    "kansas": "KS",
    "kentucky": "KY",
    "louisiana": "LA",
    "maine": "ME",
    "maryland": "MD",
    "massachusetts": "MA",
    "michigan": "MI",
    "minnesota": "MN",
    "mississippi": "MS",
    "missouri": "MO",
    "montana": "MT",
    "nebraska": "NE",
    "nevada": "NV",
    "new hampshire": "NH",
    "new jersey": "NJ",
    "new mexico": "NM",
    "new york": "NY",
    "north carolina": "NC",
    "north dakota": "ND",
    "ohio": "OH",
    "oklahoma": "OK",
    "oregon": "OR",
    "pennsylvania": "PA",
    "rhode island": "RI",
    "south carolina": "SC",
    "south dakota": "SD",
    "tennessee": "TN",
    "texas": "TX",
    "utah": "UT",
    "vermont": "VT",
    "virginia": "VA",
    "washington": "WA",
    "west virginia": "WV",
    "wisconsin": "WI",
    "wyoming": "WY",
    "district of columbia": "DC",
}
LAND_NAMES = {code: name.title() for name, code in reversed(_COUNTRIES.items()) if len(name) > 3}
"""ISO code → English name of the country."""
_CODES = frozenset(_STATES.values())
_WORDS = {
    "st": "street",
    "str": "street",
    "rd": "road",
    "ave": "avenue",
    "av": "avenue",
    "blvd": "boulevard",
    "bd": "boulevard",
    "dr": "drive",
    "ln": "lane",
    "ct": "court",
    "pl": "place",
    "sq": "square",
    "hwy": "highway",
    "pkwy": "parkway",
    "pky": "parkway",
    "ter": "terrace",
    "terr": "terrace",
    "cir": "circle",
    "trl": "trail",
    "gdns": "gardens",
    "cres": "crescent",
    "expy": "expressway",
    "mt": "mount",
    "ft": "fort",
    "rte": "route",
    "n": "north",
    "s": "south",
    "e": "east",
    "w": "west",
    "ne": "northeast",
    "nw": "northwest",
    "se": "southeast",
    "sw": "southwest",
    "first": "1st",
    "second": "2nd",
    "third": "3rd",
    "fourth": "4th",
    "fifth": "5th",
    "sixth": "6th",
    "seventh": "7th",
    "eighth": "8th",
    "ninth": "9th",
    "tenth": "10th",
}
_STREET_WORDS = frozenset(
    [
        "street",
        "road",
        "avenue",
        "boulevard",
        "drive",
        "lane",
        "court",
        "place",
        "square",
        "highway",
        "parkway",
        "terrace",
        "circle",
        "trail",
        "gardens",
        "crescent",
        "expressway",
        "route",
        "way",
        "row",
        "close",
        "mews",
        "hill",
        "walk",
        "broadway",
        "alley",
        "plaza",
        "rue",
        "quai",
        "chemin",
        "impasse",
        "allee",
        "cours",
        "via",
        "viale",
        "piazza",
        "corso",
        "calle",
        "avenida",
        "plaza",
        "carrer",
        "weg",
        "platz",
        "gasse",
        "ring",
        "damm",
        "ufer",
        "straat",
        "laan",
        "plein",
    ]
)
_FRENCH = frozenset(
    ["rue", "avenue", "boulevard", "quai", "chemin", "impasse", "allee", "cours", "place", "route"]
)
_GERMAN = re.compile(r"(?:strasse|straße|platz|weg|gasse|allee|damm|ufer|ring|straat|laan)$")
_UNIT = re.compile(
    r"(?:\b(?:apartment|apt|suite|ste|unit|flat|room|rm|appt|appartement|wohnung|whg|office)\b\.?\s*(?:no\.?\s*)?#?\s*|#\s*)([a-z]?-?\d+[a-z]?(?:-[a-z0-9]+)?|[a-z])\b"
)
_FLOOR = re.compile(
    r"\b(?:floor|fl|level)\b\.?\s*(\d+)\b|\b(\d+)\s*(?:st|nd|rd|th)\s+(?:floor|fl)\b\.?|\b(\d+)\s*(?:\.\s*(?:og|stock|etage)|e\s+etage|er\s+etage|eme\s+etage)\b"
)
_BUILDING = re.compile(
    r"\b(?:building|bldg|block|blk|batiment|bat|tower|haus)\b\.?\s*([a-z]?\d+[a-z]?|[a-z])\b"
)
_WING = re.compile(
    r"\b(?:im\s+)?(?:(\d)\s*\.?\s*)?(hinterhaus|hinterhof|hinterhaeuser|vorderhaus|ruckgebaude|rueckgebaeude|hintergebaude|vordergebaude|"
    r"seitenflugel|seitenfluegel|quergebaude|quergebaeude|querhaus|gartenhaus|hofgebaude|rear(?=\s+(?:of|building|house|unit|left|right)\b|\s*(?:,|$))|back building|annexe?|fond de cour|achterhuis)\b"
    r"(?:\s+(?:building|house|unit|of)\b)?(?:\s+(links|rechts|left|right)\b)?"
)
"""Which of the buildings on one lot; what stands behind is not what stands in front."""
_UK_POSTCODE = re.compile(r"\b([a-z]{1,2}\d[a-z\d]?)\s*(\d[a-z]{2})\b")
_NL_POSTCODE = re.compile(r"\b(\d{4})\s?([a-z]{2})\b(?=.*\b(?:netherlands|nederland|nl)\b)")
_US_POSTCODE = re.compile(r"\b(\d{5})(?:-\d{4})?$")
_FIVE_CITY = re.compile(r"^(?:[a-z]{1,2}-)?(\d{4,5})\s+([a-z].*)$")
_NUMBER_FIRST = re.compile(
    r"^(?:no\.?\s*)?(\d+(?:[a-z](?![a-z])|\s[a-df-mo-rt-vx-z](?![a-z]))?(?:\s?[-/]\s?\d+[a-z]?)?(?:\s?(?:bis|ter|quater)\b)?)\s+(.*[a-z].*)$"
)
_NUMBER_LAST = re.compile(
    r"^(.*[a-z][a-z.]*)\s*?(?:\s|(?<=str\.)|(?<=strasse))(?:no\.?\s*|nr\.?\s*)?(\d+(?:[a-z](?![a-z])|\s[a-df-mo-rt-vx-z](?![a-z]))?(?:\s?[-/]\s?\d+[a-z]?)?)$"
)


@dataclass
class Parts:
    """What was read, in canonical lower case."""

    street: str = ""
    number: str = ""
    building: str = ""
    wing: str = ""
    floor: str = ""
    room: str = ""
    name: str = ""
    city: str = ""
    state: str = ""
    postcode: str = ""
    country: str = ""


def read(text: str, country: str = "", postcode: str = "") -> Parts:
    """Read a Latin address; ``country`` and ``postcode`` from their own columns, or empty."""
    value = re.sub(r"\s+", " ", unaccented(text).lower().replace("’", "'").replace("'", ""))
    parts = Parts(country=country, postcode=postcode.lower())
    if (found := _UK_POSTCODE.search(value)) and country in ("", "GB"):
        parts.postcode, parts.country = found.group(1) + found.group(2), "GB"
        value = f"{value[: found.start()]},{value[found.end() :]}"
    if found := _NL_POSTCODE.search(value):
        parts.postcode, parts.country = found.group(1) + found.group(2), "NL"
        value = f"{value[: found.start()]},{value[found.end() :]}"
    for pattern, name in ((_UNIT, "room"), (_FLOOR, "floor"), (_BUILDING, "building")):
        if found := pattern.search(value):
            setattr(parts, name, next(g for g in found.groups() if g))
            value = f"{value[: found.start()]},{value[found.end() :]}"
    if found := _WING.search(value):
        parts.wing = " ".join(filter(None, found.groups()))
        value = f"{value[: found.start()]},{value[found.end() :]}"
    segments = [s.strip(" .-") for s in re.split(r"[,;\n|]", value)]
    segments = _country(parts, [s for s in segments if s])
    segments = _street(parts, segments)
    _city(parts, segments)
    return parts


def _country(parts: Parts, segments: list[str]) -> list[str]:
    if segments:
        last = re.sub(r"[.\s]+", " ", segments[-1]).strip()
        for words in (last, last.rpartition(" ")[2]):
            code = _COUNTRIES.get(words)
            if code and (words == last or len(words) > 3):
                parts.country = parts.country or code
                rest = segments[-1][: len(segments[-1]) - len(words)].strip() if words != last else ""
                return [*segments[:-1], rest] if rest else segments[:-1]
    return segments


def _street(parts: Parts, segments: list[str]) -> list[str]:
    """Take the street and number out of the segment that most looks like one."""
    best: tuple[int, int, str, str] | None = None
    for place, segment in enumerate(segments):
        for number, street in _readings(segment):
            words = _canonical(street)
            last = words.split()
            points = 2 * bool(_STREET_WORDS & set(last) or _GERMAN.search(last[-1] if last else "")) + 1
            if best is None or points > best[0]:
                best = (points, place, number, words)
    if best is None:
        for place, segment in enumerate(segments[:-1]):
            words = _canonical(segment)
            if _STREET_WORDS & set(words.split()) or _GERMAN.search(words):
                parts.street = words
                if place and re.fullmatch(r"\d+\s?(?:[a-z]|bis|ter|quater)?", segments[place - 1]):
                    parts.number = segments[place - 1].replace(" ", "")
                    return segments[: place - 1] + segments[place + 1 :]
                return segments[:place] + segments[place + 1 :]
        return segments
    _, place, number, parts.street = best
    parts.number = re.sub(r"\s+", "", number)
    if not parts.country and _GERMAN.search(parts.street.split()[-1]):
        parts.country = (
            "DE"
            if parts.street.endswith("strasse") or any(_FIVE_CITY.match(s) for s in segments[place + 1 :])
            else ""
        )
    elif (
        not parts.country
        and parts.street.split()[0] in _FRENCH
        and any(_FIVE_CITY.match(s) for s in segments[place + 1 :])
    ):
        parts.country = "FR"
    parts.name = " ".join(_canonical(s) for s in segments[:place])
    return segments[place + 1 :]


def _readings(segment: str) -> list[tuple[str, str]]:
    found = []
    if first := _NUMBER_FIRST.match(segment):
        found.append((first.group(1), first.group(2)))
    if (last := _NUMBER_LAST.match(segment)) and not _FIVE_CITY.match(segment):
        found.append((last.group(2), last.group(1)))
    if len(found) == 2 and re.search(r"\b(?:highway|hwy|route|rte|road|county road)\s+\d+$", segment):
        found.pop()
    return [
        (n, s)
        for n, s in found
        if not (
            len(n) in (4, 5) and _FIVE_CITY.match(segment) and not _STREET_WORDS & set(_canonical(s).split())
        )
    ]


def _canonical(street: str) -> str:
    """Return a street name with its abbreviations written out; St at the start is Saint."""
    words = [w for w in re.split(r"[^a-z0-9]+", street.lower()) if w]
    out = []
    for place, word in enumerate(words):
        if word == "st" and place == 0 and len(words) > 1:
            out.append("saint")
        elif len(word) <= 2 and word in "nsew" and len(words) == 1:
            out.append(word)
        else:
            out.append(_WORDS.get(word, word))
    out = [re.sub(r"(?<=[a-z]{3})str$", "strasse", word) for word in out]
    if (
        len(out) > 1
        and out[-1] == "street"
        and any(w.endswith("er") and len(w) > 5 for w in out[:1])
        and words[-1] == "str"
    ):
        out[-1] = "strasse"
    return " ".join(out)


def _city(parts: Parts, segments: list[str]) -> None:
    """Read city, state and postcode from what follows the street."""
    left: list[str] = []
    for segment in segments:
        words = re.sub(r"[^a-z0-9 -]", " ", segment).strip()
        words = re.sub(r"\s+", " ", words)
        if found := _FIVE_CITY.match(words):
            parts.postcode, words = parts.postcode or found.group(1), found.group(2)
        elif found := _US_POSTCODE.search(words):
            parts.postcode, words = parts.postcode or found.group(1), words[: found.start()].strip()
        tail = words.split()
        state = words.upper() if words.upper() in _CODES else _STATES.get(words, "") if left else ""
        if state and parts.country in ("", "US"):
            parts.state, words = state, ""
        elif (
            len(tail) > 1
            and tail[-1].upper() in _CODES
            and parts.country in ("", "US")
            and len(tail[-1]) == 2
        ):
            parts.state, words = tail[-1].upper(), " ".join(tail[:-1])
        if words:
            left.append(words)
    if parts.state and not parts.country:
        parts.country = "US"
    if left:
        parts.city = left[-1]
        parts.name = " ".join(filter(None, [parts.name, *left[:-1]]))
