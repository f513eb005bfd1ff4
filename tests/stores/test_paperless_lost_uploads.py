"""A server whose queue was lost shows the uploads as waiting for ever: they are found missing, and the same bytes go again, once."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from connector.interfaces import OutcomeUnknown, StillUnderWay, StoreUnreachable
from connector.paperless.address import ServerAddress
from connector.paperless.back_pressure import MOST_WAITING, BackPressure
from connector.paperless.client import PaperlessClient
from connector.paperless.lost_uploads import LostUploads
from connector.paperless.store import PaperlessStore
from connector.paperless.task_values import Task, TaskState
from connector.paperless.tasks import Tasks
from metadata.values import Submission
from tests.paperless_stand_in import StandIn
from tests.paperless_stand_in.server import TOKEN
from tests.stores.conftest import paperless_store
from tests.stores.submissions import Paper

UPLOAD = "POST /api/documents/post_document/"
START = datetime(2026, 11, 24, 8, 0, tzinfo=UTC)


@pytest.fixture
def store(stand_in: StandIn) -> Iterator[PaperlessStore]:
    made = paperless_store(stand_in, seconds=0.2, lost_after_seconds=0.0)
    yield made
    made.close()


def sent_and_lost(stand_in: StandIn, store: PaperlessStore, paper: Paper) -> Submission:
    """Send a record into a queue that nobody works on and that is lost then."""
    stand_in.faults.worker_down = True
    submission = paper.submission()
    with pytest.raises(OutcomeUnknown):
        store.file(submission)
    stand_in.state.lose_queue()
    stand_in.faults.worker_down = False
    return submission


def task(minutes: int, state: TaskState, *, is_upload: bool = True) -> Task:
    """Return a task put into the queue so many minutes after the start."""
    return Task(f"t{minutes}", "", state, created=START + timedelta(minutes=minutes), is_upload=is_upload)


def test_lost_upload_that_a_later_one_has_passed_is_sent_again_once(
    stand_in: StandIn, store: PaperlessStore, paper: Paper
) -> None:
    lost = sent_and_lost(stand_in, store, paper)
    store.file(paper.but(record_id="r0002", content=b"%PDF-1.4 later").submission())

    found_before = store.find(lost.digests)
    store.file(lost)

    (found,) = store.find(lost.digests)
    assert found_before == ()
    assert found.record_id == paper.record_id
    assert (stand_in.count(UPLOAD), len(stand_in.state.live)) == (3, 2)


def test_lost_upload_is_waited_for_while_nothing_has_passed_it(
    stand_in: StandIn, store: PaperlessStore, paper: Paper
) -> None:
    lost = sent_and_lost(stand_in, store, paper)

    with pytest.raises(StillUnderWay):
        store.find(lost.digests)

    assert stand_in.count(UPLOAD) == 1


def test_passed_upload_is_given_its_time_for_a_dead_workers_tasks_come_back(stand_in: StandIn, paper: Paper) -> None:
    patient = paperless_store(stand_in, seconds=0.2)
    lost = sent_and_lost(stand_in, patient, paper)
    patient.file(paper.but(record_id="r0002", content=b"%PDF-1.4 later").submission())

    with pytest.raises(StillUnderWay):
        patient.find(lost.digests)

    assert stand_in.count(UPLOAD) == 2
    patient.close()


def test_upload_that_waits_in_the_queue_before_others_is_never_taken_for_lost(
    stand_in: StandIn, store: PaperlessStore, paper: Paper
) -> None:
    store.file(paper.but(record_id="r0002", content=b"%PDF-1.4 earlier").submission())
    stand_in.faults.worker_down = True
    submission = paper.submission()
    with pytest.raises(OutcomeUnknown):
        store.file(submission)

    with pytest.raises(StillUnderWay):
        store.find(submission.digests)


def test_queue_lost_whole_does_not_stop_filing(stand_in: StandIn, store: PaperlessStore, paper: Paper) -> None:
    """More than fill the queue were lost: after a while one upload is tried, and shows that the queue is beyond them."""
    for number in range(MOST_WAITING + 5):
        stand_in.state.queue({}, f"q{number}.{'0' * 32}.pdf", b"%%PDF %d" % number)
    stand_in.state.lose_queue()
    papers = [paper.but(record_id=f"r{number}", content=b"%%PDF r%d" % number) for number in range(3)]

    with pytest.raises(StoreUnreachable, match="queue"):
        store.file(papers[0].submission())
    for one in papers:
        store.file(one.submission())

    assert stand_in.count(UPLOAD) == 3
    assert len(stand_in.state.live) == 3


def test_full_queue_is_probed_with_one_upload_and_not_again_before_its_time(stand_in: StandIn) -> None:
    now = [0.0]
    client = PaperlessClient(ServerAddress(stand_in.url), TOKEN)
    queue = BackPressure(client, Tasks(client), probe_after_seconds=60.0, monotonic=lambda: now[0])
    stand_in.faults.worker_down = True
    for number in range(MOST_WAITING):
        stand_in.state.queue({}, f"q{number}.{'0' * 32}.pdf", b"%%PDF %d" % number)

    def is_let_through(at_seconds: float) -> bool:
        now[0] = at_seconds
        try:
            queue.admit()
        except StoreUnreachable:
            return False
        return True

    let_through = [is_let_through(at) for at in (0.0, 59.0, 61.0, 62.0, 120.0, 122.0)]

    assert let_through == [False, False, True, False, False, True]
    client.close()


def test_job_of_the_servers_own_counts_only_when_it_came_an_hour_later() -> None:
    """2.20 shows such a job when it begins; it may have been put into the queue up to an hour before."""
    waiting = task(0, TaskState.WAITING)

    def is_passed_by(minutes: int) -> bool:
        lost = LostUploads(3600.0, lambda: 0.0)
        return lost.marked([waiting, task(minutes, TaskState.DONE, is_upload=False)])[0].is_passed

    assert (is_passed_by(59), is_passed_by(61)) == (False, True)


def test_time_counts_from_when_a_task_was_first_seen_passed() -> None:
    now = [0.0]
    lost = LostUploads(60.0, lambda: now[0])
    waiting, passing = task(0, TaskState.WAITING), task(5, TaskState.FAILED)

    def state(at_seconds: float, *listed: Task) -> TaskState:
        now[0] = at_seconds
        return lost.marked(listed)[0].state

    states = [
        state(0, waiting),
        state(100, waiting, passing),
        state(159, waiting, passing),
        state(161, waiting, passing),
    ]

    assert states == [TaskState.WAITING, TaskState.WAITING, TaskState.WAITING, TaskState.GONE]


@given(st.lists(st.tuples(st.integers(0, 200), st.sampled_from(TaskState), st.booleans()), max_size=20))
def test_nothing_is_lost_that_no_later_task_has_passed(drawn: list[tuple[int, TaskState, bool]]) -> None:
    tasks = [
        replace(task(minutes, state, is_upload=is_upload), task_id=str(number))
        for number, (minutes, state, is_upload) in enumerate(drawn)
    ]

    marked = LostUploads(0.0, lambda: 0.0).marked(tasks)

    for before, after in zip(tasks, marked, strict=True):
        is_lost = before.state is TaskState.WAITING and after.state is TaskState.GONE
        ended = [one for one in tasks if one.state in (TaskState.DONE, TaskState.FAILED)]
        assert is_lost <= any(one.created and before.created and one.created > before.created for one in ended)
        assert is_lost or before == after
