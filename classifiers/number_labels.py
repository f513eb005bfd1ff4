"""The labels that say whose number stands there: a customer's, the old or the new customer's, another's, or nobody's.

All compete in one `LabelFinder`, so that 燃气户号 is never taken for 户号 and 原客户编号 says more than 客户编号. Labels of other
facts (names, dates, areas) say nothing about a number but end the reach of the label before them.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import Enum

from classifiers.label_parts import ComposedLabels
from classifiers.labels import LabelFinder, LabelHit, label_form
from classifiers.layout import Row
from classifiers.number_forms import NumberForms
from classifiers.scheme import FieldType, Scheme
from classifiers.values import NumberRole
from ingest.normalise import is_han, simplified

_OLD_HAN = ("原", "旧", "老", "过户前", "变更前", "转出方", "原用户")
_NEW_HAN = ("新", "现", "过户后", "变更后", "转入方", "新用户")
_OLD_LATIN = ("Old", "Previous", "Former")
_NEW_LATIN = ("New",)


_INNER = 0.6
"""The score that `LabelFinder` gives a label inside a longer word."""


class LabelSort(Enum):
    """What a label says of the number after it."""

    CUSTOMER = "customer"
    NOT = "not"  # another's number: never a customer number
    OTHER = "other"  # says nothing of numbers


@dataclass(frozen=True, slots=True)
class NumberLabel:
    """A label's sort and, of a customer's, the role that it names itself (CUSTOMER where it names none)."""

    sort: LabelSort
    role: NumberRole = NumberRole.CUSTOMER


class NumberLabels:
    """All labels, ready to be looked for in rows."""

    def __init__(self, forms: NumberForms, scheme: Scheme | None) -> None:
        """Prepare `[customer_number]`'s labels and, where a scheme is given, all labels of its signs and fields."""
        self._sorts: dict[str, NumberLabel] = {}
        spellings: dict[str, str] = {}
        for label, meaning in (*_own(forms, scheme), *_others(scheme, forms.not_labels)):
            form = label_form(label)
            if form and form not in spellings:
                spellings[form] = label
                self._sorts[label] = meaning
        self._known: Mapping[str, str] = spellings
        composed = ComposedLabels(scheme.signs).label if scheme is not None else None  # 采暖户名 is no misread 采暖户号
        self._finder = LabelFinder(spellings.values(), composed)

    def hits(self, row: Row) -> tuple[LabelHit, ...]:
        """Return the labels of a row from left to right."""
        return self._finder.hits(row)

    def meaning(self, hit: LabelHit) -> NumberLabel:
        """Return what a label says."""
        return self._sorts[hit.label]

    def of_text(self, text: str) -> tuple[str, NumberLabel | None]:
        """Return the label that this text is as a whole, in the spelling of the scheme, and what it says; ("", None) if none."""
        label = self._known.get(label_form(text), "")
        return label, self._sorts.get(label)

    def stands_alone(self, row: Row, hit: LabelHit) -> bool:
        """Return whether a label is a whole word: what stands right before it is nothing, or another label (备注用户编号)."""
        if hit.score > _INNER:
            return True
        start = hit.start
        while start > 0 and is_han(row.text[start - 1]):
            start -= 1
        return label_form(row.text[start : hit.start]) in self._known


def _own(forms: NumberForms, scheme: Scheme | None) -> Iterable[tuple[str, NumberLabel]]:
    """Yield the labels that are there for numbers; what is wanted wins over what is not, where both are listed."""
    wanted = dict.fromkeys((*forms.labels, *(scheme.signs.number if scheme else ())))
    for label in wanted:
        yield label, NumberLabel(LabelSort.CUSTOMER, _named_role(label))
    for label in wanted:
        if _named_role(label) is NumberRole.CUSTOMER:
            yield from _with_roles(label)
    for label in forms.not_labels:
        yield label, NumberLabel(LabelSort.NOT)


def _with_roles(label: str) -> Iterable[tuple[str, NumberLabel]]:
    old, new = (_OLD_HAN, _NEW_HAN) if is_han(label[:1] or " ") else (_OLD_LATIN, _NEW_LATIN)
    gap = "" if is_han(label[:1] or " ") else " "
    for prefixes, role in ((old, NumberRole.OLD), (new, NumberRole.NEW)):
        for prefix in prefixes:
            yield f"{prefix}{gap}{label}", NumberLabel(LabelSort.CUSTOMER, role)


def _named_role(label: str) -> NumberRole:
    label = simplified(label)
    if re.match(r"[原旧]|过户前|变更前|转出", label) or re.match(r"(?:old|previous|former)\b", label, re.IGNORECASE):
        return NumberRole.OLD
    if re.match(r"新|现(?!场)|过户后|变更后|转入", label) or re.match(r"new\b", label, re.IGNORECASE):
        return NumberRole.NEW
    return NumberRole.CUSTOMER


def _others(scheme: Scheme | None, not_labels: Sequence[str]) -> Iterable[tuple[str, NumberLabel]]:
    """Yield the scheme's other labels: codes, telephones and what contains one of `not_labels` are another's numbers."""
    if scheme is None:
        return
    signs = scheme.signs
    specs = [spec for kind in scheme.kinds for spec in kind.fields]
    codes = [label for spec in specs if spec.type is FieldType.CODE for label in spec.labels]
    for label in (*signs.contract_no, *signs.meter_no, *signs.phone, *codes):
        yield label, NumberLabel(LabelSort.NOT)
    refused = [form for label in not_labels if len(form := label_form(label)) > 1]
    fields = [label for spec in specs for label in spec.labels]
    for label in (*fields, *signs.name, *signs.old_name, *signs.new_name, *signs.address, *signs.other):
        form = label_form(label)
        is_not = is_han(form[-1:] or " ") and any(inner in form for inner in refused)
        yield label, NumberLabel(LabelSort.NOT if is_not else LabelSort.OTHER)
