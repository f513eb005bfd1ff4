"""Full-text search over the archive, the same answers on SQLite and PostgreSQL.

Not for search by customer, kind or date: those are typed columns. Cut into words by `metadata.tokens`, found by the
database's own index (`metadata.word_tables`), then looked up in the kept text itself, which alone decides. Texts that an
older version of the words was made of are cut anew at the first use.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, Engine, insert, select, update
from zope.interface import implementer

from metadata import tokens
from metadata.column_types import storable
from metadata.database import reading, writing
from metadata.interfaces import IIndex
from metadata.tables import record_texts, records, store_copies
from metadata.values import RecordId, RecordState, Standing
from metadata.word_tables import word_table

LOOKED_AT = 500
"""Candidates whose text is looked at in one go, the latest first; only when too few of them fit are there more."""

USUAL_LENGTH = 1000
"""Signs of a page; in longer texts a word says less (the b of BM25, with the usual 0.75 and k of 1.2)."""

_STANDING = (RecordState.INDEXED.value, RecordState.HELD.value)
_AWAY = (Standing.TRASHED.value, Standing.GONE.value)
_QUOTES = str.maketrans("", "", '"“”„')


@dataclass(frozen=True, slots=True)
class _Hit:
    score: float
    number: int
    record_id: RecordId


@implementer(IIndex)
class Index:
    """The index on a database opened by `metadata.database.open_database`."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._words = word_table(engine.dialect.name)
        self._is_current = False

    def put(self, record_id: RecordId, text: str) -> None:
        """Keep the words of a record, which the journal must know; replaces what was there. One transaction."""
        self._bring_up_to_date()
        with writing(self._engine) as connection:
            found = connection.execute(
                select(record_texts.c.text_number, record_texts.c.text)
                .where(record_texts.c.record_id == record_id)
                .with_for_update()
            ).first()
            text = storable(text)  # the words are removed, later, by the text as the database keeps it
            values = {"text": text, "bare_text": tokens.bare(text), "token_version": tokens.VERSION}
            if found is None:
                added = insert(record_texts).values(record_id=record_id, **values).returning(record_texts.c.text_number)
                number = int(connection.execute(added).scalar_one())
            else:
                number = found.text_number
                self._words.remove(connection, number, tokens.words_of(found.text))
                connection.execute(update(record_texts).where(record_texts.c.text_number == number).values(values))
            self._words.put(connection, number, tokens.words_of(text))

    def text(self, record_id: RecordId) -> str:
        """Return the text that was put for a record; "" where there is none."""
        with reading(self._engine) as connection:
            query = select(record_texts.c.text).where(record_texts.c.record_id == record_id)
            return str(connection.execute(query).scalar() or "")

    def having_text(self, record_ids: Sequence[RecordId]) -> frozenset[RecordId]:
        """Return those of these records, at most a thousand, whose text is not empty."""
        query = select(record_texts.c.record_id).where(
            record_texts.c.record_id.in_(list(record_ids)), record_texts.c.text != ""
        )
        with reading(self._engine) as connection:
            return frozenset(RecordId(record_id) for record_id in connection.execute(query).scalars())

    def search(self, words: str, limit: int = 50) -> tuple[RecordId, ...]:
        """Return records that stand in the archive and hold all the words, best first, of equally good the latest."""
        query = words.translate(_QUOTES)
        terms = tokens.terms_of(query)
        if not terms or limit < 1:
            return ()
        self._bring_up_to_date()
        hits: list[_Hit] = []
        below: int | None = None
        with reading(self._engine) as connection:
            while len(hits) < limit:
                numbers = self._words.candidates(connection, terms, below, LOOKED_AT)
                hits += _hits(connection, numbers, query)
                if len(numbers) < LOOKED_AT:
                    break
                below = numbers[-1]
        hits.sort(key=lambda hit: (-hit.score, -hit.number))
        return tuple(hit.record_id for hit in hits[:limit])

    def _bring_up_to_date(self) -> None:
        """Cut all texts anew where the kept words are of another version; killed midway, the old words stand."""
        if self._is_current:
            return
        with reading(self._engine) as connection:
            other = select(record_texts.c.text_number).where(record_texts.c.token_version != tokens.VERSION)
            is_stale = connection.execute(other.limit(1)).first() is not None
        if is_stale:
            with writing(self._engine) as connection:
                self._make_anew(connection)
        self._is_current = True

    def _make_anew(self, connection: Connection) -> None:
        self._words.clear(connection)
        last = -1
        while rows := _texts_after(connection, last):
            for row in rows:
                self._words.put(connection, row.text_number, tokens.words_of(row.text))
                values = {"bare_text": tokens.bare(row.text), "token_version": tokens.VERSION}
                its_row = record_texts.c.text_number == row.text_number
                connection.execute(update(record_texts).where(its_row).values(values))
            last = rows[-1].text_number


def _texts_after(connection: Connection, number: int) -> Sequence[Any]:
    query = select(record_texts.c.text_number, record_texts.c.text).where(record_texts.c.text_number > number)
    return connection.execute(query.order_by(record_texts.c.text_number).limit(LOOKED_AT)).all()


def _hits(connection: Connection, numbers: Sequence[int], query: str) -> list[_Hit]:
    # A subquery, not a join: SQLite would begin a join with all the records in these states.
    state = select(records.c.state).where(records.c.record_id == record_texts.c.record_id).scalar_subquery()
    copy = select(store_copies.c.standing).where(store_copies.c.record_id == record_texts.c.record_id).scalar_subquery()
    texts = select(
        record_texts.c.text_number,
        record_texts.c.record_id,
        record_texts.c.bare_text,
        state.label("state"),
        copy.label("copy"),
    )
    rows = connection.execute(texts.where(record_texts.c.text_number.in_(numbers)))
    standing = (row for row in rows if row.state in _STANDING and row.copy not in _AWAY)
    judged = ((row, tokens.occurrences(row.bare_text, query)) for row in standing)
    return [
        _Hit(_score(counts, len(row.bare_text)), row.text_number, RecordId(row.record_id))
        for row, counts in judged
        if all(counts)
    ]


def _score(counts: tuple[int, ...], length: int) -> float:
    slack = 1.2 * (0.25 + 0.75 * length / USUAL_LENGTH)
    return sum(count / (count + slack) for count in counts)
