"""The same paper scanned a second time: filed, linked to the first, noted, never dropped.

The journal knows which earlier records agree in kind, customer, date and number; whether the pages are alike is decided
here, from their texts. Not for equal bytes (`connector.same_bytes`).
"""

from __future__ import annotations

from dataclasses import replace

from rapidfuzz import fuzz

from connector.parts import Parts, scan_of
from connector.searching import page_text
from ingest.normalise import squeezed
from metadata.values import Description, Reason, ReasonCode, RecordEntry

ALIKE_FROM = 70.0
"""Of 100. Two scans of one page by one recogniser agree in 80 to 100; a wrong link only costs an archivist a look."""

SIGNS_COMPARED = 4000


def with_first_scan(parts: Parts, description: Description, text: str) -> Description:
    """Return the description, linked to the earliest record of the same paper where there is one."""
    for earlier in parts.journal.same_paper(description):
        if _same_length(earlier.description, description) and pages_alike(text, _earlier_text(parts, earlier)):
            first = earlier.description.second_scan_of or earlier.description.record_id
            note = Reason(ReasonCode.SECOND_SCAN, {"record": earlier.reference_code or first})
            noted = replace(description.identification, notes=(*description.identification.notes, note))
            return parts.describer.describe(replace(description, identification=noted, second_scan_of=first))
    return description


def pages_alike(one: str, other: str) -> bool:
    """Return whether two texts are readings of the same printed pages."""
    left, right = squeezed(one)[:SIGNS_COMPARED], squeezed(other)[:SIGNS_COMPARED]
    return bool(left) and bool(right) and fuzz.ratio(left, right) >= ALIKE_FROM


def _same_length(one: Description, other: Description) -> bool:
    return one.pages[1] - one.pages[0] == other.pages[1] - other.pages[0]


def _earlier_text(parts: Parts, earlier: RecordEntry) -> str:
    """Return the text of an earlier record: from the index, or from its work folder while its scan is under way."""
    said = earlier.description
    kept = page_text(parts.index.text(said.record_id))
    entry = parts.journal.scan(said.scan_id)
    if kept or entry is None or entry.kept_path is not None:
        return kept
    pages = parts.work_folder(scan_of(entry)).pages()
    return "\n".join(pages[number].text for number in range(said.pages[0], said.pages[1] + 1) if number in pages)
