"""The flat keys under which a record's values in a store are compared: one key for each thing that can be changed by itself.

Pure names. Which value a key has is the store's own business (`connector.paperless.flat`); here stands only what every reader
of an agreement must know: which name in `RecordEntry.touched` a key belongs to, and which keys are texts of several lines that
both sides write on.
"""

from __future__ import annotations

from metadata.copies import StoreValue
from metadata.values import DERIVED

TITLE = "title"
CREATED = "created"
TYPE = "type"
PATH = "path"
SEE = "see:"
CHANGE = "change:"
FIELD = "field:"
TAG = "tag:"
FACT = f"{FIELD}fact_"
CUSTOMER = f"{FIELD}customer_number"
FORMER_CUSTOMER = f"{FIELD}former_customer_number"
REVIEW_NOTE = f"{FIELD}review_note"
HELD_KEY = f"{TAG}@held"
REJECTED_KEY = f"{TAG}@rejected"

MARKS = frozenset({HELD_KEY, REJECTED_KEY})
"""Tags that say how a record stands: putting one on or taking it away is an act, and the tag follows what came of it."""

WRITTEN_TOGETHER = frozenset({REVIEW_NOTE})
"""Texts in which our lines and a person's stand side by side: ours are exchanged, theirs stay."""


_SHOWN = {TYPE: "kind", CREATED: "date", CUSTOMER: "customer_number", FORMER_CUSTOMER: "former_customer_number"}


def shown_key(key: str) -> str:
    """Return the name of a key for people and programs: a fact's own, "tag:" and a tag, our word for anything else."""
    return _SHOWN.get(key) or key.removeprefix(FACT).removeprefix(FIELD).replace("@", "")


def shown_value(value: StoreValue | None) -> StoreValue | None:
    """Return a value as it is shown: our code without the sign that marks it as ours."""
    return value.removeprefix("@") if isinstance(value, str) else value


def touched_name(key: str) -> str | None:
    """Return the name in `RecordEntry.touched` that this key belongs to, None where the record cannot hold a person's value."""
    if key == TYPE:
        return "kind"
    if key == CREATED:
        return "record_date"
    if key in (CUSTOMER, FORMER_CUSTOMER):
        return "customer_numbers"
    if key.startswith(FACT):
        return key.removeprefix(FACT)
    if key.startswith(TAG):
        return key
    name = key.removeprefix(FIELD)
    return name if name in DERIVED else None
