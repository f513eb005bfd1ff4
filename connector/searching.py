"""The words under which a record is found: what is said about it, then the text of its pages. Pure."""

from __future__ import annotations

from metadata.values import RecordEntry

_PAGES_FOLLOW = "\f"


def searchable(record: RecordEntry, pages: str) -> str:
    """Return the text to index; corrections change the upper part only."""
    said = record.description
    customer = said.identification.customer
    words = (
        said.title,
        record.reference_code or "",
        *said.identification.numbers,
        customer.name if customer else "",
        customer.address if customer else "",
        *(fact.value for fact in said.facts if isinstance(fact.value, str)),
        *said.tags,
        said.original_name,
    )
    return "\n".join(word for word in words if word) + _PAGES_FOLLOW + pages


def page_text(indexed: str) -> str:
    """Return the text of the pages from an indexed text."""
    return indexed.partition(_PAGES_FOLLOW)[2]
