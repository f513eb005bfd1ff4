"""From the pages of one record to its description: classify, look twice at doubtful numbers, find facts, identify, describe.

Given values win over guesses everywhere. Not for deciding who the customer is (`metadata.identify`) or what the kind is
(`connector.kinds`); not for the journal or the store: whatever happens here can be done again.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from classifiers.values import (
    Classification,
    CustomerSigns,
    Fact,
    NumberCandidate,
    Reading,
    RecordText,
    RereadRequest,
    Verdict,
)
from connector.kinds import KindDecision, decide_kind
from connector.page_language import guessed_language
from connector.parts import Parts
from connector.same_bytes import Anew
from ingest.values import CutRange, PageText, Scan
from metadata.values import Description, Given, Identification, Reason, ReasonCode, RecordId

MAX_REREADS = 6
"""Second looks a record; each costs the start of a recogniser."""


@dataclass(frozen=True, slots=True)
class RecordPart:
    """One record to be: its number in the scan from 1, its pages, what was given, and whether it is all of the scan.

    `doubts` hold it whatever is found on its pages.
    """

    number: int
    first: int
    last: int
    text: RecordText
    given: Given
    is_whole_scan: bool
    doubts: tuple[Reason, ...] = ()


def parts_of(
    ranges: Sequence[CutRange], pages: Mapping[int, PageText], given: Given, doubts: tuple[Reason, ...] = ()
) -> tuple[RecordPart, ...]:
    """Return the records to be, in page order; a separator sheet's word wins over the inbox's."""
    return tuple(
        RecordPart(
            number=number,
            first=cut.first,
            last=cut.last,
            text=RecordText(tuple(pages[page] for page in range(cut.first, cut.last + 1))),
            given=given_by_sheet(given, cut.given),
            is_whole_scan=len(ranges) == 1,
            doubts=doubts,
        )
        for number, cut in enumerate(ranges, start=1)
    )


def given_by_sheet(given: Given, said: Sequence[tuple[str, str]]) -> Given:
    """Return what the inbox gave, with what the separator sheet said on top; tags add up."""
    sheet = dict(said)
    return replace(
        given,
        kind=sheet.get("kind") or given.kind,
        language=sheet.get("language") or given.language,
        department=sheet.get("department") or given.department,
        tags=tuple(dict.fromkeys((*given.tags, *(value for key, value in said if key == "tag")))),
        customer_numbers=(sheet["customer"],) if sheet.get("customer") else given.customer_numbers,
    )


@dataclass(frozen=True, slots=True)
class Found:
    """All that was found on a record, and on what its description rests. `signs` and `numbers` also where they lead to nobody."""

    classification: Classification
    kind: KindDecision
    numbers: tuple[NumberCandidate, ...]
    signs: CustomerSigns
    facts: tuple[Fact, ...]
    identification: Identification


def describe(parts: Parts, scan: Scan, record: RecordPart, before: Anew) -> Description | None:
    """Return the record's description, None where the whole scan is surely no archive document. Raises ScanUnreadable."""
    may_reject = record.is_whole_scan and not record.doubts and not before.came_back and not before.deleted_before
    found = find(parts, scan, record, may_reject=may_reject)
    if found is None:
        return None
    deleted = (Reason(ReasonCode.DELETED_BEFORE),) if before.deleted_before else ()
    return described(parts, scan, record, found, deleted)


