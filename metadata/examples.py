"""What persons said of kinds and facts, read from the journal: the examples from which the archive learns.

Of each record its last word counts, and only a person's:
1. a kind that a person gave;
2. the kind of a record that a person confirmed, or whose other faults they put right: they looked at it;
3. none of them, where a person rejected a record that waited because of its kind. One rejected for another reason says nothing.
With a kind come the facts for which a person stands: those that they gave or took away, and where they confirmed the record or put
others of its faults right, those that they let stand.
A record that is taken back or waits again says nothing any more: its example comes without text. What was filed by itself and never
looked at teaches nothing, or the archive would learn its own mistakes.
Not for learning: that is `classifiers.lessons` and `classifiers.trial`.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

from sqlalchemy import Engine, RowMapping, Select, func, or_, select
from zope.interface import implementer

from classifiers.interfaces import IExamples
from classifiers.values import Example, ToldFact
from metadata.database import reading
from metadata.entry_json import customer_from_json, fact_from_columns, reasons_from_json
from metadata.tables import moves, record_facts, record_texts, records
from metadata.values import DERIVED, TAG, DecidedBy, ReasonCode, RecordState

AT_ONCE = 300
_LATE_MOVES = 1_000
_MOST_CURSORS = 16

_PERSONS_WORDS = ("corrected", "confirmed", "rejected", "taken back", "to be looked at again")
"""In the audit log's reason of every move by which a person decides (`metadata.record_moves`)."""

_NO_FACTS = DERIVED | {"kind", "customer_numbers"}
"""What a person may have touched besides facts and tags."""

_BY_KIND = frozenset({ReasonCode.KIND_UNSURE, ReasonCode.NO_ARCHIVE_DOCUMENT})


@implementer(IExamples)
class ArchiveExamples:
    """The examples of one archive; `pages_of` takes the text of the pages out of an indexed text."""

    def __init__(self, engine: Engine, pages_of: Callable[[str], str]) -> None:
        self._engine = engine
        self._pages_of = pages_of
        self._seen: dict[int, int] = {}

    def since(self, cursor: int) -> tuple[int, tuple[Example, ...]]:
        """Return examples given after this cursor (0 = from the first), oldest first, and the cursor to ask with next.

        A cursor beyond the last move is of a journal that was since restored from a backup: then everything comes again.
        """
        with reading(self._engine) as connection:
            newest = connection.execute(select(func.max(moves.c.move_number))).scalar() or 0
            begin = self._seen.get(cursor, cursor) if cursor <= newest else 0
            found = connection.execute(_decisions_after(begin)).all()
            if not found:
                self._note(cursor, newest)
                return min(cursor, newest), ()
            ids = list(dict.fromkeys(row.record_id for row in found))
            query = (
                select(records, record_texts.c.text)
                .outerjoin(record_texts, record_texts.c.record_id == records.c.record_id)
                .where(records.c.record_id.in_(ids))
            )
            rows = {row["record_id"]: row for row in connection.execute(query).mappings()}
            facts = connection.execute(select(record_facts).where(record_facts.c.record_id.in_(ids))).mappings().all()
        told: dict[str, list[RowMapping]] = {}
        for fact in facts:
            told.setdefault(fact["record_id"], []).append(fact)
        return found[-1].move_number, tuple(self._example(rows[key], told.get(key, ())) for key in ids)

    def _note(self, cursor: int, newest: int) -> None:
        """Remember that nobody decided anything between the cursor and the newest move, so that it is not looked at again.

        Some moves before the newest are: where several processes write, a lower number may be committed after a higher one.
        """
        if len(self._seen) >= _MOST_CURSORS:
            self._seen.clear()
        self._seen[cursor] = max(cursor, newest - _LATE_MOVES)

    def _example(self, row: RowMapping, facts: Sequence[RowMapping]) -> Example:
        if not says_kind(row):
            return Example(row["record_id"], None, self._text(row))
        customer = customer_from_json(row["customer_snapshot"])
        names = () if customer is None else (customer.name,)
        return Example(row["record_id"], row["kind"], self._text(row), _told(row, facts), names)

    def _text(self, row: RowMapping) -> str:
        return self._pages_of(row["text"] or "") if says_kind(row) or says_none_of_them(row) else ""


def _told(row: RowMapping, facts: Sequence[RowMapping]) -> tuple[ToldFact, ...]:
    """Return the facts for which a person stands, by name, those that they took away last."""
    values = {fact["name"]: fact_from_columns(fact).value for fact in facts}
    touched = set(row["touched"])
    stands = row["state"] == RecordState.INDEXED.value and row["decided_by"] == DecidedBy.PERSON.value
    kept = (
        ToldFact(name, value, name in touched) for name, value in sorted(values.items()) if stands or name in touched
    )
    gone = (name for name in sorted(touched - values.keys() - _NO_FACTS) if not name.startswith(TAG))
    return (*kept, *(ToldFact(name, None, is_given=True) for name in gone))


def _decisions_after(number: int) -> Select[int, str]:
    return (
        select(moves.c.move_number, moves.c.record_id)
        .where(moves.c.move_number > number, moves.c.record_id.is_not(None))
        .where(or_(*(moves.c.why.contains(word) for word in _PERSONS_WORDS)))
        .order_by(moves.c.move_number)
        .limit(AT_ONCE)
    )


def says_kind(row: RowMapping) -> bool:
    """Return whether a person stands for the kind of this row of `records`."""
    if row["kind"] is None or row["state"] == RecordState.REJECTED.value:
        return False
    is_confirmed = row["state"] == RecordState.INDEXED.value and row["decided_by"] == DecidedBy.PERSON.value
    return is_confirmed or "kind" in row["touched"]


def says_none_of_them(row: RowMapping) -> bool:
    """Return whether a person said of this row that it is no archive document."""
    if row["state"] != RecordState.REJECTED.value or "kind" in row["touched"]:
        return False
    return any(reason.code in _BY_KIND for reason in reasons_from_json(row["reasons"]))
