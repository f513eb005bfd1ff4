"""Turns what a person types for a fact into its typed value, by the scheme's types.

Not for reading paper (the extractor does that, and leaves out what it cannot be sure of): a person is believed, but a
date must be a date.
"""

from __future__ import annotations

import re
from datetime import date

from classifiers.scheme import FieldSpec, FieldType
from classifiers.values import FieldValue
from ingest.normalise import folded

_YES = frozenset({"yes", "true", "1", "是", "合格", "达标"})
_NO = frozenset({"no", "false", "0", "否", "不合格", "不达标"})
_NUMBERS = frozenset({FieldType.AMOUNT, FieldType.AREA, FieldType.TEMPERATURE})
_CHINESE_DATE = re.compile(r"(\d{4})[年/.-](\d{1,2})[月/.-](\d{1,2})日?")


def value_of(spec: FieldSpec, text: str) -> FieldValue:
    """Return the typed value; raises ValueError where the text is none of this type."""
    plain = folded(text)
    if spec.type is FieldType.DATE:
        return _date(plain)
    if spec.type in _NUMBERS:
        return _number(plain)
    if spec.type is FieldType.TEMPERATURES:
        return tuple(_number(part) for part in re.split(r"[,;、 ]+", plain))
    if spec.type is FieldType.BOOL:
        return _yes_or_no(plain)
    if spec.type in (FieldType.CHOICE, FieldType.CLASS):
        return _choice(spec, plain)
    return text


def _date(text: str) -> date:
    found = _CHINESE_DATE.fullmatch(text)
    if found is None:
        raise ValueError(text)
    return date(*(int(part) for part in found.groups()))


def _number(text: str) -> float:
    return float(re.sub(r"[,\s¥￥元]|CNY|m2|㎡|℃|°C", "", text))


def _yes_or_no(text: str) -> bool:
    if text.casefold() in _YES | _NO:
        return text.casefold() in _YES
    raise ValueError(text)


def _choice(spec: FieldSpec, text: str) -> str:
    for choice in spec.choices:
        if text in (choice.value, *choice.words):
            return choice.value
    raise ValueError(text)
