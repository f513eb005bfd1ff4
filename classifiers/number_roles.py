"""Whose number it is on a form that carries two customers: the old one's or the new one's, by words that stand nearest.

A label may name the role itself (原客户编号); else a heading does: of the column in which the number stands, before it in its
row, or above it (原用户信息 … 新用户信息). Only where a page has both an old and a new heading do headings count, because 新 and 原
stand on other forms too. What the roles mean for filing is decided in `metadata.identify`.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from classifiers.layout import Row, Sheet
from classifiers.number_places import NumberPlace
from classifiers.values import NumberRole
from ingest.normalise import simplified

_OLD = re.compile(
    r"原\s*(?:用\s*热\s*)?(?:用\s*户|客\s*户|户\s*名|户\s*主|业\s*主|户)|旧\s*(?:用\s*户|户)|过\s*户\s*前|变\s*更\s*前|转\s*出\s*方|出\s*让\s*方"
    r"|\b(?:old|previous|former|outgoing)\s+(?:customer|account|owner|tenant|holder)|\btransferor\b",
    re.IGNORECASE,
)
_NEW = re.compile(
    r"新\s*(?:用\s*热\s*)?(?:用\s*户|客\s*户|户\s*名|户\s*主|业\s*主|户)|过\s*户\s*后|变\s*更\s*后|转\s*入\s*方|受\s*让\s*方"
    r"|\b(?:new|incoming)\s+(?:customer|account|owner|tenant|holder)|\btransferee\b",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class RoleMark:
    """A word that names a role: its row on the sheet, its straightened middle and right edge."""

    role: NumberRole
    row_index: int
    middle: float
    right: float


def role_marks(sheet: Sheet) -> tuple[RoleMark, ...]:
    """Return the words of a page that name a role, from the top; () unless both roles are named."""
    marks = [mark for index, row in enumerate(sheet.rows) for mark in _marks(row, index)]
    return tuple(marks) if len({mark.role for mark in marks}) == 2 else ()


def role_of(place: NumberPlace, marks: Sequence[RoleMark]) -> NumberRole:
    """Return the role of a number; CUSTOMER where neither its label nor a heading names one."""
    if place.meaning is not None and place.meaning.role is not NumberRole.CUSTOMER:
        return place.meaning.role
    row = place.run.row
    left, right = row.lefts[place.run.start], row.rights[place.run.end - 1]
    return _role_at(place.row_index, left, right, marks)


def _role_at(row_index: int, left: float, right: float, marks: Sequence[RoleMark]) -> NumberRole:
    before = [m for m in marks if m.row_index == row_index and m.right <= left]
    if before:
        return max(before, key=lambda m: m.right).role
    for index in range(row_index - 1, -1, -1):
        above = [m for m in marks if m.row_index == index]
        if len({m.role for m in above}) == 2:  # the heads of two columns
            return min(above, key=lambda m: abs(m.middle - (left + right) / 2)).role
        if above:
            return above[0].role
    return NumberRole.CUSTOMER


def _marks(row: Row, row_index: int) -> list[RoleMark]:
    found: list[RoleMark] = []
    for role, pattern in ((NumberRole.OLD, _OLD), (NumberRole.NEW, _NEW)):
        for match in pattern.finditer(simplified(row.text)):
            left, right = row.lefts[match.start()], row.rights[match.end() - 1]
            found.append(RoleMark(role, row_index, (left + right) / 2, right))
    return found
