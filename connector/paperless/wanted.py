"""What a record's document is to look like on the server, in names: the pure step between our description and theirs.

Not for ids or for sending. A value that the server cannot hold makes the record unfit (it is then held with that reason); in
a record that is held for it already, such values are left out and named in the review note.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from classifiers.scheme import Names, Scheme
from classifiers.values import FieldValue
from connector import store_words as words
from connector.archive_order import ROOTS, branch_of
from connector.duties import AccessOfRecord, Duty, access_of
from connector.i18n import Language
from connector.paperless.fields import (
    FieldDefinition,
    Own,
    ServerValue,
    ValueUnfit,
    customer_type_label,
    fact_code,
    server_value,
)
from connector.reasons import say_reason, say_rivals
from metadata.values import Customer, CustomerType, Description, ReasonCode, Submission

MAX_TITLE_SIGNS = 127
"""A longer title is cut silently on upload and refused on change."""

LEFT_OUT = Names("未能写入的字段：{names}", "Values left out: {names}")

PAGES = Names("扫描件 {scan} 第 {pages} 页", "Page {pages} of the scan {scan}")


@dataclass(frozen=True, slots=True)
class Wanted:
    """A document in names. `fields` by our code (a select's value is its label)."""

    title: str
    created: date
    type_name: str | None
    path_name: str
    tags: frozenset[str]
    access: AccessOfRecord
    fields: Mapping[str, ServerValue]
    unfit: tuple[str, ...]


def wanted_document(
    submission: Submission,
    scheme: Scheme,
    language: Language,
    table: Mapping[str, FieldDefinition],
    duties: Sequence[Duty] = (),
) -> Wanted:
    """Return what is wanted; `unfit` names the fields whose values the server cannot hold."""
    description = submission.description
    kind = scheme.kind(description.kind)
    fields: dict[str, ServerValue] = {}
    unfit: list[str] = []
    for code, value in _values(submission, scheme, language):
        definition = table.get(code)
        if definition is None:
            continue  # a fact that the scheme no longer knows has no field
        try:
            fitting = server_value(definition, value)
        except ValueUnfit as error:
            unfit.append(str(error))
        else:
            if fitting != "":
                fields[code] = fitting
    note = _review_note(description, scheme, language, unfit)
    if note:
        fields[Own.REVIEW_NOTE.value] = note
    return Wanted(
        title=(description.title.strip() or description.original_name)[:MAX_TITLE_SIGNS].strip(),
        created=description.record_date or description.received_at.astimezone().date(),
        type_name=kind.names.in_language(language) if kind else None,
        path_name=ROOTS[branch_of(description, scheme)].in_language(language),
        tags=frozenset(words.tags_of(description, scheme, language)),
        access=access_of(description, duties, language),
        fields=fields,
        unfit=tuple(unfit),
    )


def may_leave_out(description: Description) -> bool:
    """Return whether unfit values are to be left out: the record is held because the store refused it before."""
    return any(reason.code is ReasonCode.STORE_REFUSED for reason in description.reasons)


def _values(submission: Submission, scheme: Scheme, language: Language) -> Iterator[tuple[str, FieldValue]]:
    description = submission.description
    found = description.identification
    if found.numbers:
        yield Own.CUSTOMER_NUMBER.value, found.numbers[-1]
    if len(found.numbers) > 1:
        yield Own.FORMER_CUSTOMER_NUMBER.value, found.numbers[0]
    if found.numbers and found.customer:
        yield from _customer(found.customer, language)
    if submission.reference_code:
        yield Own.REFERENCE_CODE.value, submission.reference_code
    category = scheme.category(description.category)
    if category:
        yield Own.CATEGORY.value, category.names.in_language(language)
    if description.retention:
        yield Own.RETENTION.value, description.retention
    if description.appraisal_date:
        yield Own.APPRAISAL_DATE.value, description.appraisal_date
    if description.summary:
        yield Own.SUMMARY.value, description.summary
    confidences = [description.kind_confidence, *([found.confidence] if found.numbers else [])]
    yield Own.CONFIDENCE.value, round(min(confidences), 2)
    yield Own.SCAN_SHA256.value, description.scan_sha256
    yield Own.RECORD_ID.value, description.record_id
    for fact in description.facts:
        yield fact_code(fact.name), fact.value


def _customer(customer: Customer, language: Language) -> Iterator[tuple[str, FieldValue]]:
    """Yield who the customer is and where its file stands in the archive's order; what the register leaves open is left out."""
    yield Own.CUSTOMER_NAME.value, customer.name
    yield Own.CUSTOMER_TYPE.value, customer_type_label(customer.customer_type, language)
    if customer.customer_type is CustomerType.RESIDENTIAL:
        place = {Own.DISTRICT: customer.area, Own.BUILDING: customer.building}
    else:
        place = {Own.TRADE: customer.trade, Own.SCALE: customer.scale}
    yield from ((own.value, value) for own, value in place.items() if value)


def _review_note(description: Description, scheme: Scheme, language: Language, unfit: list[str]) -> str:
    """Return the sentences that an archivist reads, one a line; "" where there is nothing to say."""
    reasons = () if words.is_rejected(description) else description.reasons
    lines: list[str] = []
    for reason in (*reasons, *description.identification.notes):
        lines += [say_reason(reason, language, scheme), *say_rivals(reason, language)]
    if reasons:
        first, last = description.pages
        pages = str(first) if first == last else f"{first}–{last}"
        lines.append(PAGES.in_language(language).format(pages=pages, scan=description.original_name))
    if unfit:
        lines.append(LEFT_OUT.in_language(language).format(names=", ".join(unfit)))
    return "\n".join(lines)
