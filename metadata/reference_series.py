"""Takes the next number of a series of reference codes, unique however many take at once.

Not for what a code looks like (`metadata.reference_code`). The row of the series is locked by the upsert until the
transaction ends, so a number that was taken in a transaction that fails is taken by the next one: no gaps.
"""

from __future__ import annotations

from sqlalchemy import Connection, select
from sqlalchemy.dialects import postgresql, sqlite

from metadata.interfaces import IReferenceScheme
from metadata.tables import records, reference_series
from metadata.values import Description


def next_code(connection: Connection, scheme: IReferenceScheme, description: Description) -> str:
    """Return a code that no record has, inside the caller's writing transaction.

    Skips numbers whose code is taken already, as when the pattern was changed to one that gave the same codes before.
    """
    prefix = scheme.prefix(description)
    while True:
        code = scheme.code(prefix, _next_number(connection, prefix))
        if connection.execute(select(records.c.row_number).where(records.c.reference_code == code)).first() is None:
            return code


def _next_number(connection: Connection, prefix: str) -> int:
    insert = sqlite.insert if connection.dialect.name == "sqlite" else postgresql.insert
    taken = (
        insert(reference_series)
        .values(prefix=prefix, last_number=1)
        .on_conflict_do_update(
            index_elements=[reference_series.c.prefix], set_={"last_number": reference_series.c.last_number + 1}
        )
        .returning(reference_series.c.last_number)
    )
    return int(connection.execute(taken).scalar_one())
