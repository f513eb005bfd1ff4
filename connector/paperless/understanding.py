"""What a person's changes on a document mean for the record: from the server's values to a `Change`. Pure.

Tags that say how a record stands are acts: taking 待核验 away confirms, putting it on asks for another look, 退回 rejects. What
the record has no place for (the customer's name, a foreign type) is noted: it stays in the archive, and in the journal.
"""

from __future__ import annotations

import math
import re
from collections.abc import Mapping
from datetime import date
from typing import Any

from classifiers.scheme import FieldSpec, FieldType, Retention, Scheme
from classifiers.values import FieldValue
from connector.interfaces import Difference
from connector.paperless.fields import Own
from connector.paperless.vocabulary import MEANT, code_of
from connector.store_keys import (
    CREATED,
    CUSTOMER,
    FACT,
    FIELD,
    FORMER_CUSTOMER,
    HELD_KEY,
    REJECTED_KEY,
    TAG,
    TITLE,
    TYPE,
    shown_key,
    shown_value,
)
from metadata.copies import StoreValue, Values
from metadata.values import Change, RecordEntry, RecordState

_MONEY = re.compile(r"[A-Z]{0,3}(-?\d+(?:\.\d+)?)")


def understood(scheme: Scheme, record: RecordEntry, changed: Mapping[str, Difference], values: Values) -> Change:
    """Return the change; `values` is all that stands there."""
    found: dict[str, Any] = {
        "fields": {},
        "derived": {},
        "tags_added": (),
        "tags_removed": (),
        "noted": {},
    }
    for key, (before, after) in changed.items():
        if not _take(found, scheme, record, key, after):
            found["noted"][shown_key(key)] = (shown_value(before), shown_value(after))
    if CUSTOMER in changed or FORMER_CUSTOMER in changed:
        found["customer_numbers"] = _numbers(values)
    return Change(**found)


def _take(found: dict[str, Any], scheme: Scheme, record: RecordEntry, key: str, after: StoreValue | None) -> bool:
    """Put what the key means into the change; return False where the record has no place for it."""
    if key in (CUSTOMER, FORMER_CUSTOMER):
        return True
    if key in (HELD_KEY, REJECTED_KEY):
        return _take_act(found, record, key, is_on=after is not None)
    if key == TYPE:
        return _take_kind(found, scheme, after)
    if key.startswith(FACT):
        return _take_fact(found, scheme, key.removeprefix(FACT), after)
    if key.startswith(TAG):
        return _take_tag(found, record, key.removeprefix(TAG), is_on=after is not None)
    name, value = _derived(key, after)
    if name:
        found["derived"][name] = value
    return bool(name)


def _take_act(found: dict[str, Any], record: RecordEntry, key: str, *, is_on: bool) -> bool:
    act = {
        (HELD_KEY, False, RecordState.HELD): "confirm",
        (HELD_KEY, True, RecordState.INDEXED): "review",
        (REJECTED_KEY, True, RecordState.HELD): "reject",
        (REJECTED_KEY, True, RecordState.INDEXED): "reject",
        (REJECTED_KEY, False, RecordState.REJECTED): "take_back",
    }.get((key, is_on, record.state))
    if act is None:
        return False
    found[act] = True
    return True


def _take_kind(found: dict[str, Any], scheme: Scheme, after: StoreValue | None) -> bool:
    if after is None:
        found["kind"] = ""
        return True
    code = code_of(str(after))
    if code is None or scheme.kind(code) is None:
        return False
    found["kind"] = code
    return True


def _take_fact(found: dict[str, Any], scheme: Scheme, name: str, after: StoreValue | None) -> bool:
    spec = next((spec for spec in scheme.field_specs if spec.name == name), None)
    if spec is None:
        return False
    found["fields"][name] = None if after is None else field_value(spec, after)
    return True


def _take_tag(found: dict[str, Any], record: RecordEntry, name: str, *, is_on: bool) -> bool:
    """Take over a tag of a person's own; ours follow from other values, so that only the archive can be without one."""
    if name.startswith(MEANT) or (not is_on and name not in record.description.tags):
        return False
    found["tags_added" if is_on else "tags_removed"] += (name,)
    return True


def _derived(key: str, after: StoreValue | None) -> tuple[str, FieldValue | None]:
    """Return the name in DERIVED and the value, "" where the record cannot hold it."""
    if key == TITLE and after:
        return "title", str(after)
    if key == CREATED and after:
        return "record_date", _date(after)
    match key.removeprefix(FIELD):
        case Own.SUMMARY:
            return "summary", "" if after is None else str(after)
        case Own.RETENTION if after is None or after in tuple(Retention):
            return "retention", None if after is None else str(after)
        case Own.APPRAISAL_DATE:
            return "appraisal_date", None if after is None else _date(after)
        case Own.CATEGORY if after is None or code_of(str(after)):
            return "category", None if after is None else code_of(str(after))
    return "", None


def field_value(spec: FieldSpec, value: StoreValue) -> FieldValue:
    """Return the server's value as a fact's; a text that is none of the fact's type is kept as the text that it is."""
    if isinstance(value, bool):
        return value
    if isinstance(value, int | float):
        return float(value)
    if spec.type is FieldType.DATE:
        return _date(value) or value
    if spec.type is FieldType.AMOUNT:
        money = _MONEY.fullmatch(value.strip())
        return float(money[1]) if money else value
    if spec.type is FieldType.TEMPERATURES:
        return _temperatures(value)
    return value.strip()


def _date(value: StoreValue) -> date | None:
    try:
        return date.fromisoformat(str(value)[:10])
    except ValueError:
        return None


def _temperatures(value: str) -> FieldValue:
    try:
        numbers = tuple(float(part) for part in re.split(r"[,;，；、\s]+", value.strip()))
    except ValueError:
        return value.strip()
    return numbers if all(map(math.isfinite, numbers)) else value.strip()


def _numbers(values: Values) -> tuple[str, ...]:
    """Return the customer numbers that stand there, [former, present]; none where the present one was taken away."""
    present = values.get(CUSTOMER)
    if present is None:
        return ()
    return tuple(str(one).strip() for one in (values.get(FORMER_CUSTOMER), present) if one is not None)
