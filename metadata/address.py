"""Addresses taken apart: which estate, which building, unit and room, however the paper or the register writes them.

`云州市高新区百合园25号楼3单元1103室`, `百合园25#3单元1103` and `百合园25-3-1103` are one place. The city and the district are left
out, because paper leaves them out; the district is kept beside for where two estates bear one name.
Not for deciding whether a record belongs to a customer: that is `metadata.agreement` and `metadata.identify`.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass

from ingest.normalise import HAN, simplified

_DASHES = str.maketrans(dict.fromkeys("‐‑‒–—―−﹣－─━~～", "-"))
_NOISE = re.compile(r"[\s|_\"'“”‘’`^.,，。;；:：!·•*\[\]{}()（）<>《》、]+")
_PROVINCE = re.compile(rf"[{HAN}]{{2,6}}?(?:省|自治区)")
_CITY = re.compile(rf"[{HAN}]{{1,6}}?市")
_DISTRICT = re.compile(rf"[{HAN}]{{1,7}}?(?<![小园社校厂景院库街片辖])(?:区|县|旗)(?=[{HAN}])")
_HAN_NUMERALS = "零一二三四五六七八九"
_HAN_NUMBER = re.compile(r"([一二三四五六七八九十]{1,3})(?=号楼|栋|幢|单元|层)")
_PART = re.compile(
    r"(?P<number>\d{1,5})(?P<letter>[A-Z](?![0-9座]))?"
    r"(?:(?P<shop>号?(?:门市|商铺|底商|门面|铺))|号楼|号院|号|#楼|#|栋|幢|座|单元|门|户|室|层|楼)?"
    r"|(?P<block>[A-Z])(?:座|栋|区|号楼|-)?"
)
_ALIKE = (
    (re.compile(r"(?<=\d)[OQ](?=\d|号|单元|室|层|#|-|$)|(?<=[-元楼#])O(?=\d)"), "0"),
    (re.compile(r"(?<=[-\d元楼#])[IL](?=[-\d]|单元|号|层|#)|[IL](?=\d{1,2}(?:号|栋|幢|#|-|单元))"), "1"),
    (re.compile(r"(?<=\d)S(?=\d)"), "5"),
    (re.compile(r"(?<=\d)Z(?=\d)"), "2"),
)
"""Letters among digits that recognisers read for the digits they look like; no building is named so."""

_LAST_SIGNS = re.compile(r"[-/室宝宣空]*")  # what recognisers make of the closing 室 says nothing


@dataclass(frozen=True, slots=True)
class Address:
    """An address in parts. `numbers` are building, unit, room (or block, floor, shop) in order, without leading zeros.

    A shop is "M4", a block "D". `is_clean` = nothing stands between them that is no part of an address. `written_area` is the estate as
    written, before traditional forms were folded: what still tells 后园 and 後園 apart.
    """

    district: str
    area: str
    numbers: tuple[str, ...]
    is_clean: bool
    written_area: str

    @property
    def key(self) -> str:
        """Return the form in which addresses are looked up; "" where estate or numbers are missing."""
        return f"{self.area}|{'-'.join(self.numbers)}" if self.area and self.numbers else ""


def parsed(text: str) -> Address:
    """Return the parts of an address; never raises. A text that is none has no numbers or no area."""
    written = _NOISE.sub("", unicodedata.normalize("NFKC", text).translate(_DASHES)).upper()
    whole = rest = simplified(written)
    rest = _HAN_NUMBER.sub(lambda match: str(_han_number(match.group(1))), rest)
    rest = _without(_PROVINCE, rest)[1]
    rest = _without(_CITY, rest)[1]
    district, rest = _without(_DISTRICT, rest)
    for letter, digit in _ALIKE:
        rest = letter.sub(digit, rest)
    first = re.search(r"\d|[A-Z](?=座|栋|\d)", rest)
    start = first.start() if first else len(rest)
    area = re.sub(rf"[^{HAN}A-Z]", "", rest[:start])
    numbers, is_clean = _numbers(rest[start:])
    at = whole.find(area)
    written_area = written[at : at + len(area)] if at >= 0 else area
    return Address(district, area, numbers, is_clean and bool(area) and bool(numbers), written_area)


def _without(pattern: re.Pattern[str], text: str) -> tuple[str, str]:
    match = pattern.match(text)
    return (match.group(), text[match.end() :]) if match else ("", text)


def _han_number(text: str) -> int:
    tens, found, ones = text.rpartition("十")
    if not found:
        return int("".join(str(_HAN_NUMERALS.index(sign)) for sign in text))
    return (_HAN_NUMERALS.index(tens[-1]) if tens else 1) * 10 + (_HAN_NUMERALS.index(ones[0]) if ones else 0)


def _numbers(text: str) -> tuple[tuple[str, ...], bool]:
    parts: list[str] = []
    at, is_clean = 0, True
    for match in _PART.finditer(text):
        is_clean = is_clean and text[at : match.start()] in ("", "-", "/")
        at = match.end()
        if match["block"]:
            parts.append(match["block"])
            continue
        prefix = "M" if match["shop"] else ""
        parts.append(prefix + (match["number"].lstrip("0") or "0") + (match["letter"] or ""))
    return tuple(parts), is_clean and _LAST_SIGNS.fullmatch(text[at:]) is not None
