"""What is remembered of stores: how each record's copy stood, how far a store was followed, which name had which id.

Each method is one transaction. Not for deciding anything from it (`connector.agreement`, `connector.sync`). It exists because
a store cannot say who changed a value: only by remembering what we wrote can a person's change be told from our own.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, replace
from datetime import datetime

from sqlalchemy import ColumnElement, Engine, and_, delete, insert, select, update
from zope.interface import implementer

from metadata.copies import Agreement, StoreCopy, StoreMark, StoreName, StoreValue, Values
from metadata.copy_rows import PAGE, copies_where, each_copy, write_copy
from metadata.database import reading, writing
from metadata.interfaces import IStoreMemory
from metadata.tables import records, store_copies, store_marks, store_names
from metadata.values import RecordId, RecordState, Standing, StoreId


@implementer(IStoreMemory)
class StoreMemory:
    """The memory on a database opened by `metadata.database.open_database`. For several threads and processes."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    # Copies

    def copy(self, record_id: RecordId) -> StoreCopy | None:
        """Return what is remembered of the record's copy."""
        with reading(self._engine) as connection:
            return next(iter(copies_where(connection, store_copies.c.record_id == record_id)), None)

    def copies(self, store: str, store_ids: Iterable[StoreId]) -> Mapping[StoreId, StoreCopy]:
        """Return what is remembered of these, by their ids in the store; of two of one id the one that is not gone."""
        wanted = list(store_ids)
        found: list[StoreCopy] = []
        with reading(self._engine) as connection:
            for start in range(0, len(wanted), PAGE):
                fits = [store_copies.c.store == store, store_copies.c.store_id.in_(wanted[start : start + PAGE])]
                found += copies_where(connection, *fits)
        found.sort(key=lambda copy: copy.standing is not Standing.GONE)
        return {copy.store_id: copy for copy in found}

    def remember(self, copy: StoreCopy) -> None:
        """Replace what is remembered of the record's copy."""
        with writing(self._engine) as connection:
            write_copy(connection, copy)

    def standing(self, store: str, standings: frozenset[Standing]) -> Mapping[StoreId, RecordId]:
        """Return the records whose copies stand so, by their ids in the store."""
        query = select(store_copies.c.store_id, store_copies.c.record_id).where(
            store_copies.c.store == store, store_copies.c.standing.in_([standing.value for standing in standings])
        )
        with reading(self._engine) as connection:
            return {StoreId(store_id): RecordId(record_id) for store_id, record_id in connection.execute(query)}

    def modified_since(self, store: str, moment: datetime) -> Mapping[StoreId, datetime]:
        """Return the live copies that we saw changed at or after this moment of the store's time."""
        query = select(store_copies.c.store_id, store_copies.c.modified).where(
            store_copies.c.store == store,
            store_copies.c.standing == Standing.LIVE.value,
            store_copies.c.modified >= moment,
        )
        with reading(self._engine) as connection:
            return {StoreId(store_id): modified for store_id, modified in connection.execute(query)}

    def unremembered(self, store: str) -> Mapping[StoreId, RecordId]:
        """Return the records that stand in the store and of whose copies nothing is remembered."""
        stored = [RecordState.INDEXED.value, RecordState.HELD.value, RecordState.REJECTED.value]
        joined = records.outerjoin(store_copies, records.c.record_id == store_copies.c.record_id)
        query = (
            select(records.c.store_id, records.c.record_id)
            .select_from(joined)
            .where(records.c.store == store, records.c.state.in_(stored), store_copies.c.record_id.is_(None))
        )
        with reading(self._engine) as connection:
            return {StoreId(store_id): RecordId(record_id) for store_id, record_id in connection.execute(query)}

    # Marks

    def mark(self, store: str) -> StoreMark:
        """Return how far the store was followed; a new mark where it never was."""
        with reading(self._engine) as connection:
            row = connection.execute(select(store_marks).where(store_marks.c.store == store)).mappings().first()
        return StoreMark(**row) if row else StoreMark(store)

    def set_mark(self, mark: StoreMark) -> None:
        """Remember how far the store was followed."""
        columns = asdict(mark)
        with writing(self._engine) as connection:
            its_row = store_marks.c.store == mark.store
            if connection.execute(update(store_marks).where(its_row).values(columns)).rowcount == 0:
                connection.execute(insert(store_marks).values(columns))

    # Names

    def names(self, store: str) -> Sequence[StoreName]:
        """Return all names that were seen in the store."""
        query = select(store_names).where(store_names.c.store == store)
        with reading(self._engine) as connection:
            rows = connection.execute(query.order_by(store_names.c.sort, store_names.c.object_id)).mappings().all()
        return [StoreName(**{name: value for name, value in row.items() if name != "store"}) for row in rows]

    def name(self, store: str, names: Iterable[StoreName]) -> None:
        """Remember names; replaces those of the same sort and id."""
        with writing(self._engine) as connection:
            for named in names:
                columns = {"name": named.name, "meaning": named.meaning, "is_ours": named.is_ours}
                if connection.execute(update(store_names).where(_row_of(store, named)).values(columns)).rowcount == 0:
                    row = {"store": store, "sort": named.sort, "object_id": named.object_id, **columns}
                    connection.execute(insert(store_names).values(row))

    def lose(self, store: str, named: StoreName, lost: Values) -> int:
        """Forget a name that the store has no more, and these values in every agreement; return how many had one.

        All in one transaction: what vanished with its name is then neither taken for a person's change, nor for still there.
        """
        count = 0
        with writing(self._engine) as connection:
            connection.execute(delete(store_names).where(_row_of(store, named)))
            for copy in each_copy(connection, store) if lost else ():
                kept = _without(copy.agreement, lost)
                if kept != copy.agreement:
                    write_copy(connection, replace(copy, agreement=kept))
                    count += 1
        return count


def _row_of(store: str, named: StoreName) -> ColumnElement[bool]:
    return and_(
        store_names.c.store == store, store_names.c.sort == named.sort, store_names.c.object_id == named.object_id
    )


def _without(agreed: Agreement, lost: Values) -> Agreement:
    """Return the agreement without the lost values; a key goes only where it stood for the lost value."""
    keys = {key for key, value in lost.items() if _stood(agreed, key, value)}
    return Agreement(
        ours={key: value for key, value in agreed.ours.items() if key not in keys},
        theirs={key: value for key, value in agreed.theirs.items() if key not in keys},
        in_flight=agreed.in_flight,
        persons=agreed.persons - keys,
    )


def _stood(agreed: Agreement, key: str, value: StoreValue) -> bool:
    """True stands for whatever value there was."""
    return key in agreed.theirs and (value is True or agreed.theirs[key] == value)
