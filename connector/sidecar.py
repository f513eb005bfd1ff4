"""The JSON file beside each PDF of the folder store: everything said about the record, readable by a person and by a program.

Not the index and not a promise to scripts (that is `--json`), but it holds enough to rebuild both. Keys are those of
`--json` where they mean the same. Keys that somebody else added are kept; the schema number says which keys are ours.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import date
from pathlib import Path
from typing import TypeAlias

from classifiers.scheme import Scheme
from classifiers.values import Evidence, FieldValue
from connector import store_words as words
from connector.i18n import Language
from connector.reasons import say_reason
from metadata.values import Reason, Submission

SCHEMA = 1

Json: TypeAlias = "bool | int | float | str | list[Json] | dict[str, Json] | None"
Sidecar: TypeAlias = dict[str, Json]


class SidecarDamaged(Exception):
    """What stands beside the PDF is not a JSON object; a person's editor may have been there."""


def sidecar_of(submission: Submission, scheme: Scheme, language: Language) -> Sidecar:
    """Return all that is to stand beside the PDF, in the order in which a person reads it."""
    description = submission.description
    kind, category = scheme.kind(description.kind), scheme.category(description.category)
    found = description.identification
    return {
        "schema": SCHEMA,
        "record": description.record_id,
        "reference_code": submission.reference_code,
        "title": description.title,
        "summary": description.summary,
        "date": _iso(description.record_date),
        "held": words.is_held(description),
        "reasons": [_reason(reason, scheme, language) for reason in description.reasons],
        "notes": [_reason(note, scheme, language) for note in found.notes],
        "category": description.category,
        "category_name": category.names.in_language(language) if category else None,
        "kind": description.kind,
        "kind_name": kind.names.in_language(language) if kind else None,
        "kind_confidence": round(description.kind_confidence, 4),
        "customer_numbers": list(found.numbers),
        "customer_name": found.customer.name if found.customer else None,
        "customer_found": found.found_by.value if found.found_by else None,
        "customer_confidence": round(found.confidence, 4),
        "customer": _customer(submission),
        "fields": {fact.name: _value(fact.value) for fact in description.facts},
        "evidence": {fact.name: _evidence(fact.evidence) for fact in description.facts if fact.evidence},
        "retention": description.retention,
        "appraisal_date": _iso(description.appraisal_date),
        "language": description.language,
        "department": description.department,
        "tags": list(words.tags_of(description, scheme, language)),
        "second_scan_of": description.second_scan_of,
        "scan": description.original_name,
        "scan_sha256": description.scan_sha256,
        "pages": list(description.pages),
        "received_at": description.received_at.isoformat(),
        "sha256": submission.digests.sha256,
        "md5": submission.digests.md5,
    }


def filled(present: Mapping[str, Json], wanted: Sidecar) -> Sidecar:
    """Return what is present, and what was wanted only where nothing is: absent, null or empty."""
    return {**present, **{key: value for key, value in wanted.items() if present.get(key) in (None, "", [], {})}}


def amended(present: Mapping[str, Json], wanted: Sidecar) -> Sidecar:
    """Return what is wanted, and after it the keys that are not ours as they were."""
    return {**wanted, **{key: value for key, value in present.items() if key not in wanted}}


def read_sidecar(path: Path) -> Sidecar | None:
    """Return what stands beside the PDF, None where nothing does; raises SidecarDamaged, OSError."""
    try:
        found = json.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        return None
    except (UnicodeDecodeError, json.JSONDecodeError, RecursionError) as error:
        raise SidecarDamaged(str(path)) from error
    if not isinstance(found, dict):
        raise SidecarDamaged(str(path))
    return found


def as_text(sidecar: Mapping[str, Json]) -> str:
    """Return the file's text; Chinese stays Chinese."""
    return json.dumps(sidecar, ensure_ascii=False, indent=2) + "\n"


def _iso(day: date | None) -> str | None:
    return day.isoformat() if day else None


def _value(value: FieldValue) -> Json:
    if isinstance(value, date):
        return value.isoformat()
    return list(value) if isinstance(value, tuple) else value


def _reason(reason: Reason, scheme: Scheme, language: Language) -> Json:
    return {
        "code": reason.code.value,
        "sentence": say_reason(reason, language, scheme),
        "customer_numbers": list(reason.customer_numbers),
    }


def _evidence(evidence: Evidence) -> Json:
    box = evidence.box
    return {
        "page": evidence.page_number,
        "box": [round(box.left, 1), round(box.top, 1), round(box.right, 1), round(box.bottom, 1)],
        "dpi": evidence.dpi,
        "text": evidence.text,
        "source": evidence.source.value,
    }


def _customer(submission: Submission) -> Json:
    customer = submission.description.identification.customer
    if customer is None:
        return None
    return {
        "number": customer.number,
        "name": customer.name,
        "type": customer.customer_type.value,
        "area": customer.area,
        "building": customer.building,
        "room": customer.room,
        "address": customer.address,
        "trade": customer.trade,
        "scale": customer.scale,
    }
