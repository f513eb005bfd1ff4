"""Values under labels that no list has, where their type leaves no doubt which field they are: 入户日期 on a paper of one date.

Every company words its labels in its own way. Where exactly as many values of a type stand under strange labels as fields of that type
are still without one, the values are theirs: one to one, dates in the order of the kind's fields, which is the order of events. Any
other count is a guess, and left out. The label's last signs must name the type (日期, 面积, 金额), so that a date of birth or a
price is not taken; choices are known by their boxes alone. Names and codes look alike whatever they mean: not for those. Pure.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date

from classifiers.boxes import options_in
from classifiers.found import Form, Found
from classifiers.labels import EDGES, LabelHit, Labelled
from classifiers.layout import Row, Sheet
from classifiers.readers import READERS, Look
from classifiers.scheme import FieldSpec, FieldType, Kind
from classifiers.wrapped_cell import cell_text
from ingest.normalise import HAN, simplified

_LABEL = re.compile(rf"(?:^|(?<=[{EDGES} ]))([{HAN}]{{2,10}})(?:[ ]?([:：])[_ ]*|[{EDGES}.…_]+|$)")
_ENDS: Mapping[FieldType, re.Pattern[str]] = {
    FieldType.DATE: re.compile(r"(?:日期|时间|年月日)$"),
    FieldType.AREA: re.compile(r"面积$"),
    FieldType.AMOUNT: re.compile(r"(?:金额|款额|热费|费用|欠费|欠款|总额|总计)$"),
}
_OF_SOMETHING_ELSE = re.compile(
    r"出生|生日|有效|期限|起止|签发|发证|生产|出厂|打印|印制|制表|检定|校准|预约|计划|使用面积|公摊|占地|阳台"
)
_TRUST = 0.9
_STRANGE = 0.8  # as sure as a label with a sign misread


def under_strange_labels(form: Form, kind: Kind, missing: Collection[str]) -> dict[str, Found]:
    """Return values of the kind's `missing` fields that stand under labels that nobody knows; never a guess between two."""
    places = [place for sheet in form.sheets for place in strange_places(form, sheet)]
    found: dict[str, Found] = {}
    for field_type, ends in _ENDS.items():
        specs = [spec for spec in kind.fields if spec.type is field_type and spec.name in missing]
        named = [place for place in places if _is_named(place, ends)]
        found |= _one_to_one(form, specs, named)
    for spec in kind.fields:
        if spec.type is FieldType.CHOICE and spec.name in missing:
            ticked = _distinct(value for place in places if (value := _ticked(form, spec, place)) is not None)
            if len(ticked) == 1:
                found[spec.name] = ticked[0]
    return found


def _one_to_one(form: Form, specs: Sequence[FieldSpec], places: Sequence[Labelled]) -> dict[str, Found]:
    if not specs or not places:
        return {}
    values = _distinct(value for place in places if (value := _read(form, specs[0], place)) is not None)
    if len(values) != len(specs) or (len(values) > 1 and not all(isinstance(v.value, date) for v in values)):
        return {}
    in_order = sorted(values, key=lambda value: str(value.value))
    return {spec.name: value for spec, value in zip(specs, in_order, strict=True)}


def _distinct(values: Iterator[Found]) -> list[Found]:
    """Return the values, of equal ones the surest."""
    best: dict[str, Found] = {}
    for value in values:
        known = best.get(str(value.value))
        if known is None or value.sureness > known.sureness:
            best[str(value.value)] = value
    return list(best.values())


def _read(form: Form, spec: FieldSpec, place: Labelled) -> Found | None:
    found = READERS[spec.type](Look(form, spec, place, cell_text(place, form.hits)))
    return replace(found, sureness=found.sureness * _TRUST) if found is not None else None


def _ticked(form: Form, spec: FieldSpec, place: Labelled) -> Found | None:
    """Return the choice that is ticked in a box there, where at least two of the field's choices stand."""
    found = _read(form, spec, place)
    options = {option.value for option in options_in(place.text, spec.choices)}
    return found if found is not None and found.is_box and len(options) > 1 else None


def _is_named(place: Labelled, ends: re.Pattern[str]) -> bool:
    label = simplified(place.hit.label)
    return ends.search(label) is not None and _OF_SOMETHING_ELSE.search(label) is None


def strange_places(form: Form, sheet: Sheet) -> Iterator[Labelled]:
    """Yield what stands like a label and is none that the scheme knows, each with its stretch of the row."""
    for index, row in enumerate(sheet.rows):
        known = form.hits(row)
        strange = [hit for hit in _hits(row) if not any(k.start < hit.end and hit.start < k.end for k in known)]
        begins = sorted((*(hit.start for hit in known), *(hit.start for hit in strange)))
        for hit in strange:
            end = next((start for start in begins if start > hit.start), len(row.text))
            yield Labelled(hit, sheet, index, max(end, hit.value_start))


def _hits(row: Row) -> Iterator[LabelHit]:
    for match in _LABEL.finditer(row.text):
        yield LabelHit(match[1], _STRANGE, match.start(1), match.end(1), match.end(), bool(match[2]))
