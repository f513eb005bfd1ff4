"""Amounts of money in digits and in Chinese capitals (大写), and other measured numbers; pure.

Digits are taken only where the whole number stands there: with its unit, its currency sign or both decimals. The two
writings of one amount check each other.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal

from ingest.normalise import simplified

_NUMBER = r"[0-9]{1,3}(?:[,，][0-9]{3})+(?:\.[0-9]{1,2})?|[0-9]+(?:\.[0-9]{1,2})?"
_AMOUNT = re.compile(
    rf"(?P<sign>[¥￥Yy]{{1,2}}\s?|CNY\s?|RMB\s?|人民币\s?)?(?<![0-9.,])(?P<number>{_NUMBER})(?![0-9.,]?[0-9])(?P<unit>\s?(?:元|圆|yuan|CNY(?!\s?[0-9])))?"
)
_MEASURE = re.compile(
    r"(?<![0-9.,A-Za-z-])(?P<number>[0-9]{1,3}(?:,[0-9]{3})+(?:\.[0-9]{1,2})?|[0-9]+(?:\.[0-9]{1,2})?)(?![0-9.,]?[0-9])"
)
_TEMPERATURE = re.compile(
    r"(?<![0-9.,])(?P<number>-?[0-9]{1,2}\s?\.\s?[0-9])(?![0-9])|(?<![0-9.,])(?P<whole>-?[0-9]{1,2})(?=\s?(?:℃|°C|C\b|度))"
)
_CAPITALS = {sign: value for value, sign in enumerate("零壹贰叁肆伍陆柒捌玖")} | {
    sign: value for value, sign in enumerate("〇一二三四五六七八九")
} | {"貳": 2, "參": 3, "陸": 6, "弐": 2, "两": 2, "参": 3}  # fmt: skip
_UNITS = {"拾": 10, "佰": 100, "仟": 1000, "十": 10, "百": 100, "千": 1000}
_WRITTEN = "零壹贰叁肆伍陆柒捌玖"
CAPITAL_SIGNS = "".join(_CAPITALS) + "".join(_UNITS) + "万亿元圆角分整正"
_CAPITAL_RUN = re.compile(rf"[{CAPITAL_SIGNS}]{{2,}}")


@dataclass(frozen=True, slots=True)
class NumberFound:
    """A number in a text: its value and place; `is_marked` = a unit, a currency sign or two decimals show it whole."""

    value: float
    start: int
    end: int
    is_marked: bool


def amounts_in(text: str) -> Iterator[NumberFound]:
    """Yield the amounts of money of a text, in order."""
    for match in _AMOUNT.finditer(simplified(text)):
        plain = re.sub(r"[,，]", "", match["number"])
        marked = bool(match["sign"] or match["unit"]) or re.search(r"\.[0-9]{2}$", plain) is not None
        yield NumberFound(float(plain), match.start("number"), match.end("number"), marked)


def measures_in(text: str) -> Iterator[NumberFound]:
    """Yield plain numbers (areas); marked where two decimals or a unit of area show them whole."""
    for match in _MEASURE.finditer(text):
        plain = match["number"].replace(",", "")
        after = text[match.end() : match.end() + 4].lstrip()
        marked = re.search(r"\.[0-9]{1,2}$", plain) is not None or after.startswith(("平", "m", "㎡", "M", "sq"))
        yield NumberFound(float(plain), match.start(), match.end(), marked)


def temperatures_in(text: str) -> Iterator[NumberFound]:
    """Yield temperatures: with one decimal, or whole with a degree sign."""
    for match in _TEMPERATURE.finditer(text):
        number = match["number"] or match["whole"]
        yield NumberFound(float(number.replace(" ", "")), match.start(), match.end(), match["number"] is not None)


def capitals_in(text: str) -> Iterator[tuple[str, float, int, int]]:
    """Yield the amounts in capitals that can be read whole: text, value, start, end."""
    for match in _CAPITAL_RUN.finditer(simplified(text)):
        value = amount_of_capitals(match.group())
        if value is not None:
            yield text[match.start() : match.end()], value, match.start(), match.end()


def amount_of_capitals(text: str) -> float | None:
    """Return the value of an amount in capitals such as 贰仟零叁拾伍元肆角柒分; None unless it is well formed throughout."""
    match = re.fullmatch(r"(?P<yuan>[^元圆角分整正]+)[元圆](?P<rest>[^元圆]*)", simplified(text))
    if match is None:
        return None
    yuan = _whole(match["yuan"])
    fraction = _fraction(match["rest"])
    if yuan is None or fraction is None:
        return None
    return float(Decimal(yuan) + Decimal(fraction) / 100)


def capitals_of_amount(amount: float) -> str:
    """Return the usual writing of an amount in capitals, for comparing: 2035.47 is 贰仟零叁拾伍元肆角柒分."""
    cents = round(amount * 100)
    yuan, jiao, fen = cents // 100, cents // 10 % 10, cents % 10
    text = _written(yuan) + "元"
    if not jiao and not fen:
        return text + "整"
    text += f"{_WRITTEN[jiao]}角" if jiao else "零"
    return text + (f"{_WRITTEN[fen]}分" if fen else "整")


def _written(number: int) -> str:
    if number == 0:
        return "零"
    out = ""
    for power, unit in ((10**8, "亿"), (10**4, "万"), (1, "")):
        part, number = divmod(number, power)
        if part:
            zero = "零" if out and part < 1000 else ""
            out += zero + _below_ten_thousand(part) + unit
        elif out and number and not out.endswith("零"):
            out += "零"
    return re.sub("零+", "零", out).rstrip("零")


def _below_ten_thousand(number: int) -> str:
    out = ""
    for power, unit in ((1000, "仟"), (100, "佰"), (10, "拾"), (1, "")):
        digit, number = divmod(number, power)
        if digit:
            out += _WRITTEN[digit] + unit
        elif out and number and not out.endswith("零"):
            out += "零"
    return out


def _whole(text: str) -> int | None:
    """Return the value of 叁拾贰万壹仟零伍; None where digits and units do not alternate downwards."""
    total = 0
    for unit, power in (("亿", 10**8), ("万", 10**4)):
        head, mark, tail = text.partition(unit)
        if mark:
            part = _section(head)
            if part is None or part == 0:
                return None
            total += part * power
            text = tail
    rest = _section(text) if text else 0
    return None if rest is None else total + rest


def _section(text: str) -> int | None:
    total, digit, last = 0, None, 10000
    for sign in text:
        if sign in _UNITS:
            unit = _UNITS[sign]
            if unit >= last or (digit is None and not (unit == 10 and total == 0)):
                return None
            total += (1 if digit is None else digit) * unit
            digit, last = None, unit
        elif sign in _CAPITALS:
            value = _CAPITALS[sign]
            if value == 0:
                if digit is not None:
                    return None
                continue
            if digit is not None:
                return None
            digit = value
        else:
            return None
    return total + (digit or 0)


def _fraction(text: str) -> int | None:
    match = re.fullmatch(r"零?(?:([^零角分整正])角)?零?(?:([^零角分整正])分)?[整正]?", text)
    if match is None:
        return None
    digits = [_CAPITALS.get(sign) if sign else 0 for sign in match.groups()]
    if digits[0] is None or digits[1] is None:
        return None
    return digits[0] * 10 + digits[1]
