"""Remembers which words name which field on the forms of this archive, from the records for which persons stand.

1. A label counts for a field of a kind once one record of that kind on which a person gave the fact says so, or two on which they let
   it stand, and nothing speaks for another field as much. What speaks against it is taken off; then it is forgotten.
2. What other kinds were taught counts for a field of the same name, with less trust, where all kinds agree and this one's own
   lessons neither deny it nor speak for another field.
3. A label that the scheme has for another field of the kind, or for a sign of the customer, counts only after three records.
4. Labels of customer numbers are never learned: whose a record is stays a matter of scheme and register.
5. Of one record its last lesson counts, so whoever corrects it again takes back what it taught.
Not for what one record teaches (`label_lessons`), nor for reading under labels (`fields`).
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from classifiers.label_lessons import LabelLesson, lessons_of
from classifiers.labels import label_form
from classifiers.scheme import FieldType, Kind, Scheme
from classifiers.values import Example, TaughtLabel, TaughtLabels

OWN_TRUST, OTHER_TRUST = 1.0, 0.95
"""How far a reading is trusted under a label that records of the kind taught, and one that only other kinds' did."""

ENOUGH, ENOUGH_OVERRIDING = 1.0, 3.0
_LEAST_AGREEING = 0.75  # of all that was said of a label and its field


class LabelMemory:
    """All lessons, by record. For one thread at a time; what it hands out never changes."""

    def __init__(self, scheme: Scheme, number_labels: Iterable[str]) -> None:
        """Begin without lessons; `number_labels` are the labels of customer numbers and of numbers that are none."""
        self._kinds: Mapping[str, Kind] = {kind.code: kind for kind in scheme.kinds}
        signs = scheme.signs
        titles = (title for kind in scheme.kinds for title in kind.titles)
        self._never = frozenset(map(label_form, (*number_labels, *signs.number, *signs.phone, *signs.other, *titles)))
        self._scheme_labels = {kind.code: _scheme_labels(scheme, kind) for kind in scheme.kinds}
        self._lessons: dict[str, tuple[str, tuple[LabelLesson, ...]]] = {}
        self._labels = TaughtLabels()
        self._is_weighed = True
        self._all: tuple[TaughtLabel, ...] = ()

    @property
    def labels(self) -> TaughtLabels:
        """Return the labels that count; the same object while nothing changes."""
        self._weigh()
        return self._labels

    @property
    def all(self) -> tuple[TaughtLabel, ...]:
        """Return every label that a kind's own records say something of and the scheme does not have, kinds in the order of the scheme."""
        self._weigh()
        return self._all

    def learn(self, examples: Sequence[Example]) -> None:
        """Take these examples in; one whose key is known takes the other's place."""
        for example in examples:
            self._is_weighed &= self._lessons.pop(example.key, None) is None
            kind = self._kinds.get(example.kind or "")
            if kind is None or not example.facts or not example.text:
                continue
            lessons = lessons_of(example, kind, self._never, self._scheme_labels[kind.code])
            if lessons:
                self._lessons[example.key] = (kind.code, lessons)
                self._is_weighed = False

    def _weigh(self) -> None:
        """Weigh all lessons anew where some came or went since; thousands in a few hundredths of a second."""
        if self._is_weighed:
            return
        self._is_weighed = True
        said = _said(self._lessons.values())
        order = {code: place for place, code in enumerate(self._kinds)}
        own = tuple(sorted(self._own(said), key=lambda one: (order[one.kind], one.field, one.label)))
        taught: dict[tuple[str, str], list[TaughtLabel]] = defaultdict(list)
        for one in (*own, *self._lent(own, said)):
            if one.trust > 0:
                taught[one.kind, one.field].append(one)
        labels = {key: tuple(sorted(of, key=lambda one: (-one.trust, -one.records))) for key, of in taught.items()}
        self._all = own
        if labels != self._labels.by_field:
            self._labels = TaughtLabels(labels)

    def _own(self, said: _SaidOfAll) -> Iterator[TaughtLabel]:
        """Yield what each kind's own records say of labels that the scheme does not have for that field."""
        for code in self._kinds:
            for form, by_field in said.get(code, {}).items():
                of_scheme = self._scheme_labels[code].get(form, frozenset())
                enough = ENOUGH_OVERRIDING if of_scheme else ENOUGH
                for name, one in by_field.items():
                    if name not in of_scheme and one.records > 0:
                        others = max((other.net for n, other in by_field.items() if n != name), default=0.0)
                        trust = OWN_TRUST if one.counts(enough, others) else 0.0
                        yield TaughtLabel(code, name, one.label, one.records, one.against, trust, is_own=True)

    def _lent(self, own: Sequence[TaughtLabel], said: _SaidOfAll) -> Iterator[TaughtLabel]:
        """Yield what other kinds' labels say of fields of the same name and type in kinds where they do not count yet."""
        counting = {(one.kind, label_form(one.label)) for one in own if one.trust > 0}
        told: dict[str, list[TaughtLabel]] = defaultdict(list)
        for one in own:
            if one.records > one.against:
                told[label_form(one.label)].append(one)
        for form, ones in told.items():
            best = max(ones, key=lambda one: (one.trust, one.records))
            if best.trust == 0 or any(one.field != best.field for one in ones):
                continue
            records = sum(one.records for one in ones)
            for code, kind in self._kinds.items():
                spec = kind.field(best.field)
                is_free = (code, form) not in counting and form not in self._scheme_labels[code]
                denied = said.get(code, {}).get(form, {}).get(best.field)
                is_denied = denied is not None and denied.against > 0
                if spec is None or not is_free or is_denied:
                    continue
                if spec.type is self._type(best.kind, best.field):
                    yield TaughtLabel(code, spec.name, best.label, records, 0.0, OTHER_TRUST, is_own=False)

    def _type(self, code: str, name: str) -> FieldType | None:
        spec = self._kinds[code].field(name)
        return spec.type if spec else None


