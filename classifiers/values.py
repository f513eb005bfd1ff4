"""Guesses about one record, each with its evidence: the kind, candidate numbers, facts."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum

from ingest.values import Box, PageText


class EvidenceSource(StrEnum):
    """Who said so."""

    TEXT = "text"
    BARCODE = "barcode"
    CHECKBOX = "checkbox"
    TAUGHT = "taught"  # text under a label that was learned from what persons said of facts


@dataclass(frozen=True, slots=True)
class Evidence:
    """Where something was seen. `page_number` counts from 1 in the *record*; `text` as read, before any repair."""

    page_number: int
    box: Box
    dpi: float
    text: str
    source: EvidenceSource


@dataclass(frozen=True, slots=True)
class RecordText:
    """The pages of one record, in order, at least one; `pages[i]` is page i + 1 of the record's stored PDF."""

    pages: tuple[PageText, ...]

    @property
    def text(self) -> str:
        """Return the text of all pages, joined by newlines."""
        return "\n".join(page.text for page in self.pages)


@dataclass(frozen=True, slots=True)
class Beginning:
    """How sure it is that a record begins with this page of the scan (from 1): 1.0 surely, 0.0 surely not."""

    page_number: int
    confidence: float


class Verdict(StrEnum):
    """What classification came to."""

    KIND = "kind"  # one kind of the scheme, as sure as the confidence says
    NONE_OF_THEM = "none_of_them"  # surely no archive document
    UNSURE = "unsure"  # no kind stands out, and it cannot be ruled out either


@dataclass(frozen=True, slots=True)
class Rival:
    """Another kind that could be meant."""

    kind: str
    confidence: float


@dataclass(frozen=True, slots=True)
class Classification:
    """The kind of a record. `kind` is a code of the scheme; None exactly where the verdict is not KIND."""

    verdict: Verdict
    kind: str | None
    confidence: float
    said_by: str
    evidence: tuple[Evidence, ...]
    rivals: tuple[Rival, ...]


@dataclass(frozen=True, slots=True)
class TaughtLabel:
    """A label that persons taught for a field of a kind; how many records speak for it and against it, and how far it is trusted.

    `trust` is 0.0 where it does not count (any more); `is_own` = this kind's own records taught it.
    """

    kind: str
    field: str
    label: str
    records: float
    against: float
    trust: float
    is_own: bool


@dataclass(frozen=True)
class TaughtLabels:
    """What was learned of labels up to now. Never changes."""

    by_field: Mapping[tuple[str, str], tuple[TaughtLabel, ...]] = field(default_factory=dict)

    def of(self, kind: str, name: str) -> tuple[TaughtLabel, ...]:
        """Return the labels that count for a field of a kind, the most trusted first."""
        return self.by_field.get((kind, name), ())

    @property
    def labels(self) -> tuple[str, ...]:
        """Return every label that counts somewhere, once."""
        return tuple(dict.fromkeys(one.label for labels in self.by_field.values() for one in labels))


class FoundBy(StrEnum):
    """How the customer was found; the words of the JSON contract."""

    PRINTED = "printed"
    BARCODE = "barcode"
    HANDWRITTEN = "handwritten"
    REGISTER = "register"
    REPAIRED = "repaired"
    GIVEN = "given"


class NumberRole(StrEnum):
    """Whose number it is; OLD and NEW only on forms that carry two customers."""

    CUSTOMER = "customer"
    OLD = "old"
    NEW = "new"


@dataclass(frozen=True, slots=True)
class Reading:
    """One opinion of the image on what stands there, normalised (no blanks, hyphens), and how sure."""

    text: str
    confidence: float
    said_by: str


@dataclass(frozen=True, slots=True)
class NumberCandidate:
    """Something that may be a customer number: its readings, best first, never empty; what form it has, and where it stands.

    `form` is the number form's name, None where no reading fits one. `labelled` = stands beside one of the scheme's labels.
    `is_valid` = the best reading fits the form and its check. `surely_read` = high confidence in every sign, and no second
    reading that differs. `doubtful` = the places (index from 0 in the best reading) where a sign is not surely read.
    """

    readings: tuple[Reading, ...]
    form: str | None
    is_valid: bool
    surely_read: bool
    doubtful: tuple[int, ...]
    labelled: bool
    role: NumberRole
    found_by: FoundBy
    evidence: Evidence

    @property
    def number(self) -> str:
        """Return the best reading."""
        return self.readings[0].text


@dataclass(frozen=True, slots=True)
class RereadRequest:
    """A place where a number should stand (label seen, or signs doubtful) and a second look is worth its time."""

    page_number: int  # in the record
    box: Box
    role: NumberRole
    label: str


FieldValue = str | float | bool | date | tuple[float, ...]


@dataclass(frozen=True, slots=True)
class ToldFact:
    """A fact of a record for which a person stands. `value` None: they took it away. `is_given`: they said it, not only let it stand."""

    name: str
    value: FieldValue | None
    is_given: bool


@dataclass(frozen=True, slots=True)
class Example:
    """What a person said of a record's kind: `key` is the record's id, `kind` None where it is none of them, `text` as read.

    `facts` are those for which they stand, `names` what the record has of its customer: neither is ever a label.
    """

    key: str
    kind: str | None
    text: str
    facts: tuple[ToldFact, ...] = ()
    names: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Fact:
    """A named, typed value found on the page. `surely_read` as for numbers; `evidence` None only for given facts."""

    name: str
    value: FieldValue
    confidence: float
    surely_read: bool
    evidence: Evidence | None


@dataclass(frozen=True, slots=True)
class CustomerSigns:
    """What the page says of its customer besides the number; used to agree or contradict. Absent ones are None.

    On a form with two customers `old_name` and `new_name` stand beside; `name` is then the new one's. A heated area only ever
    confirms: flats of one size are many, and an area may be measured anew. `loose_names` are words that may be a name, given only
    where no label led to one: they count for nothing until the register knows one of them.
    """

    name: Fact | None = None
    address: Fact | None = None
    contract_no: Fact | None = None
    meter_no: Fact | None = None
    old_name: Fact | None = None
    new_name: Fact | None = None
    phones: tuple[str, ...] = ()
    area_m2: Fact | None = None
    loose_names: tuple[Fact, ...] = ()


@dataclass(frozen=True, slots=True)
class Findings:
    """All that was found on a record of a known or supposed kind."""

    facts: tuple[Fact, ...]
    signs: CustomerSigns
    numbers: tuple[NumberCandidate, ...]
    rereads: tuple[RereadRequest, ...] = field(default=())
