"""A view (or table) of the company's own database as the source of customers; only ever read.

Any database that SQLAlchemy speaks to, where its driver is installed. A view has no time of change: where it has a column that says
when a row was changed, count and latest change are compared, else everything is read and digested. The password comes from the
environment or the driver's own files, never from here into a message.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import URL, Connection, TableClause, column, create_engine, func, make_url, select, table, text
from sqlalchemy.exc import ArgumentError, NoSuchModuleError, SQLAlchemyError
from sqlalchemy.pool import NullPool

from ingest.message import N_, Message
from metadata.interfaces import RegisterWrong
from metadata.register_source import Row, Stamp

_AT_ONCE = 5_000


class CustomerView:
    """A view, named "view" or "schema.view"; `changed` is the column that says when a row was changed, "" if there is none."""

    def __init__(self, url: str, view: str, changed: str = "") -> None:
        self._url = url
        self._view = view
        self._changed = changed

    @property
    def name(self) -> str:
        """Return address and view, without the password."""
        return f"{self._shown()} {self._view}"

    def stamp(self) -> Stamp | None:
        """Return none: a view has no time of change."""
        return None

    def digest(self) -> str:
        """Return the digest of count and latest change, or of everything; raises RegisterWrong."""
        digest = hashlib.sha256()
        if self._changed:
            query: Any = select(func.count(), func.max(column(self._changed))).select_from(self._table())
            with self._connected() as connection:
                digest.update(repr([_text(value) for value in connection.execute(query).one()]).encode())
        else:
            for row in self.rows():
                digest.update(repr(row.cells).encode())
        return digest.hexdigest()

    def rows(self) -> Iterator[Row]:
        """Yield the column names, then the rows, as texts; raises RegisterWrong."""
        query: Any = select(text("*")).select_from(self._table())
        with self._connected() as connection:
            found = connection.execution_options(yield_per=_AT_ONCE).execute(query)
            yield Row(1, list(found.keys()))
            for number, values in enumerate(found, 2):
                yield Row(number, [_text(value) for value in values])

    def _table(self) -> TableClause:
        schema, _dot, name = self._view.rpartition(".")
        return table(name, schema=schema or None)

    @contextmanager
    def _connected(self) -> Iterator[Connection]:
        try:
            engine = create_engine(self._place(), poolclass=NullPool)
            with engine.connect() as connection:
                yield connection
        except (SQLAlchemyError, ImportError) as error:
            raise self._wrong(error) from error

    def _place(self) -> URL:
        return make_url(self._url)

    def _shown(self) -> str:
        try:
            return self._place().render_as_string(hide_password=True)
        except ArgumentError:
            return "[register] url"

    def _wrong(self, error: Exception) -> RegisterWrong:
        facts = {"place": self._shown(), "view": self._view}
        if isinstance(error, (NoSuchModuleError, ImportError)):
            what = Message(N_("Cannot read the customers from {place}: its driver is not installed."), facts)
            return RegisterWrong(what, Message(N_("Install the driver that SQLAlchemy names for it beside guidang.")))
        if isinstance(error, ArgumentError):
            what = Message(N_("Cannot read the customers: [register] url is no address of a database."))
            return RegisterWrong(what, Message(N_("Write it like postgresql+psycopg://reader@host/name.")))
        answer = " ".join(str(getattr(error, "orig", None) or error).split()).rstrip(".?")
        what = Message(
            N_("Cannot read the customers from {place}, view {view}: {answer}."), {**facts, "answer": answer}
        )
        remedy = N_("See that the server runs, that the view is there, and that this user may read it.")
        return RegisterWrong(what, Message(remedy))


def _text(value: object) -> str:
    """Return a value of the database as it would stand in a file."""
    if value is None:
        return ""
    if isinstance(value, (datetime, date)):
        return value.isoformat()
    if isinstance(value, (float, Decimal)):
        return f"{value:.10f}".rstrip("0").rstrip(".")
    return str(value)
