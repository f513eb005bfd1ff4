"""What a record for which a person stands teaches about labels: before or above which words each of its values stands on its page.

A value that stands there once, right after words that are no value of this record, teaches that these words name its field; one that
stands in several places teaches so much the less of each, until other records agree. Words before which another value of the type
stands do not name the field. What no label can be teaches nothing: words with digits, the customer's name, titles, labels of customer
numbers. Pure: a kept text (`plain_text.text_with_cells`) is all it looks at, whatever was learned before. Not for what comes of many
lessons (`label_memory`).
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import lru_cache

from rapidfuzz import fuzz

from classifiers.amounts import amounts_in, measures_in, temperatures_in
from classifiers.boxes import options_in
from classifiers.dates import dates_in
from classifiers.labels import label_form
from classifiers.scheme import FieldSpec, FieldType, Kind
from classifiers.values import Example, FieldValue, ToldFact
from ingest.normalise import is_han, simplified

GIVEN, SHOWN = 1.0, 0.5
"""What a fact counts that a person gave, and one that they let stand in a record which they confirmed or put right elsewhere."""

TAUGHT_TYPES = frozenset(
    {
        FieldType.DATE,
        FieldType.AMOUNT,
        FieldType.AREA,
        FieldType.TEMPERATURE,
        FieldType.CODE,
        FieldType.NAME,
        FieldType.TEXT,
        FieldType.CHOICE,
    }
)
"""Types of one value beside or below one label. The others are read otherwise (`whole_page`), or as a column of a table.

