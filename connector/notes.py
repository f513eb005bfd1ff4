"""The note beside a scan that was not filed, or is to be scanned again: a clerk has no other screen than the folder.

Not for records (those carry their reasons into the archive) and not a log: plain text, a few short lines, no code, nothing
that needs the administrator to be understood. It says what happened, what to do, and how to have it filed all the same.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from connector.i18n import Language, current_language, say, translated
from connector.reasons import say_reason, sentence_for
from ingest.interfaces import FAULT_SENTENCES, Fault
from ingest.message import N_, Message
from metadata.values import Reason, ReasonCode, ScanEntry, ScanState

NOTE_SUFFIXES: Mapping[Language, str] = {Language.ZH: ".说明.txt", Language.EN: ".note.txt"}

REJECTED = N_("{name} was not filed: it seems to be no archive document.")
REJECTED_BLANK = N_("{name} was not filed: all its pages are blank.")
REJECTED_REMEDY = N_(
    "If it is to be kept, put it back into the inbox: a scan that comes back is filed for an archivist to look at."
)
UNKNOWN = N_("{name} was not filed.")
UNKNOWN_REMEDY = N_("Show this note to the administrator.")
KEPT = N_("Nothing was lost: the scan stands beside this note.")


AGAIN = N_("{name} waits for the archivist, because it was not scanned well.")
AGAIN_REMEDY = N_(
    "If the paper is at hand, scan it again and put the new scan into the inbox; the archivist then rejects this one."
)


def note_for(scan: ScanEntry, language: Language | None = None) -> tuple[str, str]:
    """Return the text of the note for a scan that became no record, and the suffix of its name; ends with a newline."""
    spoken = language or current_language()
    what, remedy = told(scan)
    lines = [say(what, spoken), say(remedy, spoken), translated(KEPT, spoken)]
    return "\n".join(lines) + "\n", NOTE_SUFFIXES[spoken]


def note_to_scan_again(scan: ScanEntry, reasons: Sequence[Reason], language: Language | None = None) -> tuple[str, str]:
    """Return the text of the note for a scan that is filed but held for how it was scanned, and the suffix of its name."""
    spoken = language or current_language()
    what = say(Message(AGAIN, {"name": scan.original_name}), spoken)
    lines = [what, *(say_reason(reason, spoken) for reason in reasons), translated(AGAIN_REMEDY, spoken)]
    return "\n".join(lines) + "\n", NOTE_SUFFIXES[spoken]


def told(scan: ScanEntry) -> tuple[Message, Message]:
    """Return what happened to a scan that became no record, and what to do next."""
    facts = {"limit": "", **scan.reason_facts, "name": scan.original_name}
    if scan.reason_code in set(Fault):
        what, remedy = FAULT_SENTENCES[Fault(scan.reason_code)]
        return Message(what, facts), Message(remedy, facts)
    if scan.state is ScanState.REJECTED:
        what = REJECTED_BLANK if scan.reason_code == "blank" else REJECTED
        return Message(what, facts), Message(REJECTED_REMEDY, facts)
    if scan.reason_code in set(ReasonCode):
        return sentence_for(Reason(ReasonCode(scan.reason_code), facts)), Message(UNKNOWN_REMEDY)
    return Message(UNKNOWN, facts), Message(UNKNOWN_REMEDY)
