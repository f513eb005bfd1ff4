"""Values under labels that no list has, where their type leaves no doubt which field they are: 入户日期 on a paper of one date.

Every company words its labels in its own way. Where exactly as many values of a type stand under strange labels as fields of that type
are still without one, the values are theirs: one to one, dates in the order of the kind's fields, which is the order of events. Any
other count is a guess, and left out. The label's last signs must name the type (日期, 面积, 金额), so that a date of birth or a
price is not taken. Choices are known by their boxes, or fill a cell; texts and companies by the field's pattern (城南换热站), where
only one value fits. Persons' names and codes look alike whatever they mean: not for those. Pure.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date

from classifiers.boxes import options_in
from classifiers.found import Form, Found
from classifiers.labels import EDGES, LabelHit, Labelled
from classifiers.layout import Row, Sheet
from classifiers.readers import READERS, Look
from classifiers.scheme import FieldSpec, FieldType, Kind
from classifiers.wrapped_cell import cell_text
from ingest.normalise import HAN, simplified, squeezed

_LABEL = re.compile(rf"(?:^|(?<=[{EDGES} ]))([{HAN}]{{2,10}})(?:[ ]?([:：])[_ ]*|[{EDGES}.…_]+|$)")
_ENDS: Mapping[FieldType, re.Pattern[str]] = {
    FieldType.DATE: re.compile(r"(?:日期|时间|年月日|[^生节假平]日|[限止延]至)$"),
    FieldType.AREA: re.compile(r"面积$"),
    FieldType.AMOUNT: re.compile(r"(?:金额|款额|热费|费用|欠费|欠款|总额|总计)$"),
    FieldType.TEMPERATURE: re.compile(r"(?:室温|均温|温度)$"),
    FieldType.NAME: re.compile(r"(?:单位|企业|公司|[施工承][工包揽建]方|[工包揽建]商)$"),
}
_OF_SOMETHING_ELSE = re.compile(
    r"出生|生日|有效|期限|起止|签发|发证|生产|出厂|打印|印制|制表|检定|校准|预约|计划|使用面积|公摊|占地|阳台"
    r"|室外|户外|供水|回水|进水|出水|设定|设计|监理|建设单位|用热|用户|客户|供热|缴费|交费|付款|收款|购买|销售|检测|物业|主管|工作单位"
)
_TRUST = 0.9
_EDGE_SIGNS = f"{EDGES}_.…:："
_EXACT, _INSIDE = 1.0, 0.6  # scores of labels as printed, and of those that stand inside a word
_STRANGE = 0.8  # as sure as a label with a sign misread


def under_strange_labels(
    form: Form, kind: Kind, missing: Collection[str], foreign: Collection[str] = ()
) -> dict[str, Found]:
    """Return values of the kind's `missing` fields that stand under labels that nobody knows; never a guess between two.

    `foreign` are labels of other kinds' fields alone: what only nearly reads as one of them (回复日期 as 修复日期) is strange.
    """

    def is_none(hit: LabelHit) -> bool:
        is_inside = hit.score <= _INSIDE and not hit.has_colon  # 城南换热站
        return is_inside or (hit.score < _EXACT and hit.label in foreign)

    places = [place for sheet in form.sheets for place in strange_places(form, sheet, is_none)]
    worded = [_with_words(place, places) for place in places]
    found: dict[str, Found] = {}
    for field_type, ends in _ENDS.items():
        if field_type is FieldType.NAME:
            continue  # by its pattern alone, below
        specs = [spec for spec in kind.fields if spec.type is field_type and spec.name in missing]
        named = [place for place in places if _is_named(place, ends)]
        found |= _one_to_one(form, specs, named)
    for spec in kind.fields:
        if spec.type is FieldType.CHOICE and spec.name in missing:
            ticked = _distinct(value for place in worded if (value := _ticked(form, spec, place)) is not None)
            if len(ticked) == 1:
                found[spec.name] = ticked[0]
        if spec.type in (FieldType.TEXT, FieldType.NAME) and spec.pattern and spec.name in missing:
            fitting = _distinct(value for place in worded if (value := _fitting(form, spec, place)) is not None)
            if len(fitting) == 1:
                found[spec.name] = fitting[0]
    return found


def _with_words(place: Labelled, places: Sequence[Labelled]) -> Labelled:
    """Return the place with the words that fill the next cell as its value, though they too stand like a label."""
    if re.search(r"\w", place.text):
        return place
    following = (one for one in places if one.row is place.row and one.hit.start == place.hit.value_start)
    words = next((one for one in following if not re.search(r"\w", one.text)), None)
    return replace(place, end=words.hit.value_start) if words is not None and words is not place else place


def _fitting(form: Form, spec: FieldSpec, place: Labelled) -> Found | None:
    """Return the value there where all of it fits the field's pattern; of a name only where the label is one of companies."""
    if spec.type is FieldType.NAME and not _is_named(place, _ENDS[FieldType.NAME]):
        return None
    found = READERS[spec.type](Look(form, spec, place, cell_text(place, form.hits)))
    whole = re.fullmatch(spec.pattern, simplified(str(found.value))) if found is not None else None
    says_more = found is not None and squeezed(place.text).strip(_EDGE_SIGNS) != squeezed(str(found.value))
    return found if whole and not says_more else None


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
    """Return the choice that is ticked in a box there, where at least two of the field's choices stand, or the one that fills the cell."""
    found = _read(form, spec, place)
    options = options_in(place.text, spec.choices)
    if found is None:
        return None
    is_whole = len(options) == 1 and len(squeezed(place.text).strip(_EDGE_SIGNS)) == options[0].end - options[0].start
    is_ticked = found.is_box and len({option.value for option in options}) > 1
    return found if is_ticked or is_whole else None


def _is_named(place: Labelled, ends: re.Pattern[str]) -> bool:
    label = simplified(place.hit.label)
    return ends.search(label) is not None and _OF_SOMETHING_ELSE.search(label) is None


def strange_places(form: Form, sheet: Sheet, is_none: Callable[[LabelHit], bool] | None = None) -> Iterator[Labelled]:
    """Yield what stands like a label and is none that the scheme knows, each with its stretch of the row.

    `is_none` says which of the scheme's labels are taken for none here.
    """
    for index, row in enumerate(sheet.rows):
        known = [hit for hit in form.hits(row) if is_none is None or not is_none(hit)]
        strange = [hit for hit in _hits(row) if not any(k.start < hit.end and hit.start < k.end for k in known)]
        begins = sorted((*(hit.start for hit in known), *(hit.start for hit in strange)))
        for hit in strange:
            end = next((start for start in begins if start > hit.start), len(row.text))
            yield Labelled(hit, sheet, index, max(end, hit.value_start))


def _hits(row: Row) -> Iterator[LabelHit]:
    for match in _LABEL.finditer(row.text):
        yield LabelHit(match[1], _STRANGE, match.start(1), match.end(1), match.end(), bool(match[2]))