Addresses are not among them: they are found without a label (`loose_address`), and under one that is newly known ended too early.
"""

_CELLS = re.compile(r"\t|丨|\||\s{2,}")
_COLON = re.compile(r"[:：]")
_JUNK = " :：;；.,，、·“”\"'‘’_=-~—…。¥￥*□☐▢☑☒√✓■口○〇●"
_OTHER_SIGN = re.compile(r"[0-9０-９%￥¥@&*□☐▢☑☒√✓■○●〇,，。;；!！?？]")
_CURRENCY = re.compile(r"(?:CNY|RMB|人民币)$", re.IGNORECASE)
_SHORTEST, _LONGEST_HAN, _LONGEST_LATIN, _MOST_WORDS = 2, 12, 28, 4
_SHORT_CODE = 4  # a code, name or text with fewer signs stands in many places by chance, unless it fills its cell
_UNLIKE = 50.0  # of 100: below, two texts are not one that was misread
_NEAR_CENTS = 0.005
_FIRST_ROWS = 2  # company and title are no heads of a column


@dataclass(frozen=True, slots=True)
class LabelLesson:
    """That words name a field, or (`weight` below 0) that they do not; `form` is how labels are compared, `label` as printed.

    That they do not is said of all words on the page before another value, most of which nobody took for labels of the field.
    """

    field: str
    form: str
    label: str
    weight: float


@dataclass(frozen=True, slots=True)
class _Barred:
    """What is no label of a fact, by its form: labels of something else, and values of this record."""

    labels: frozenset[str]
    values: frozenset[str]

    def is_label(self, text: str) -> bool:
        """Return whether these words may name a fact."""
        words = text.strip(_JUNK)
        form = label_form(words)
        return form not in self.labels and form not in self.values and _is_worded(words)


@dataclass(frozen=True, slots=True)
class _Piece:
    """What stands between two cell edges or colons: its row, its place in that row, and whether a colon follows it."""

    text: str
    row: int
    place: int
    has_colon: bool


def lessons_of(
    example: Example, kind: Kind, never: frozenset[str], known: Mapping[str, frozenset[str]]
) -> tuple[LabelLesson, ...]:
    """Return what the record teaches, fields in the order of the kind.

    `never` are forms that are no labels of facts; `known` the fields that the scheme reads under a label, by its form.
    """
    rows = _rows(example.text)
    told = {fact.name: fact for fact in example.facts}
    words = (*example.names, *(fact.value for fact in example.facts if isinstance(fact.value, str)))
    barred = _Barred(never, frozenset(map(label_form, words)))
    found: list[LabelLesson] = []
    for spec in kind.fields:
        fact = told.get(spec.name)
        if fact is None or spec.type not in TAUGHT_TYPES:
            continue
        heads = _heads(rows, spec, fact, barred)
        places = _under_known(heads, spec.name, known) or heads
        weight = (GIVEN if fact.is_given else SHOWN) / max(1, len(places))
        found += [LabelLesson(spec.name, label_form(w), w, weight * share) for labels in places for w, share in labels]
        if fact.is_given:
            right = {lesson.form for lesson in found if lesson.field == spec.name}
            others = _before_others(rows, spec, None if right else fact.value, barred)
            found += [LabelLesson(spec.name, form, form, -GIVEN) for form in sorted(others - right)]
    return _joined(found)


_Heads = list[list[tuple[str, float]]]


def _heads(rows: Sequence[Sequence[_Piece]], spec: FieldSpec, fact: ToldFact, barred: _Barred) -> _Heads:
    """Return for each place where the value stands after words the words that may name it, with the share of each."""
    if fact.value is None:
        return []
    heads = (list(_labels_at(rows, piece, start, barred)) for piece, start in _places(rows, spec, fact.value))
    return [labels for labels in heads if labels]


def _under_known(heads: _Heads, name: str, known: Mapping[str, frozenset[str]]) -> _Heads:
    """Return of these places those where the scheme reads the field anyhow: then the others are no news."""
    found = ([(label, 1.0) for label, _ in labels if name in known.get(label_form(label), ())] for labels in heads)
    return [labels for labels in found if labels]


def _joined(lessons: Sequence[LabelLesson]) -> tuple[LabelLesson, ...]:
    """Return one lesson a field and label."""
    sums: dict[tuple[str, str], LabelLesson] = {}
    for one in lessons:
        before = sums.get((one.field, one.form))
        weight = one.weight + (before.weight if before else 0.0)
        sums[one.field, one.form] = LabelLesson(one.field, one.form, before.label if before else one.label, weight)
    return tuple(sums.values())


def _rows(text: str) -> tuple[tuple[_Piece, ...], ...]:
    return tuple(tuple(_pieces(line, index)) for index, line in enumerate(re.split(r"[\n\f]", text)))


def _pieces(line: str, row: int) -> Iterator[_Piece]:
    place = 0
    for cell in _CELLS.split(line):
        rest = cell.strip()
        while rest:
            colon = _COLON.search(rest)
            head = rest[: colon.start()].strip() if colon else ""
            if colon is None or not _is_worded(head):
                yield _Piece(rest, row, place, False)
                place += 1
                break
            yield _Piece(head, row, place, True)
            place += 1
            rest = rest[colon.end() :].strip()


def _is_worded(text: str) -> bool:
    """Return whether a text may be a label by its signs: words, no digits, neither too short nor too long."""
    text = text.strip(" .。_")
    form = label_form(text)
    if len(form) < _SHORTEST or _OTHER_SIGN.search(text):
        return False
    if any(map(is_han, form)):
        return len(form) <= _LONGEST_HAN and not any(sign.isascii() and sign.isalpha() for sign in form)
    return form.isalpha() and len(form) <= _LONGEST_LATIN and len(text.split()) <= _MOST_WORDS


def _labels_at(
    rows: Sequence[Sequence[_Piece]], piece: _Piece, start: int, barred: _Barred
) -> Iterator[tuple[str, float]]:
    """Yield the words that may name what stands at this place, with the share of each: before it in its cell, row, or above it."""
    before = _CURRENCY.sub("", piece.text[:start].strip(_JUNK)).strip(_JUNK)
    if before:
        if barred.is_label(before):
            yield before, 1.0
        return
    beside = rows[piece.row][piece.place - 1] if piece.place else None
    if beside is not None and label_form(beside.text.strip(_JUNK)) in barred.labels:
        return  # the value of another label
    is_beside = beside is not None and barred.is_label(beside.text)
    above = _above(rows, piece, barred)
    if beside is not None and is_beside:
        yield beside.text.strip(_JUNK), 0.5 if above is not None and not beside.has_colon else 1.0
    if above is not None and not (beside is not None and is_beside and beside.has_colon):
        yield above.strip(_JUNK), 0.5 if is_beside else 1.0


def _above(rows: Sequence[Sequence[_Piece]], piece: _Piece, barred: _Barred) -> str | None:
    """Return the head above a value where the row above is one of heads: as many cells, words only, none with a colon."""
    count = len(rows[piece.row])
    for index in range(piece.row - 1, max(piece.row - 3, _FIRST_ROWS - 1), -1):
        heads = rows[index]
        if len(heads) < count:
            continue  # the first line of a value of several rows
        are_heads = len(heads) == count and all(_is_worded(one.text) and not one.has_colon for one in heads)
        return heads[piece.place].text if are_heads and barred.is_label(heads[piece.place].text) else None
    return None


def _places(rows: Sequence[Sequence[_Piece]], spec: FieldSpec, value: FieldValue) -> Iterator[tuple[_Piece, int]]:
    """Yield where the value stands: the piece, and the sign of it at which it begins; of a group of choices where the group does."""
    for row in rows:
        for piece in row:
            start = _start(piece.text, spec, value)
            if start is not None:
                yield _first_choice(row, piece, spec) if spec.type is FieldType.CHOICE else (piece, start)


def _first_choice(row: Sequence[_Piece], piece: _Piece, spec: FieldSpec) -> tuple[_Piece, int]:
    first = piece
    while first.place and not row[first.place - 1].has_colon and options_in(row[first.place - 1].text, spec.choices):
        first = row[first.place - 1]
    return first, min(option.start for option in options_in(first.text, spec.choices))


def _start(text: str, spec: FieldSpec, value: FieldValue) -> int | None:
    """Return where in a text the value of this field stands; None where it does not."""
    if spec.type is FieldType.DATE:
        return next((found.start for found in _dates(text) if found.value == value), None)
    if spec.type in _NUMBERS and isinstance(value, float):
        numbers = _NUMBERS[spec.type](text)
        return next((found.start for found in numbers if abs(found.value - value) < _NEAR_CENTS), None)
    if spec.type is FieldType.CHOICE:
        words = (word for choice in spec.choices if choice.value == value for word in choice.words)
        options = options_in(text, spec.choices) if any(_flat(word) in _flat(text) for word in words) else ()
        return next((option.start for option in options if option.value == value), None)
    if not isinstance(value, str):
        return None
    return _start_of_text(text, value, spec.type)


_NUMBERS = {FieldType.AMOUNT: amounts_in, FieldType.AREA: measures_in, FieldType.TEMPERATURE: temperatures_in}
_dates = lru_cache(maxsize=256)(dates_in)  # of one page, for each of its dates


def _start_of_text(text: str, value: str, field_type: FieldType) -> int | None:
    flat, wanted = _flat(text), _flat(value)
    at = flat.find(wanted) if wanted else -1
    if at < 0:
        return None
    signs = [index for index, sign in enumerate(text) if not sign.isspace()]
    rest = flat[at + len(wanted) :]
    goes_on = bool(rest) and (rest[0].isalnum() if field_type is not FieldType.TEXT else False)
    before = flat[at - 1] if at else ""
    begins_inside = bool(before) and before.isalnum() and (wanted[0].isascii() and before.isascii())
    if goes_on or begins_inside or (len(wanted) < _SHORT_CODE and rest and is_han(rest[0])):
        return None
    return signs[at]


def _before_others(
    rows: Sequence[Sequence[_Piece]], spec: FieldSpec, unseen: FieldValue | None, barred: _Barred
) -> set[str]:
    """Return the forms of the words beside or above which another value stands than the person's.

    `unseen` is theirs where it stands nowhere: then what nearly is it may be it, misread.
    """
    found: set[str] = set()
    for row in rows:
        for piece in row:
            if _is_another(piece.text, spec, unseen, barred):
                found.update(label_form(label) for label, _ in _labels_at(rows, piece, 0, barred))
    return found


def _is_another(text: str, spec: FieldSpec, value: FieldValue | None, barred: _Barred) -> bool:
    """Return whether a value of the field's type stands here, and not this one, misread; words only where they are some value."""
    if spec.type is FieldType.DATE:
        dates = _dates(text)
        return bool(dates) and not (isinstance(value, date) and _is_near(dates[0].value.isoformat(), value.isoformat()))
    if spec.type in _NUMBERS:
        number = next((found for found in _NUMBERS[spec.type](text) if found.is_marked), None)
        return number is not None and not (isinstance(value, float) and _is_near(f"{number.value:.2f}", f"{value:.2f}"))
    if spec.type is FieldType.CODE:
        code = re.search(spec.pattern, text)
        return code is not None and not (isinstance(value, str) and _is_near(code.group(), value))
    is_value = label_form(text) in barred.values
    return is_value and (value is None or fuzz.ratio(_flat(text), _flat(str(value))) < _UNLIKE)


def _is_near(one: str, other: str) -> bool:
    return len(one) == len(other) and sum(a != b for a, b in zip(one, other, strict=True)) <= 1


@lru_cache(maxsize=1024)
def _flat(text: str) -> str:
    """Return the text simplified and in lower case, sign for sign, without white space."""
    lower = text.lower()
    if len(lower) != len(text):
        lower = "".join(low if len(low := sign.lower()) == 1 else sign for sign in text)
    return simplified("".join(lower.split()))
