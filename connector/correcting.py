"""What a record is after a person's change: a pure decision, the same for `guidang correct` and for the sync.

Not for carrying it out (`connector.corrections`). What no person has touched is derived anew; what a person gave is never
taken back. A kind that needs a customer and has none is never filed, whoever says so.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from difflib import get_close_matches
from typing import Any

from classifiers.interfaces import INumberScheme
from classifiers.scheme import Kind, Scheme
from classifiers.values import Fact, FieldValue, FoundBy
from connector.parts import Parts
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
        ReasonCode.SIGNS_DIFFER,
        ReasonCode.NAME_DIFFERS,
        ReasonCode.OTHER_CUSTOMER_SIGNS,
        ReasonCode.NAME_SHARED,
        ReasonCode.NAME_ALONE,
        ReasonCode.ADDRESS_ALONE,
        ReasonCode.TRANSFER_INCOMPLETE,
        ReasonCode.CUSTOMER_TRANSFERRED,
    }
)


class ChangeRefused(GuidangError):
    """A person's change that cannot be made as it stands; says what is missing or wrong."""


def corrected(parts: Parts, record: RecordEntry, wanted: Change) -> tuple[Description, RecordState]:
    """Return the description after the change and the state it puts the record in. Pure but for the register."""
    said = record.description
    kind = _kind_after(parts.scheme, said.kind, wanted.kind)
    identification = said.identification
    if wanted.customer_numbers is not None:
        identification = given_customer(wanted.customer_numbers, parts.numbers, parts.register)
    touched = record.touched | wanted.touched
    derived: Mapping[str, Any] = wanted.derived  # names and types of DERIVED
    after = replace(
        said,
        **derived,
        kind=(kind.code if kind else None) if wanted.kind is not None else said.kind,
        kind_confidence=1.0 if wanted.kind is not None else said.kind_confidence,
        identification=identification,
        facts=_facts(said.facts, wanted.fields, kind, touched, parts.scheme),
        tags=_tags(said.tags, wanted),
    )
    after, state = _judged(record, wanted, after, kind)
    return parts.describer.describe(after, touched & DERIVED), state


def remaining_reasons(
    reasons: Sequence[Reason], wanted: Change, kind: Kind | None, identification: Identification
) -> tuple[Reason, ...]:
    """Return the reasons that the change leaves standing; a confirmation answers all but a kind or customer that is missing."""
    answered = set[ReasonCode]()
    if wanted.kind is not None or wanted.customer_numbers:
        answered.add(ReasonCode.CONFIRMED_TOO_EARLY)
    if wanted.kind:
        answered |= KIND_REASONS
    if wanted.customer_numbers:
        answered |= CUSTOMER_REASONS
    if kind is not None and not kind.needs_customer:
        answered.add(ReasonCode.NO_CUSTOMER)
    left = () if wanted.confirm else tuple(reason for reason in reasons if not _is_answered(reason, answered, wanted))
    if wanted.review and not left:
        left = (Reason(ReasonCode.REVIEW_ASKED),)
    if ((kind is None and wanted.confirm) or wanted.kind == "") and not any(r.code in KIND_REASONS for r in left):
        left = (*left, Reason(ReasonCode.KIND_UNSURE))
    if _lacks_customer(kind, identification) and not any(reason.code in CUSTOMER_REASONS for reason in left):
        left = (*left, Reason(ReasonCode.NO_CUSTOMER))
    return left


def _is_answered(reason: Reason, answered: set[ReasonCode], wanted: Change) -> bool:
    """Return whether the change settles this reason; a kind settles that a sheet named an unknown one, not where a batch is cut."""
    is_unknown_kind = reason.code is ReasonCode.BATCH_UNSURE and "kind" in reason.facts
    return reason.code in answered or (is_unknown_kind and bool(wanted.kind))


def _judged(
    record: RecordEntry, wanted: Change, after: Description, kind: Kind | None
) -> tuple[Description, RecordState]:
    """Return the description with the reasons that are left, and the state; raises ChangeRefused."""
    state = record.state
    if state is RecordState.REJECTED and not wanted.take_back:
        return after, state
    if wanted.reject:
        return _rejected(state, after)
    reasons = remaining_reasons(after.reasons, wanted, kind, after.identification)
    if state is RecordState.REJECTED:
        reasons = reasons or (Reason(ReasonCode.REVIEW_ASKED),)
    is_filed = state is RecordState.INDEXED and not wanted.review
    lacks_customer = _lacks_customer(kind, after.identification)
    if (wanted.confirm and (kind is None or lacks_customer)) or (is_filed and (after.kind is None or lacks_customer)):
        if not wanted.holds:
            raise _incomplete(after.record_id, kind)
        if wanted.confirm:
            reasons = (*_lack(after.reasons, reasons), Reason(ReasonCode.CONFIRMED_TOO_EARLY, _kind_fact(kind)))
    who = after.identification
    described = replace(after, reasons=reasons, identification=who if reasons else replace(who, reasons=()))
    return described, RecordState.HELD if reasons else RecordState.INDEXED


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


def _rejected(state: RecordState, after: Description) -> tuple[Description, RecordState]:
    if state is RecordState.INDEXED:
        raise _refused(
            N_("Record {record} is filed; only a held record can be rejected."),
            N_("Correct it with `guidang correct {record}`, or delete it in the archive itself."),
            record=after.record_id,
        )
    return replace(after, tags=(*(tag for tag in after.tags if tag != REJECTED), REJECTED)), RecordState.REJECTED


def _lacks_customer(kind: Kind | None, identification: Identification) -> bool:
    return kind is not None and kind.needs_customer and not identification.numbers


def _lack(before: Sequence[Reason], missing: Sequence[Reason]) -> tuple[Reason, ...]:
    """Return why a record that a person wants to confirm still waits: its own reasons of that kind, else what is missing."""
    own = tuple(reason for reason in before if reason.code in KIND_REASONS | CUSTOMER_REASONS)
    return own or tuple(missing)


def _kind_fact(kind: Kind | None) -> Mapping[str, str]:
    return {"kind": kind.code} if kind else {}


def _incomplete(record_id: RecordId, kind: Kind | None) -> ChangeRefused:
    """Return the refusal where a record without kind or customer would count as filed."""
    if kind is None:
        return _refused(
            N_("Record {record} cannot be confirmed: its kind is not known."),
            N_("Give it: `guidang correct {record} --kind KIND`."),
            record=record_id,
        )
    return _refused(
        N_("Record {record} cannot be filed: the kind {kind} needs a customer, and it has none."),
        N_("Give the customer: `guidang correct {record} --customer NUMBER`."),
        kind=kind.code,
        record=record_id,
    )


def _kind_after(scheme: Scheme, before: str | None, given: str | None) -> Kind | None:
    """Return the kind after the change; a given "" takes it away."""
    if given is None:
        return scheme.kind(before)
    return _kind(scheme, given) if given else None


def _tags(tags: Sequence[str], wanted: Change) -> tuple[str, ...]:
    gone = {*wanted.tags_removed, *((REJECTED,) if wanted.take_back else ())}
    return tuple(dict.fromkeys((*(tag for tag in tags if tag not in gone), *wanted.tags_added)))


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
