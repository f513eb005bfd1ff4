"""Finds the facts of a kind and the signs of its customer: for each field the best reading of all its labels' places.

Not for deciding who the customer is (`metadata.identify`) nor for numbers (`customer_number`). A value that is doubtful is
left out of the facts; of the customer's signs it is given as not surely read, because a sign that stands there and cannot be
read matters too.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import date

from zope.interface import implementer

from classifiers.cues import PageWords
from classifiers.found import Form, Found, form_of
from classifiers.interfaces import IExtractor, ITaughtLabels
from classifiers.label_parts import ComposedLabels
from classifiers.labels import LabelFinder, Labelled
from classifiers.layout import evidence_of
from classifiers.loose_address import looks_like_address, loose_address
from classifiers.loose_name import loose_names
from classifiers.reach import after
from classifiers.readers import READERS, Look
from classifiers.scheme import FieldSpec, FieldType, Kind, Scheme
from classifiers.strange_labels import under_strange_labels
from classifiers.sums import checked
from classifiers.values import CustomerSigns, EvidenceSource, Fact, RecordText, TaughtLabel, TaughtLabels
from classifiers.whole_page import capitals, capitals_contradict, class_of, code_anywhere, last_date
from classifiers.wrapped_cell import cell_text

LEAST_CONFIDENCE = 0.62
"""A fact with less is left out; fitted on the dev corpus."""

LEAST_BY_TYPE: Mapping[FieldType, float] = {
    FieldType.NAME: 0.88,
    FieldType.TEXT: 0.85,
    FieldType.CODE: 0.7,
    FieldType.ADDRESS: 0.7,
    FieldType.AREA: 0.7,
    FieldType.AMOUNT: 0.7,
}
"""Where nothing proves a value, more is asked: of 1,689 facts read by PP-OCR, names at 0.75 and more are right in 92 %, at 0.88 in 96 %.

Chosen and measured on the same facts, both halves of the dev corpus: expect less on paper not seen yet.
"""

SURELY_READ = 0.80
NOTHING_TAUGHT: Mapping[str, float] = {}
_PROVEN = 0.9
_LATER_LABEL = 0.985
_ANY_CODE = r"(?=.*[0-9]{4})[A-Z0-9][A-Z0-9/-]{4,24}"
_DIGITS = frozenset({FieldType.DATE, FieldType.AMOUNT, FieldType.AREA, FieldType.CODE, FieldType.TEMPERATURE})


def scheme_labels(scheme: Scheme) -> tuple[str, ...]:
    """Return every label of the scheme once."""
    signs = scheme.signs
    own = (signs.number, signs.name, signs.old_name, signs.new_name, signs.address, signs.contract_no, signs.meter_no)
    of_fields = (spec.labels for kind in scheme.kinds for spec in kind.fields)
    return tuple(dict.fromkeys(label for group in (*own, signs.phone, signs.other, *of_fields) for label in group))


def _foreign_labels(scheme: Scheme, kind: Kind, more_labels: Iterable[str]) -> frozenset[str]:
    """Return the labels that are those of other kinds' fields, and of nothing else."""
    own = {label for spec in kind.fields for label in spec.labels}
    of_fields = {label for other in scheme.kinds for spec in other.fields for label in spec.labels}
    signs = scheme.signs
    of_signs = (
        signs.number,
        signs.name,
        signs.old_name,
        signs.new_name,
        signs.address,
        signs.contract_no,
        signs.meter_no,
    )
    of_customer = {label for labels in (*of_signs, signs.phone, signs.other) for label in labels}
    return frozenset(of_fields - own - of_customer - set(more_labels))