def _scheme_labels(scheme: Scheme, kind: Kind) -> Mapping[str, frozenset[str]]:
    """Return what the scheme's labels name on records of this kind, by their form: fields, or signs of the customer."""
    named: dict[str, set[str]] = defaultdict(set)
    signs = scheme.signs
    of_signs = {
        "customer_name": signs.name,
        "old_name": signs.old_name,
        "new_name": signs.new_name,
        "address_as_printed": signs.address,
        "contract_no": signs.contract_no,
        "meter_no": signs.meter_no,
    }
    for name, labels in of_signs.items():
        for label in labels:
            named[label_form(label)].add(name)
    for spec in kind.fields:
        for label in (*spec.labels, *(signs.address if spec.type is FieldType.ADDRESS and not spec.labels else ())):
            named[label_form(label)].add(spec.name)
    return {form: frozenset(names) for form, names in named.items()}


@dataclass(frozen=True, slots=True)
class _Said:
    """What was said of a label and a field of one kind: the label as printed, how much for it, how much against."""

    label: str
    records: float
    against: float

    @property
    def net(self) -> float:
        """Return what is left of what speaks for it."""
        return self.records - self.against

    def counts(self, enough: float, others: float) -> bool:
        """Return whether it is enough, clearly more than what was said against it, and more than for any other field."""
        agreeing = self.records >= _LEAST_AGREEING * (self.records + self.against)
        return self.net >= enough and self.net > others and agreeing


_SaidOfAll = Mapping[str, Mapping[str, Mapping[str, _Said]]]


def _said(lessons: Iterable[tuple[str, Sequence[LabelLesson]]]) -> _SaidOfAll:
    """Return what was said in all, by kind, form of the label and field."""
    said: dict[str, dict[str, dict[str, _Said]]] = defaultdict(lambda: defaultdict(dict))
    for code, of_record in lessons:
        for lesson in of_record:
            of_label = said[code][lesson.form]
            known = of_label.get(lesson.field, _Said(lesson.label, 0.0, 0.0))
            label = known.label if known.records > 0 else lesson.label
            records, against = known.records + max(lesson.weight, 0.0), known.against + max(-lesson.weight, 0.0)
            of_label[lesson.field] = _Said(label, records, against)
    return said
