"""Where the words of full-text search stand: FTS5 on SQLite, a tsvector with a GIN index on PostgreSQL.

Not for making words (`metadata.tokens`) nor for judging hits (`metadata.index`): this finds candidates that hold all the
words *somewhere*. Both hold bare sets of words, without places: PostgreSQL keeps at most 256 places a word, so phrases
would miss long records, and the index checks the text itself anyway. Words are handed over as they are, past each
database's own parser (`ascii` tokenizer, `array_to_tsvector`), whose rules differ by version and locale.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Protocol

from sqlalchemy import Connection, text

from metadata.tokens import Term

WORD_TABLE = "record_words"


def is_ours(name: str | None, type_: str, _parent_names: object) -> bool:
    """Tell Alembic which tables `metadata.tables` describes: all but the words' own, which differ by dialect."""
    return not (type_ == "table" and name is not None and (name == WORD_TABLE or name.startswith(f"{WORD_TABLE}_")))


class WordTable(Protocol):
    """One dialect's way of keeping words; `number` is `record_texts.text_number`."""

    def put(self, connection: Connection, number: int, words: Sequence[str]) -> None:
        """Keep the words of a text that has none yet."""

    def remove(self, connection: Connection, number: int, words: Sequence[str]) -> None:
        """Forget a text's words; they must be the ones that were put."""

    def candidates(self, connection: Connection, terms: Iterable[Term], below: int | None, limit: int) -> list[int]:
        """Return the numbers of texts that hold every term, the latest first, only those below `below`."""

    def clear(self, connection: Connection) -> None:
        """Forget all words."""


class SqliteWords:
    """FTS5 without content of its own: a text's words are removed by naming them again."""

    def put(self, connection: Connection, number: int, words: Sequence[str]) -> None:
        """See `WordTable`."""
        connection.execute(
            text("INSERT INTO record_words(rowid, words) VALUES (:number, :words)"),
            {"number": number, "words": " ".join(words)},
        )

    def remove(self, connection: Connection, number: int, words: Sequence[str]) -> None:
        """See `WordTable`."""
        connection.execute(
            text("INSERT INTO record_words(record_words, rowid, words) VALUES ('delete', :number, :words)"),
            {"number": number, "words": " ".join(words)},
        )

    def candidates(self, connection: Connection, terms: Iterable[Term], below: int | None, limit: int) -> list[int]:
        """See `WordTable`."""
        match = " AND ".join(f'"{term.text}"*' if term.is_prefix else f'"{term.text}"' for term in terms)
        found = connection.execute(
            text(
                "SELECT rowid FROM record_words WHERE record_words MATCH :match AND (:below IS NULL OR rowid < :below)"
                " ORDER BY rowid DESC LIMIT :limit"
            ),
            {"match": match, "below": below, "limit": limit},
        )
        return [int(row[0]) for row in found]

    def clear(self, connection: Connection) -> None:
        """See `WordTable`."""
        connection.execute(text("INSERT INTO record_words(record_words) VALUES ('delete-all')"))


class PostgresqlWords:
    """A tsvector a text. Words hold letters, digits and Han signs only, so quoting them is plain."""

    def put(self, connection: Connection, number: int, words: Sequence[str]) -> None:
        """See `WordTable`."""
        connection.execute(
            text("INSERT INTO record_words(text_number, words) VALUES (:number, array_to_tsvector(:words))"),
            {"number": number, "words": list(dict.fromkeys(words))},
        )

    def remove(self, connection: Connection, number: int, words: Sequence[str]) -> None:  # noqa: ARG002 - not needed here
        """See `WordTable`."""
        connection.execute(text("DELETE FROM record_words WHERE text_number = :number"), {"number": number})

    def candidates(self, connection: Connection, terms: Iterable[Term], below: int | None, limit: int) -> list[int]:
        """See `WordTable`."""
        match = " & ".join(f"'{term.text}':*" if term.is_prefix else f"'{term.text}'" for term in terms)
        found = connection.execute(
            text(
                "SELECT text_number FROM record_words WHERE words @@ CAST(:match AS tsquery)"
                " AND (CAST(:below AS bigint) IS NULL OR text_number < :below)"
                " ORDER BY text_number DESC LIMIT :limit"
            ),
            {"match": match, "below": below, "limit": limit},
        )
        return [int(row[0]) for row in found]

    def clear(self, connection: Connection) -> None:
        """See `WordTable`."""
        connection.execute(text("DELETE FROM record_words"))


def word_table(dialect: str) -> WordTable:
    """Return the way of this dialect, "sqlite" or "postgresql"."""
    return SqliteWords() if dialect == "sqlite" else PostgresqlWords()