@implementer(IExtractor)
class RulesExtractor:
    """The extractor named "rules"."""

    name: str = "rules"

    def __init__(
        self,
        scheme: Scheme,
        surely_read: float = SURELY_READ,
        more_labels: Iterable[str] = (),
        taught: ITaughtLabels | None = None,
    ) -> None:
        """Prepare the labels of the scheme; `more_labels` (such as those of customer numbers) only end values.

        `taught` are labels of facts that persons taught; they name facts, never signs of the customer.
        """
        self._scheme = scheme
        self._surely_read = surely_read
        more_labels = tuple(more_labels)
        self._labels = (*scheme_labels(scheme), *more_labels)
        self._composed = ComposedLabels(scheme.signs).label
        self._foreign = {kind.code: _foreign_labels(scheme, kind, more_labels) for kind in scheme.kinds}
        self._taught = taught
        self._finder = LabelFinder(self._labels, self._composed)
        self._taught_finder = (TaughtLabels(), self._finder)
        self._last: tuple[RecordText, LabelFinder, Form] | None = None

    def facts(self, record: RecordText, kind: str) -> tuple[Fact, ...]:
        """Return the facts of the kind's fields, at most one a field; left out rather than guessed."""
        of_kind = self._scheme.kind(kind)
        if of_kind is None:
            return ()
        taught, finder = self._with_taught()
        form = self._form(record, finder)
        found = checked(form, of_kind, self._found(form, of_kind, taught))
        least = {spec.name: LEAST_BY_TYPE.get(spec.type, LEAST_CONFIDENCE) for spec in of_kind.fields}
        facts = (self._fact(name, value) for name, value in found.items())
        return tuple(fact for fact in facts if fact.confidence >= least[fact.name])

    def signs(self, record: RecordText, kind: str | None) -> CustomerSigns:
        """Return what the page says of the customer besides the number; doubtful signs as not surely read."""
        form = self._form(record, self._finder)  # of the scheme alone: what is taught names facts, never a customer
        of_kind = self._scheme.kind(kind)
        two = of_kind is not None and of_kind.two_customers
        labels = self._scheme.signs
        old = self._sign(form, "old_name", FieldType.NAME, labels.old_name) if two else None
        new = self._sign(form, "new_name", FieldType.NAME, labels.new_name) if two else None
        name = new or self._sign(form, "name", FieldType.NAME, labels.name)
        return CustomerSigns(
            name=name,
            address=self._address(form, labels.address, last=two),
            contract_no=self._sign(form, "contract_no", FieldType.CODE, labels.contract_no),
            meter_no=self._sign(form, "meter_no", FieldType.CODE, labels.meter_no),
            old_name=old,
            new_name=new,
            phones=_phones(form, labels.phone),
            area_m2=self._area(form),
            loose_names=() if name or two else tuple(self._fact("name", found) for found in loose_names(form)),
        )

    def _with_taught(self) -> tuple[TaughtLabels, LabelFinder]:
        """Return what was taught up to now, and the finder that knows those labels too."""
        taught = self._taught.current() if self._taught is not None else self._taught_finder[0]
        known = self._taught_finder  # another thread may put a newer one there at any moment
        if known[0] is not taught:
            more = taught.labels  # none: then facts and signs are looked for on one and the same form
            finder = LabelFinder((*self._labels, *more), self._composed) if more else self._finder
            known = self._taught_finder = (taught, finder)
        return known

    def _form(self, record: RecordText, finder: LabelFinder) -> Form:
        last = self._last  # another thread may put its own record there at any moment
        if last is None or last[0] is not record or last[1] is not finder:
            last = self._last = (record, finder, form_of(record, finder))
        return last[2]

    def _found(self, form: Form, kind: Kind, taught: TaughtLabels) -> dict[str, Found]:
        words = PageWords(form.sheets)
        found: dict[str, Found] = {}
        for spec in kind.fields:
            value = self._field(form, kind, spec, words, taught.of(kind.code, spec.name))
            if value is not None:
                found[spec.name] = value
        missing = {spec.name for spec in kind.fields} - found.keys()
        found |= under_strange_labels(form, kind, missing, self._foreign[kind.code])
        for spec in kind.fields:
            if spec.date_of_paper and spec.name not in found:
                value = last_date(form, [other.value for other in found.values()])
                if value is not None:
                    found[spec.name] = value
            if spec.type is FieldType.AMOUNT_WORDS:
                amount = found.get("amount")
                digits = amount.value if amount and isinstance(amount.value, float) else None
                if digits is not None and capitals_contradict(form, spec.labels, digits):
                    del found["amount"]  # which of the two was misread, nobody can tell
                    continue
                value = capitals(form, spec, digits)
                if value is not None:
                    found[spec.name] = value
        return found

    def _field(
        self, form: Form, kind: Kind, spec: FieldSpec, words: PageWords, taught: Sequence[TaughtLabel]
    ) -> Found | None:
        if spec.type is FieldType.CLASS:
            return class_of(form, spec, words)
        if spec.type is FieldType.AMOUNT_WORDS:
            return None
        own = [one.label for one in taught if one.is_own]
        lent = [one.label for one in taught if not one.is_own]
        labels = (*own, *self._labels_of(spec), *lent)
        trust = {one.label: one.trust for one in taught}
        best = _best(form, spec, labels, kind.two_customers and spec.type is FieldType.ADDRESS, trust)
        if best is None and spec.type is FieldType.CODE:
            return code_anywhere(form, spec)
        return best

    def _labels_of(self, spec: FieldSpec) -> tuple[str, ...]:
        """Return the field's labels; a field without any of its own has those of the customer's sign of its name."""
        signs = self._scheme.signs
        if spec.labels:
            return spec.labels
        of_sign = {
            "contract_no": signs.contract_no,
            "meter_no": signs.meter_no,
            "old_name": signs.old_name,
            "new_name": signs.new_name,
            "customer_name": signs.name,
        }
        return signs.address if spec.type is FieldType.ADDRESS else of_sign.get(spec.name, ())

    def _sign(
        self, form: Form, name: str, field_type: FieldType, labels: Sequence[str], last: bool = False
    ) -> Fact | None:
        spec = self._sign_spec(name, field_type)
        best = _best(form, spec, labels, last)
        if best is None:
            return None
        return self._fact(name, best)

    def _address(self, form: Form, labels: tuple[str, ...], last: bool) -> Fact | None:
        """Return the address under its labels; one that stands anywhere where those lead to none that has building and room."""
        labelled = self._sign(form, "address", FieldType.ADDRESS, labels, last=last)
        if labelled is not None and (labelled.surely_read or looks_like_address(str(labelled.value))):
            return labelled
        loose = loose_address(form, labels)
        return self._fact("address", loose) if loose is not None else labelled

    def _area(self, form: Form) -> Fact | None:
        """Return the heated area, however badly read, whether or not the kind has a field for it."""
        spec = next((spec for spec in self._scheme.field_specs if spec.type is FieldType.AREA), None)
        best = _best(form, spec, self._labels_of(spec)) if spec is not None else None
        return self._fact("area_m2", best) if best is not None else None

    def _sign_spec(self, name: str, field_type: FieldType) -> FieldSpec:
        known = next((spec for spec in self._scheme.field_specs if spec.name == name), None)
        if known is not None and known.type is field_type:
            return known
        names = self._scheme.kinds[0].names
        return FieldSpec(name, names, field_type, (), _ANY_CODE if field_type is FieldType.CODE else "", (), False)

    def _fact(self, name: str, found: Found) -> Fact:
        confidence = _confidence(found)
        surely = found.sureness >= 0.85 and found.lowest_confidence >= self._surely_read
        source = EvidenceSource.CHECKBOX if found.is_box else EvidenceSource.TEXT
        evidence = evidence_of(found.spans, EvidenceSource.TAUGHT if found.is_taught else source)
        return Fact(name, found.value, round(confidence, 3), surely, evidence)


