"""Children that open strangers' files: limited, replaceable, and gone when their parent is."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path

import psutil  # type: ignore[import-untyped]
import pytest

from ingest.child_space import ChildSpace, remove_abandoned
from ingest.children import ChildDied, Children, ChildrenEnded, ChildTooSlow, outcome
from ingest.confine import ChildLimits
from ingest.interfaces import Fault
from tests.ingest import child_work

MEBIBYTE = 1 << 20
PRELOAD = ("ingest.preload",)


@pytest.fixture(scope="module")
def children() -> Iterator[Children]:
    pool = Children(2, ChildLimits(memory_bytes=2048 * MEBIBYTE, written_file_bytes=50 * MEBIBYTE), PRELOAD)
    yield pool
    pool.close()


def is_gone(process: int, within_seconds: float = 10.0) -> bool:
    deadline = time.monotonic() + within_seconds
    while time.monotonic() < deadline:
        if not psutil.pid_exists(process) or psutil.Process(process).status() == psutil.STATUS_ZOMBIE:
            return True
        time.sleep(0.05)
    return False


def test_tasks_are_carried_out_in_children(children: Children) -> None:
    futures = [children.start(30, child_work.doubled, number) for number in range(20)]

    assert [outcome(future) for future in futures] == [2 * number for number in range(20)]
    assert children.run(30, child_work.process_id) != os.getpid()


def test_crash_fails_its_own_task_only(children: Children) -> None:
    good = [children.start(30, child_work.doubled, number) for number in range(5)]
    bad = children.start(30, child_work.crash)
    more = [children.start(30, child_work.doubled, number) for number in range(5)]

    with pytest.raises(ChildDied):
        outcome(bad)
    assert [outcome(future) for future in good + more] == [2 * number for number in range(5)] * 2


@pytest.mark.parametrize("task", [child_work.sleep, child_work.sleep_in_library_code])
def test_task_that_is_too_slow_is_ended_and_the_next_one_done(children: Children, task: Callable[[int], None]) -> None:
    future = children.start(0.5, task, 600)

    with pytest.raises(ChildTooSlow):
        outcome(future)
    assert children.run(30, child_work.doubled, 4) == 8


def test_memory_beyond_the_limit_fails_the_task_not_the_machine(children: Children) -> None:
    with pytest.raises(ChildDied):
        children.run(30, child_work.eat_memory, 3000 * MEBIBYTE)

    assert children.run(30, child_work.eat_memory, MEBIBYTE) == MEBIBYTE


def test_writing_beyond_the_limit_fails(children: Children) -> None:
    with pytest.raises(OSError, match="File too large"):
        children.run(30, child_work.write_much, 60 * MEBIBYTE)


def test_what_the_task_raises_comes_back(children: Children) -> None:
    with pytest.raises(ValueError, match="own fault"):
        children.run(30, child_work.raise_value_error)


def test_child_is_set_up_as_promised(children: Children) -> None:
    found = children.run(30, child_work.limits)

    assert found["core"] == (0, 0)
    assert found["interrupt"] is True
    assert found["threads"] == "1"
    assert found["main"] in {False, None}
    assert found["preloaded"] == ["PIL", "cv2", "numpy", "pikepdf", "pypdfium2"]
    assert "guidang-children" in str(found["temporary"])


def test_child_has_no_network_where_the_kernel_lets_it_go_without(children: Children) -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        answer = children.run(30, child_work.reach_out, server.getsockname()[1])

    if answer == "reached" and os.geteuid() != 0:
        pytest.skip("this kernel gives ordinary users no namespaces")
    assert answer.startswith("refused")


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can become an ordinary user")
def test_ordinary_user_leaves_the_network_too_and_is_told_what_may_not_be_read() -> None:
    folder = Path(tempfile.mkdtemp())
    unreadable = folder / "scan.pdf"
    unreadable.write_bytes(b"%PDF-1.7")
    unreadable.chmod(0o600)
    folder.chmod(0o755)
    pool = Children(1, ChildLimits(without_network=False))
    try:
        with socket.create_server(("127.0.0.1", 0)) as server:
            port = server.getsockname()[1]
            has_left, answer, fault = pool.run(30, child_work.as_ordinary_user, unreadable, port)
    finally:
        pool.close()
        unreadable.unlink()
        folder.rmdir()

    assert fault is Fault.NOT_READABLE
    assert answer == ("refused" if has_left else "reached")


def test_pool_whose_idle_children_were_killed_begins_anew(children: Children) -> None:
    """Pebble gives a pool up when an idle child is killed; at most the tasks of that moment are lost."""
    for _ in range(3):
        with suppress(ChildDied):
            os.kill(children.run(30, child_work.process_id), signal.SIGKILL)
    time.sleep(0.5)

    answers = []
    for number in range(10):
        with suppress(ChildDied):
            answers.append(children.run(30, child_work.doubled, number))

    assert len(answers) >= 9
    assert answers[-1] == 18


def test_closed_pool_leaves_nothing_and_starts_again_with_the_next_task() -> None:
    pool = Children(2)
    left = Path(pool.run(30, child_work.leave_something))
    process = pool.run(30, child_work.process_id)

    pool.close()
    pool.close()

    assert is_gone(process)
    assert not left.parent.exists()
    assert pool.run(30, child_work.doubled, 3) == 6
    pool.close()


def test_closing_ends_what_is_under_way_and_wakes_who_waits_for_it() -> None:
    pool = Children(1)
    pool.run(30, child_work.doubled, 1)
    running, waiting = (pool.start(600, child_work.sleep, 600) for _ in range(2))
    time.sleep(0.3)
    threading.Timer(0.2, pool.close).start()

    started = time.monotonic()
    for future in (running, waiting):
        with pytest.raises(ChildrenEnded):
            outcome(future)

    assert time.monotonic() - started < 10


def test_closing_what_never_started_is_allowed() -> None:
    Children(1).close()


PARENT = """
import sys, time
from pathlib import Path
from ingest.children import Children
from tests.ingest import child_work
if __name__ == "__main__":
    pool = Children(1)
    pool.start(600, child_work.tethered_sleep, 600, Path(sys.argv[1]))
    time.sleep(600)
