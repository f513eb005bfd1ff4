"""Column types that give back exactly what was stored, on SQLite and on PostgreSQL alike.

Why: SQLite forgets time zones, PostgreSQL refuses NUL signs, both refuse lone surrogates (which old PDFs' own text and
file names that are not UTF-8 contain). Nothing that a scan contains may make a move of the journal fail.
"""

from __future__ import annotations

import re
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from urllib.parse import unquote_to_bytes

from sqlalchemy import JSON, DateTime, Dialect, Text
from sqlalchemy.types import TypeDecorator

_UNSTORABLE = re.compile("[\x00\ud800-\udfff]")


def storable(text: str) -> str:
    """Return the text with NUL signs and lone surrogates, which no database takes, replaced by U+FFFD."""
    return _UNSTORABLE.sub("\N{REPLACEMENT CHARACTER}", text)


class SafeText(TypeDecorator[str]):
    """Text of any length that is cleaned of what a database cannot store."""

    impl = Text
    cache_ok = True

    def process_bind_param(self, value: str | None, dialect: Dialect) -> str | None:  # noqa: ARG002 - SQLAlchemy's
        """Clean what goes in."""
        return None if value is None else storable(value)


class SafeJson(TypeDecorator[Any]):
    """JSON whose texts are cleaned; None is NULL. Lists come back as lists, never as tuples."""

    impl = JSON(none_as_null=True)
    cache_ok = True

    def process_bind_param(self, value: Any, dialect: Dialect) -> Any:  # noqa: ARG002 - SQLAlchemy's
        """Clean what goes in."""
        return _storable_json(value)


def _storable_json(value: Any) -> Any:
    if isinstance(value, str):
        return storable(value)
    if isinstance(value, dict):
        return {storable(str(key)): _storable_json(inner) for key, inner in value.items()}
    if isinstance(value, list | tuple):
        return [_storable_json(inner) for inner in value]
    return value


class UtcDateTime(TypeDecorator[datetime]):
    """A moment: aware in, aware (UTC) out. Raises ValueError for a naive one, which would be a bug."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Bring to UTC; SQLite then keeps it without the zone."""
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("a moment without a time zone cannot be journalled")
        utc = value.astimezone(UTC)
        return utc.replace(tzinfo=None) if dialect.name == "sqlite" else utc

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:  # noqa: ARG002
        """Give the zone back."""
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


class PathText(TypeDecorator[Path]):
    """A path on disk, exactly, whatever bytes its names are made of.

    A path that is not UTF-8 is kept as a `file://` URI; no other path can begin so, `Path` folds the double slash.
    """

    impl = Text
    cache_ok = True

    def process_bind_param(self, value: Path | None, dialect: Dialect) -> str | None:  # noqa: ARG002 - SQLAlchemy's
        """Keep readable what can be."""
        if value is None:
            return None
        text = str(value)
        return value.absolute().as_uri() if _UNSTORABLE.search(text) else text

    def process_result_value(self, value: str | None, dialect: Dialect) -> Path | None:  # noqa: ARG002 - SQLAlchemy's
        """Return the path."""
        if value is None:
            return None
        if value.startswith("file://"):
            return Path(unquote_to_bytes(value.removeprefix("file://")).decode("utf-8", "surrogateescape"))
        return Path(value)
