"""One line that says what a record is about (内容摘要), from the facts of its kind: for the catalogue and for lists. Pure.

Not for every fact: the customer, the address and the date of the paper stand in their own columns, and what all kinds may carry
tells nothing of this one. Not for screens of single facts either (`connector.commands`).
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator, Sequence
from datetime import date

from classifiers.scheme import FieldSpec, FieldType, Kind, Names, Scheme
from classifiers.values import Fact, FieldValue

MAX_SUMMARY_SIGNS = 120
"""What fits on one line of a printed catalogue beside number, title and place."""

YES, NO = Names("是", "yes"), Names("否", "no")


def summary_of(facts: Sequence[Fact], kind: Kind, scheme: Scheme, language: str) -> str:
    """Return the telling facts in the order of the scheme, as many as fit on a line; "" where there are none."""
    colon, between = ("：", "；") if language.startswith("zh") else (": ", "; ")
    line = ""
    for spec, value in _telling(facts, kind, scheme):
        said = one_line(f"{spec.names.in_language(language)}{colon}{value_words(spec, value, language)}")
        longer = f"{line}{between}{said}" if line else shortened(said, MAX_SUMMARY_SIGNS)
        if len(longer) <= MAX_SUMMARY_SIGNS:
            line = longer
    return line


def value_words(spec: FieldSpec, value: FieldValue, language: str) -> str:
    """Return a value as a person writes it, with its unit."""
    is_chinese = language.startswith("zh")
    if isinstance(value, bool):
        return (YES if value else NO).in_language(language)
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, tuple):
        return f"{', '.join(_number(one) for one in value)} ℃"
    if isinstance(value, str):
        return _printed_choice(spec, value) if is_chinese else value
    match spec.type:
        case FieldType.AMOUNT:
            return f"{value:.2f}元" if is_chinese else f"CNY {value:.2f}"
        case FieldType.AREA:
            return f"{_number(value)} m²"
        case FieldType.TEMPERATURE:
            return f"{_number(value)} ℃"
    return _number(value)


def one_line(text: str) -> str:
    """Return the text on one line: white space collapsed, signs that cannot be seen left out."""
    return "".join(sign for sign in " ".join(text.split()) if not unicodedata.category(sign).startswith("C")).strip()


def shortened(text: str, signs: int) -> str:
    """Return the text with at most so many signs (1 or more), the end of a longer one as "…"."""
    return text if len(text) <= signs else f"{text[: signs - 1].rstrip()}…"


def _telling(facts: Sequence[Fact], kind: Kind, scheme: Scheme) -> Iterator[tuple[FieldSpec, FieldValue]]:
    found = {fact.name: fact.value for fact in facts}
    own = [spec for spec in kind.fields if spec.name in found and not _is_everywhere(spec, scheme)]
    has_amount = any(spec.type is FieldType.AMOUNT for spec in own)
    for spec in own:
        is_said_twice = spec.type is FieldType.AMOUNT_WORDS and has_amount
        if not (spec.date_of_paper or spec.type is FieldType.ADDRESS or is_said_twice) and found[spec.name] != "":
            yield spec, found[spec.name]


def _is_everywhere(spec: FieldSpec, scheme: Scheme) -> bool:
    return len(scheme.kinds) > 1 and all(kind.field(spec.name) for kind in scheme.kinds)


def _printed_choice(spec: FieldSpec, value: str) -> str:
    """Return the first Chinese word on paper for a choice that is kept as a code, such as 营业执照 for "license"."""
    if not value.isascii():
        return value
    words = next((choice.words for choice in spec.choices if choice.value == value), ())
    return next((word for word in words if not word.isascii() and "&" not in word), value)


def _number(value: float) -> str:
    return f"{value:.2f}".rstrip("0").rstrip(".")