"""


def started_parent(tmp_path: Path) -> tuple[subprocess.Popen[bytes], list[int]]:
    """Start a program with a pool whose child runs a stand-in tesseract; return it and the ids of child and grandchild."""
    programs = tmp_path / "bin"
    programs.mkdir()
    stand_in = programs / "tesseract"
    stand_in.write_text('#!/bin/sh\nexec sleep "$1"\n')
    stand_in.chmod(0o755)
    script = tmp_path / "parent.py"
    script.write_text(PARENT)
    note = tmp_path / "ids"
    environment = {**os.environ, "PATH": f"{programs}:{os.environ['PATH']}", "PYTHONPATH": str(Path.cwd())}
    parent = subprocess.Popen([sys.executable, script, note], env=environment)
    deadline = time.monotonic() + 60
    while not (note.exists() and len(note.read_text().split()) == 2):
        assert time.monotonic() < deadline, "the child did not start"
        time.sleep(0.05)
    return parent, [int(part) for part in note.read_text().split()]


def test_killed_parent_leaves_no_process_behind(tmp_path: Path) -> None:
    parent, ids = started_parent(tmp_path)
    family = [process.pid for process in psutil.Process(parent.pid).children(recursive=True)]

    parent.kill()
    parent.wait()

    assert set(ids) <= set(family)
    assert [process for process in family if not is_gone(process)] == []


def test_interrupt_of_the_terminal_leaves_the_children_to_the_parent(tmp_path: Path) -> None:
    parent, ids = started_parent(tmp_path)
    try:
        for process in ids:
            os.kill(process, signal.SIGINT)
        time.sleep(0.3)

        assert all(psutil.pid_exists(process) for process in ids)
        assert psutil.Process(ids[1]).status() != psutil.STATUS_ZOMBIE
    finally:
        parent.kill()
        parent.wait()


def test_folders_of_killed_processes_are_removed_and_those_of_living_ones_kept(tmp_path: Path) -> None:
    dead = subprocess.Popen(["true"])
    dead.wait()
    names = [f"guidang-children-{dead.pid}-abc", f"guidang-children-{os.getpid()}-abc", "something-else"]
    for name in names:
        (tmp_path / name).mkdir()

    remove_abandoned(tmp_path)

    assert sorted(path.name for path in tmp_path.iterdir()) == sorted(names[1:])


def test_space_is_private(tmp_path: Path) -> None:
    space = ChildSpace.made()
    try:
        assert space.path.stat().st_mode & 0o077 == 0
    finally:
        space.remove()

    assert not space.path.exists()
