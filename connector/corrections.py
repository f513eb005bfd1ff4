"""What a person changes on a record: the one code path for `guidang correct | confirm | reject` and for the sync.

`corrected` decides, purely; `change` acts. The journal is written first, in one transaction, with the mark that the store has
not been told yet; then store and index are brought to it, and the mark goes. Killed midway, `finish` does the rest at the next
start: every step may be repeated. What no person has touched is derived anew; what a person gave is never taken back.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from difflib import get_close_matches
from pathlib import Path

from classifiers.interfaces import INumberScheme
from classifiers.scheme import Kind, Scheme
from classifiers.values import Fact, FieldValue, FoundBy
from connector.events import RecordCorrected
from connector.interfaces import OutcomeUnknown, StoreUnreachable
from connector.parts import Parts
from connector.searching import page_text, searchable
from connector.store_words import REJECTED
from ingest.message import N_, GuidangError, Message
from metadata.interfaces import IRegister
from metadata.values import (
    DERIVED,
    Change,
    CustomerNumber,
    Description,
    Identification,
    Reason,
    ReasonCode,
    RecordEntry,
    RecordId,
    RecordState,
    Submission,
)

KIND_REASONS = frozenset({ReasonCode.KIND_UNSURE, ReasonCode.NO_ARCHIVE_DOCUMENT})
CUSTOMER_REASONS = frozenset(
    {
        ReasonCode.NO_CUSTOMER,
        ReasonCode.NUMBER_CHECK_FAILS,
        ReasonCode.NUMBER_UNREGISTERED,
        ReasonCode.NUMBER_DOUBTFUL,
        ReasonCode.NUMBERS_RIVAL,
        ReasonCode.SIGNS_UNREADABLE,
        ReasonCode.NAME_DIFFERS,
        ReasonCode.OTHER_CUSTOMER_SIGNS,
        ReasonCode.NAME_SHARED,
        ReasonCode.NAME_ALONE,
        ReasonCode.ADDRESS_ALONE,
        ReasonCode.TRANSFER_INCOMPLETE,
        ReasonCode.CUSTOMER_TRANSFERRED,
    }
)
STORED = frozenset({RecordState.INDEXED, RecordState.HELD, RecordState.REJECTED})


class ChangeRefused(GuidangError):
    """A person's change that cannot be made as it stands; says what is missing or wrong."""


class ChangeWaits(GuidangError):
    """The change is written down; the store is away and will be told when it can be reached again."""


def change(parts: Parts, record: RecordEntry, wanted: Change) -> RecordEntry:
    """Carry out a person's change; return the record as it stands then. Raises ChangeRefused, ChangeWaits."""
    record_id = record.description.record_id
    if record.state not in STORED:
        raise _refused(
            N_("Record {record} is still on its way into the archive."),
            N_("Try again when `guidang show {record}` says INDEXED or HELD."),
            record=record_id,
        )
    description, state = corrected(parts, record, wanted)
    parts.journal.change(record_id, wanted, description, state)
    parts.events.send(RecordCorrected(record_id))
    try:
        return finish(parts, record_id)
    except (StoreUnreachable, OutcomeUnknown) as away:
        raise ChangeWaits(
            Message(N_("Record {record} is changed, but the archive is away."), {"record": record_id}),
            Message(N_("Nothing more to do: `guidang run` tells the archive when it can be reached again.")),
        ) from away


def finish(parts: Parts, record_id: RecordId) -> RecordEntry:
    """Bring store and index to what the journal says of a changed record; return the record. May be repeated."""
    record = parts.journal.find_record(record_id)
    if record.store_id is not None and record.digests is not None:
        code = None if record.state is RecordState.HELD else record.reference_code
        # The bytes stay, so there is nothing at pdf_path; no store reads it when it amends.
        parts.store.amend(record.store_id, Submission(record.description, code, Path(), record.digests))
    pages = page_text(parts.index.text(record_id))
    parts.index.put(record_id, searchable(record, pages))
    parts.journal.amended(record_id)
    return record


def corrected(parts: Parts, record: RecordEntry, wanted: Change) -> tuple[Description, RecordState]:
    """Return the description after the change and the state it puts the record in. Pure but for the register."""
    said = record.description
    if wanted.reject:
        return _rejected(record)
    kind = _kind(parts.scheme, wanted.kind) if wanted.kind is not None else parts.scheme.kind(said.kind)
    identification = said.identification
    if wanted.customer_numbers is not None:
        identification = given_customer(wanted.customer_numbers, parts.numbers, parts.register)
    reasons = remaining_reasons(said.reasons, wanted, kind, identification)
    after = replace(
        said,
        kind=kind.code if kind else None,
        kind_confidence=1.0 if wanted.kind is not None else said.kind_confidence,
        identification=replace(identification, reasons=()) if not reasons else identification,
        facts=_facts(said.facts, wanted.fields, kind, record.touched, parts.scheme),
        reasons=reasons,
    )
    if wanted.confirm or record.state is not RecordState.HELD:
        _check_complete(after, kind)
    return parts.describer.describe(after, record.touched & DERIVED), _state(record, after)


