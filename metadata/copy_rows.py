"""What is remembered of a store to rows and back; every function works inside the caller's transaction.

Not for deciding what is remembered (`connector.agreement`). Most of what we want stands in the store word for word, so only
what differs is kept a second time.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from sqlalchemy import Connection, RowMapping, insert, select, update

from metadata.copies import Agreement, StoreCopy, StoreValue, Values
from metadata.tables import store_copies
from metadata.values import RecordId, Standing, StoreId

PAGE = 500


def write_copy(connection: Connection, copy: StoreCopy) -> None:
    """Replace what is remembered of the record's copy."""
    columns = _columns(copy)
    its_row = store_copies.c.record_id == copy.record_id
    if connection.execute(update(store_copies).where(its_row).values(columns)).rowcount == 0:
        connection.execute(insert(store_copies).values(record_id=copy.record_id, **columns))


def copies_where(connection: Connection, *where: Any) -> list[StoreCopy]:
    """Return the copies that fit, in the order of their records' ids."""
    query = select(store_copies).where(*where).order_by(store_copies.c.record_id)
    return [_copy(row) for row in connection.execute(query).mappings()]


def each_copy(connection: Connection, store: str) -> Iterator[StoreCopy]:
    """Yield all copies in a store, a page of rows at a time."""
    last = ""
    while True:
        query = select(store_copies).where(store_copies.c.store == store, store_copies.c.record_id > last)
        rows = connection.execute(query.order_by(store_copies.c.record_id).limit(PAGE)).mappings().all()
        if not rows:
            return
        yield from map(_copy, rows)
        last = rows[-1]["record_id"]


def standings(connection: Connection, record_ids: Sequence[str]) -> Mapping[str, Standing]:
    """Return how the copies of these records stand, those that are remembered."""
    query = select(store_copies.c.record_id, store_copies.c.standing)
    rows = connection.execute(query.where(store_copies.c.record_id.in_(list(record_ids))))
    return {record_id: Standing(standing) for record_id, standing in rows}


def _columns(copy: StoreCopy) -> dict[str, Any]:
    agreed = copy.agreement
    keys = agreed.ours.keys() | agreed.theirs.keys()
    return {
        "store": copy.store,
        "store_id": copy.store_id,
        "standing": copy.standing.value,
        "modified": copy.modified,
        "version": copy.version,
        "theirs": dict(agreed.theirs),
        "instead": {key: agreed.ours.get(key) for key in sorted(keys) if _differs(agreed, key)},
        "in_flight": {key: list(values) for key, values in agreed.in_flight.items()},
        "persons": sorted(agreed.persons),
        "rewound": dict(copy.rewound),
    }


def _differs(agreed: Agreement, key: str) -> bool:
    ours, theirs = agreed.ours.get(key), agreed.theirs.get(key)
    return type(ours) is not type(theirs) or ours != theirs


def _copy(row: RowMapping) -> StoreCopy:
    theirs: Values = row["theirs"]
    instead: Mapping[str, StoreValue | None] = row["instead"]
    merged = {**theirs, **instead}
    return StoreCopy(
        record_id=RecordId(row["record_id"]),
        store=row["store"],
        store_id=StoreId(row["store_id"]),
        standing=Standing(row["standing"]),
        modified=row["modified"],
        version=row["version"],
        agreement=Agreement(
            ours={key: value for key, value in merged.items() if value is not None},
            theirs=theirs,
            in_flight={key: tuple(values) for key, values in row["in_flight"].items()},
            persons=frozenset(row["persons"]),
        ),
        rewound=row["rewound"],
    )