def find(parts: Parts, scan: Scan, record: RecordPart, *, may_reject: bool, has_image: bool = True) -> Found | None:
    """Return all that is found on the record, None where it is to be rejected; without an image no second look. Raises ScanUnreadable."""
    said = _classify(parts, record)
    kind = decide_kind(said, record.given.kind, parts.scheme, parts.thresholds, may_reject=may_reject)
    if kind.rejected:
        return None
    numbers = read_numbers(parts, scan, record.text) if has_image else parts.numbers.candidates(record.text)
    signs = parts.extractor.signs(record.text, kind.kind)
    identification = identify(parts, kind.kind, numbers, signs, record.given)
    if len(record.text.pages) > 1:
        by_page = tuple(parts.extractor.signs(RecordText((page,)), kind.kind) for page in record.text.pages)
        identification = parts.identifier.on_every_page(identification, numbers, by_page)
    facts = parts.identifier.believed(kind.kind, _facts(parts, record, kind.kind), signs, identification)
    return Found(said, kind, numbers, signs, facts, identification)


def described(
    parts: Parts, scan: Scan, record: RecordPart, found: Found, doubts: tuple[Reason, ...] = ()
) -> Description:
    """Return the description that rests on what was found; `doubts` hold it beside what was found doubtful."""
    reasons = (*record.doubts, *found.kind.reasons, *doubts, *found.identification.reasons)
    return parts.describer.describe(_undescribed(scan, record, found.kind, found.identification, found.facts, reasons))


def identify(
    parts: Parts, kind: str | None, numbers: tuple[NumberCandidate, ...], signs: CustomerSigns, given: Given
) -> Identification:
    """Return the customer by the table of the archive policy; a kind that needs one and has none always has a reason."""
    found = parts.identifier.identify(kind, numbers, signs, given.customer_numbers)
    wanted = parts.scheme.kind(kind)
    if wanted is not None and not wanted.needs_customer:
        return replace(found, reasons=tuple(r for r in found.reasons if r.code is not ReasonCode.NO_CUSTOMER))
    if not found.numbers and not found.reasons:
        return replace(found, reasons=(Reason(ReasonCode.NO_CUSTOMER),))
    return found


def read_numbers(parts: Parts, scan: Scan, text: RecordText) -> tuple[NumberCandidate, ...]:
    """Return what may be customer numbers, after a second, number-only look at the places where that decides something."""
    requests = parts.numbers.rereads(text)[:MAX_REREADS]
    looks: list[tuple[RereadRequest, Reading]] = []
    for request in requests:
        page = text.pages[request.page_number - 1]
        found = parts.reader.read_number(scan, page, request.box)
        looks += [(request, Reading(look.text, look.confidence, "second look")) for look in found]
    return parts.numbers.candidates(text, tuple(looks))


def _classify(parts: Parts, record: RecordPart) -> Classification:
    if record.given.kind and parts.scheme.kind(record.given.kind):
        return Classification(Verdict.KIND, record.given.kind, 1.0, "given", (), ())
    return parts.classifier.classify(record.text)


def _facts(parts: Parts, record: RecordPart, kind: str | None) -> tuple[Fact, ...]:
    found = parts.extractor.facts(record.text, kind) if kind else ()
    given = tuple(Fact(name, value, 1.0, True, None) for name, value in record.given.fields.items())
    return (*(fact for fact in found if fact.name not in record.given.fields), *given)


def _undescribed(  # noqa: PLR0917 - a value put together from all that was found
    scan: Scan,
    record: RecordPart,
    kind: KindDecision,
    identification: Identification,
    facts: tuple[Fact, ...],
    reasons: tuple[Reason, ...],
) -> Description:
    """Return the description with everything that the describer derives still empty."""
    return Description(
        record_id=RecordId(f"{scan.scan_id}-{record.number}"),
        scan_id=scan.scan_id,
        scan_sha256=scan.sha256,
        original_name=scan.original_name,
        pages=(record.first, record.last),
        category=None,
        kind=kind.kind,
        kind_confidence=kind.confidence,
        identification=identification,
        facts=facts,
        title="",
        record_date=None,
        summary="",
        retention=None,
        appraisal_date=None,
        language=record.given.language or guessed_language(record.text.text),
        department=record.given.department,
        tags=record.given.tags,
        reasons=reasons,
        second_scan_of=None,
        received_at=scan.received_at,
    )
