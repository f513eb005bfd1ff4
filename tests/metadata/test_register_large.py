"""Large registers: read as a stream, differences set aside, and others kept from writing for a moment only."""

from __future__ import annotations

import threading
import time
import tracemalloc
from collections import deque
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import Engine, inspect, text

from metadata.database import writing
from metadata.interfaces import RegisterWrong
from metadata.register import Register
from metadata.register_file import CustomerFile
from metadata.register_import import import_from, import_register
from metadata.register_source import Row
from tests.metadata.register_rows import NOW, number_scheme, register_in
from tests.metadata.test_register import HEAD, numbers, written

COUNT = 21_000


@pytest.fixture
def register(engine: Engine, tmp_path: Path) -> Register:
    """Return the invented register."""
    return register_in(engine, tmp_path)


def many(name: str) -> str:
    lines = (f"{number:09}X,{name}{number},院{number}号楼1单元101室,HT{number},,," for number in range(COUNT))
    return "\n".join((HEAD, *lines, ""))


def test_many_customers_are_brought_in_and_found_by_every_index(engine: Engine, tmp_path: Path) -> None:
    path = written(tmp_path, many("户"))

    report = import_register(engine, path, {}, number_scheme(), NOW)

    register = Register(engine)
    assert (report.added, register.count()) == (COUNT, COUNT)
    assert numbers(register.by_name("户777")) == ["000000777X"]
    assert numbers(register.by_contract_no("HT777")) == ["000000777X"]
    assert index_names(engine) >= {"ix_customers_name_key", "ix_customers_number_tail", "ix_customers_room_key"}


def test_import_that_fails_at_its_last_row_changes_nothing_and_leaves_nothing(
    register: Register, engine: Engine, tmp_path: Path
) -> None:
    before = register.count()
    text = many("户") + "1,乙,,,,不知道,\n"

    with pytest.raises(RegisterWrong, match="不知道"):
        import_register(engine, written(tmp_path, text), {}, number_scheme(), NOW)

    assert register.count() == before
    assert (
        import_register(
            engine, written(tmp_path, f"{HEAD}\n1136250642,周明辉,,,,,\n"), {}, number_scheme(), NOW
        ).customers
        == 1
    )


def test_memory_does_not_grow_with_the_file(engine: Engine, tmp_path: Path) -> None:
    """Of 21,000 customers a few hundred are held at once, and the numbers of all."""
    path = written(tmp_path, many("户"))
    tracemalloc.start()
    try:
        import_register(engine, path, {}, number_scheme(), NOW)
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()

    assert peak < 20e6


def test_others_may_write_while_a_file_is_compared(engine: Engine, tmp_path: Path) -> None:
    path = written(tmp_path, many("户"))
    ended = threading.Event()
    waits: list[float] = []

    def write() -> None:
        while not ended.is_set():
            begun = time.monotonic()
            with writing(engine) as connection:
                connection.execute(text("DELETE FROM reference_series WHERE prefix = 'nothing'"))
            waits.append(time.monotonic() - begun)

    writer = threading.Thread(target=write)
    writer.start()
    begun = time.monotonic()
    try:
        import_register(engine, path, {}, number_scheme(), NOW)
    finally:
        took = time.monotonic() - begun
        ended.set()
        writer.join()

    assert len(waits) > 20
    assert max(waits) < took / 2


def test_file_that_changes_while_it_is_read_is_not_brought_in(engine: Engine, tmp_path: Path) -> None:
    path = written(tmp_path, many("户"))
    growing = CustomerFile(path)

    rows = growing.rows()
    next(rows)
    path.write_bytes(path.read_bytes() + b"\n")

    with pytest.raises(RegisterWrong, match="changed while"):
        deque(rows, maxlen=0)


def test_import_between_begins_anew(engine: Engine, tmp_path: Path) -> None:
    """Another guidang imports a newer file while ours compares an older one: the differences would not fit any more."""
    older = tmp_path / "older.csv"
    older.write_text(f"{HEAD}\n1136250642,周明辉,,,,,\n", encoding="utf-8")
    newer = written(tmp_path, f"{HEAD}\n1136250642,周明晖,,,,,\n1178131418,许雅静,,,,,\n")

    class Interrupted(CustomerFile):
        times = 0

        def rows(self) -> Iterator[Row]:
            self.times += 1
            if self.times == 1:
                import_register(engine, newer, {}, number_scheme(), NOW)
            return super().rows()

    source = Interrupted(older)
    report = import_from(engine, source, {}, number_scheme(), NOW)

    assert source.times == 2
    assert (report.customers, report.changed, report.removed) == (1, 1, 1)
    assert numbers(Register(engine).by_name("周明辉")) == ["1136250642"]


def index_names(engine: Engine) -> set[str]:
    return {str(index["name"]) for index in inspect(engine).get_indexes("customers")}