def remaining_reasons(
    reasons: Sequence[Reason], wanted: Change, kind: Kind | None, identification: Identification
) -> tuple[Reason, ...]:
    """Return the reasons that the change leaves standing; a confirmation answers all of them."""
    if wanted.confirm:
        return ()
    answered = set[ReasonCode]()
    if wanted.kind is not None:
        answered |= KIND_REASONS | {ReasonCode.BATCH_UNSURE}
    if wanted.customer_numbers:
        answered |= CUSTOMER_REASONS
    if kind is not None and not kind.needs_customer:
        answered.add(ReasonCode.NO_CUSTOMER)
    left = tuple(reason for reason in reasons if reason.code not in answered)
    lacks_customer = kind is not None and kind.needs_customer and not identification.numbers
    if lacks_customer and not any(reason.code in CUSTOMER_REASONS for reason in left):
        return (*left, Reason(ReasonCode.NO_CUSTOMER))
    return left


def given_customer(numbers: Sequence[str], scheme: INumberScheme, register: IRegister) -> Identification:
    """Return what a person typed, kept whatever the check says, and flagged where check or register do not confirm it."""
    normal = tuple(CustomerNumber(scheme.normal(number) or number.strip()) for number in numbers)
    unchecked = tuple(
        Reason(ReasonCode.GIVEN_NUMBER_UNCHECKED, {"number": number})
        for number in normal
        if not scheme.is_valid(number) or register.by_number(number) is None
    )
    customer = register.by_number(normal[-1]) if normal else None
    return Identification(
        normal, FoundBy.GIVEN if normal else None, 1.0 if normal else 0.0, customer, (), unchecked, None
    )


def _rejected(record: RecordEntry) -> tuple[Description, RecordState]:
    if record.state is RecordState.INDEXED:
        raise _refused(
            N_("Record {record} is filed; only a held record can be rejected."),
            N_("Correct it with `guidang correct {record}`, or delete it in the archive itself."),
            record=record.description.record_id,
        )
    said = record.description
    return replace(said, tags=(*(tag for tag in said.tags if tag != REJECTED), REJECTED)), RecordState.REJECTED


def _state(record: RecordEntry, after: Description) -> RecordState:
    if record.state is RecordState.HELD:
        return RecordState.HELD if after.reasons else RecordState.INDEXED
    return record.state


def _check_complete(after: Description, kind: Kind | None) -> None:
    """Raise ChangeRefused where a record without kind or customer would count as filed."""
    facts = {"record": after.record_id}
    if kind is None:
        raise _refused(
            N_("Record {record} cannot be confirmed: its kind is not known."),
            N_("Give it: `guidang correct {record} --kind KIND`."),
            **facts,
        )
    if kind.needs_customer and not after.identification.numbers:
        raise _refused(
            N_("Record {record} cannot be filed: the kind {kind} needs a customer, and it has none."),
            N_("Give the customer: `guidang correct {record} --customer NUMBER`."),
            kind=kind.code,
            **facts,
        )


def _kind(scheme: Scheme, code: str) -> Kind:
    found = scheme.kind(code)
    if found is None:
        raise _unknown(N_('There is no kind "{name}" in the scheme.'), code, [kind.code for kind in scheme.kinds])
    return found


def _facts(
    facts: Sequence[Fact],
    given: Mapping[str, FieldValue | None],
    kind: Kind | None,
    touched: frozenset[str],
    scheme: Scheme,
) -> tuple[Fact, ...]:
    """Return the facts that the kind has or a person gave, then what is given now; None takes a fact away."""
    known = [spec.name for spec in scheme.field_specs]
    for name in given:
        if name not in known:
            raise _unknown(N_('There is no field "{name}" in the scheme.'), name, known)
    kept = tuple(
        fact
        for fact in facts
        if fact.name not in given and (kind is None or kind.field(fact.name) or fact.name in touched)
    )
    return (*kept, *(Fact(name, value, 1.0, True, None) for name, value in given.items() if value is not None))


def _unknown(template: str, name: str, known: Sequence[str]) -> ChangeRefused:
    near = get_close_matches(name, known, n=1, cutoff=0.6)
    if near:
        remedy = Message(N_('Did you mean "{near}"?'), {"near": near[0]})
    else:
        remedy = Message(N_("Write one of: {known}."), {"known": ", ".join(known)})
    return ChangeRefused(Message(template, {"name": name}), remedy)


def _refused(what: str, remedy: str, **facts: str) -> ChangeRefused:
    return ChangeRefused(Message(what, facts), Message(remedy, facts))
