"""Which moves of scans and records are allowed: tables of data, read by the journal and drawn in the docs.

Not for carrying a move out (that is `metadata.journal`). They stand here as data so that the journal, the tests and the
picture of the journey in the docs can never tell three different stories.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from ingest.message import N_, Message
from metadata.interfaces import MoveNotAllowed
from metadata.values import RecordState, ScanState


class Mover(StrEnum):
    """Who may make a move."""

    ITSELF = "itself"
    PERSON = "person"


@dataclass(frozen=True, slots=True)
class Move:
    """One allowed move; `before` None is the beginning. `why` is a word or two for the diagram, in English."""

    before: ScanState | RecordState | None
    after: ScanState | RecordState
    by: Mover
    why: str


SCAN_MOVES: tuple[Move, ...] = (
    Move(None, ScanState.RECEIVED, Mover.ITSELF, "claimed"),
    Move(ScanState.RECEIVED, ScanState.READ, Mover.ITSELF, "pages read, cut into records"),
    Move(ScanState.RECEIVED, ScanState.QUARANTINED, Mover.ITSELF, "cannot be read"),
    Move(ScanState.RECEIVED, ScanState.REJECTED, Mover.ITSELF, "surely no archive document"),
    Move(ScanState.RECEIVED, ScanState.DUPLICATE, Mover.ITSELF, "same bytes as before"),
    Move(ScanState.READ, ScanState.CLOSED, Mover.ITSELF, "every record stands in the store"),
)

RECORD_MOVES: tuple[Move, ...] = (
    Move(None, RecordState.DESCRIBED, Mover.ITSELF, "described"),
    Move(RecordState.DESCRIBED, RecordState.DESCRIBED, Mover.ITSELF, "must be held"),
    Move(RecordState.DESCRIBED, RecordState.SUBMITTED, Mover.ITSELF, "bytes fixed, about to be sent"),
    Move(RecordState.SUBMITTED, RecordState.DESCRIBED, Mover.ITSELF, "refused by the store, must be held"),
    Move(RecordState.SUBMITTED, RecordState.INDEXED, Mover.ITSELF, "read back, filed"),
    Move(RecordState.SUBMITTED, RecordState.HELD, Mover.ITSELF, "read back, waits for a person"),
    Move(RecordState.HELD, RecordState.HELD, Mover.PERSON, "corrected, still open"),
    Move(RecordState.HELD, RecordState.INDEXED, Mover.PERSON, "confirmed or corrected"),
    Move(RecordState.HELD, RecordState.REJECTED, Mover.PERSON, "does not belong here"),
    Move(RecordState.INDEXED, RecordState.INDEXED, Mover.PERSON, "corrected"),
    Move(RecordState.INDEXED, RecordState.HELD, Mover.PERSON, "to be looked at again"),
    Move(RecordState.REJECTED, RecordState.REJECTED, Mover.PERSON, "corrected"),
    Move(RecordState.REJECTED, RecordState.HELD, Mover.PERSON, "does belong here"),
)

SCAN_ENDS = frozenset({ScanState.CLOSED, ScanState.QUARANTINED, ScanState.DUPLICATE, ScanState.REJECTED})
"""Where a scan comes to rest."""

RECORD_WAITING = frozenset({RecordState.DESCRIBED, RecordState.SUBMITTED, RecordState.HELD})
"""Records somebody still has to do something about: we, or a person."""

RECORD_STORED = frozenset({RecordState.INDEXED, RecordState.HELD, RecordState.REJECTED})
"""Records that stand in the store, read back once; a scan is closed when all of its records are here."""

RECORD_ENDS = RECORD_STORED - RECORD_WAITING
"""Where a record comes to rest, until a person changes it."""


def is_allowed(before: ScanState | RecordState | None, after: ScanState | RecordState, by: Mover) -> bool:
    """Return whether the tables have this move. Scan and record states of one name are told apart by their type."""
    return any(
        move.before is before and move.after is after and move.by is by
        for move in (SCAN_MOVES if isinstance(after, ScanState) else RECORD_MOVES)
    )


def check(
    subject: str, before: ScanState | RecordState | None, after: ScanState | RecordState, by: Mover = Mover.ITSELF
) -> None:
    """Return if the move is allowed; raises MoveNotAllowed that names the subject (an id) and both states."""
    if not is_allowed(before, after, by):
        raise not_allowed(subject, before, after)


def not_allowed(subject: str, before: ScanState | RecordState | None, after: ScanState | RecordState) -> MoveNotAllowed:
    """Return the error for a move that may not be made."""
    facts = {"subject": subject, "before": before.value if before else "-", "after": after.value}
    return MoveNotAllowed(
        Message(N_("Cannot bring {subject} from {before} to {after}: the states do not allow it."), facts),
        Message(N_("Look at it with “guidang show”; another guidang may be running on the same archive."), {}),
    )


def diagram() -> str:
    """Return both tables as one Mermaid state diagram; moves by a person are marked with their name."""
    lines = ["stateDiagram-v2"]
    for title, prefix, moves in (("Scan", "scan", SCAN_MOVES), ("Record", "record", RECORD_MOVES)):
        lines.append(f"    state {title} {{")
        names = dict.fromkeys(move.after.value for move in moves)
        lines += [f'        state "{name}" as {prefix}_{name}' for name in names]
        lines += [f"        {_arrow(move, prefix)}" for move in moves]
        ends = SCAN_ENDS if moves is SCAN_MOVES else RECORD_ENDS
        lines += [f"        {prefix}_{name} --> [*]" for name in names if any(name == end.value for end in ends)]
        lines.append("    }")
    return "\n".join(lines) + "\n"


def _arrow(move: Move, prefix: str) -> str:
    before = f"{prefix}_{move.before.value}" if move.before else "[*]"
    by = " (a person)" if move.by is Mover.PERSON else ""
    return f"{before} --> {prefix}_{move.after.value}: {move.why}{by}"
