"""The flat keys under which a record's values in a store are compared: one key for each thing that can be changed by itself.

Pure names. Which value a key has is the store's own business (`connector.paperless.flat`); here stands only what every reader
of an agreement must know: which name in `RecordEntry.touched` a key belongs to, and which keys are texts of several lines that
both sides write on.
"""

from __future__ import annotations

from metadata.values import DERIVED

TITLE = "title"
CREATED = "created"
TYPE = "type"
FIELD = "field:"
TAG = "tag:"
FACT = f"{FIELD}fact_"
CUSTOMER = f"{FIELD}customer_number"
FORMER_CUSTOMER = f"{FIELD}former_customer_number"
REVIEW_NOTE = f"{FIELD}review_note"

WRITTEN_TOGETHER = frozenset({REVIEW_NOTE})
"""Texts in which our lines and a person's stand side by side: ours are exchanged, theirs stay."""


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