def _best(
    form: Form, spec: FieldSpec, labels: Sequence[str], last: bool = False, taught: Mapping[str, float] = NOTHING_TAUGHT
) -> Found | None:
    """Return the best reading of all places; labels earlier in the list win, then earlier places (the last of one label where asked).

    `taught` says how far labels are trusted that persons taught.
    """
    read = READERS[spec.type]
    best: tuple[float, int, Found] | None = None
    for rank, place in form.at(labels):
        found = read(Look(form, spec, place, cell_text(place, form.hits)))
        if found is None:
            continue
        worth = found.sureness * place.hit.score * _LATER_LABEL**rank
        if best is None or worth > best[0] or (last and worth >= best[0] - 0.3 and rank == best[1]):
            trust = _trust(place) * taught.get(labels[rank], 1.0)
            weighed = replace(found, sureness=found.sureness * trust, is_taught=labels[rank] in taught)
            best = (worth, rank, weighed)
    return best[2] if best else None


def _trust(place: Labelled) -> float:
    """Return how far a reading at this label is trusted: less where the label itself is doubtful."""
    return 1.0 if place.hit.score >= 1.0 else 0.95 if place.hit.score >= 0.8 else 0.9


def _confidence(found: Found) -> float:
    """Return the confidence of a fact: how well it fits, and how surely its words were read."""
    if found.is_box:
        return found.sureness
    words = 0.6 * found.mean_confidence + 0.4 * found.lowest_confidence
    if isinstance(found.value, float | date | tuple) or any(sign.isdigit() for sign in str(found.value)):
        words = 0.3 * found.mean_confidence + 0.7 * found.lowest_confidence
    confidence = found.sureness * min(1.0, 0.25 + 0.85 * words)
    return max(confidence, _PROVEN) if found.is_proven else confidence


def _phones(form: Form, labels: Sequence[str]) -> tuple[str, ...]:
    found: dict[str, None] = {}
    for _, place in form.at(labels):
        match = re.match(r"[^\d]{0,3}(\d[\d -]{5,16}\d)", after(place).text)
        if match:
            found[re.sub(r"\D", "", match[1])] = None
    return tuple(found)
