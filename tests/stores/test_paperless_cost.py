"""What a record costs the server, and that a server which does not keep up, or is busy, is not drowned."""

from __future__ import annotations

import pytest

from connector.duties import DEFAULT_DUTIES
from connector.interfaces import OutcomeUnknown, StoreUnreachable
from connector.paperless.back_pressure import MOST_WAITING
from connector.paperless.store import PaperlessStore
from metadata.values import Submission
from tests.paperless_stand_in import StandIn
from tests.stores.conftest import applied, paperless_store
from tests.stores.submissions import Paper

UPLOAD = "POST /api/documents/post_document/"
BULK_EDIT = "/api/documents/bulk_edit/"
MOST_REQUESTS = 8


def filed(store: PaperlessStore, submission: Submission) -> str:
    """File and read back, as the pipeline does with a record that was never sent."""
    store_id = store.file(submission)
    stored = store.read_back(store_id, submission.digests)
    assert stored is not None
    assert stored.digests_agree
    return store_id


def cost(stand_in: StandIn) -> list[str]:
    """Return the requests without the polling of tasks, one of which asks for one upload; the list of all tasks counts."""
    return [request for request in stand_in.requests if not request.startswith("GET /api/tasks/?task_id=")]


@pytest.mark.parametrize("is_held", [False, True])
def test_record_costs_at_most_eight_requests(stand_in: StandIn, paper: Paper, is_held: bool) -> None:
    applied(stand_in)
    store = paperless_store(stand_in, duties=DEFAULT_DUTIES)
    papers = [paper.but(record_id=f"r{n}", content=b"%%PDF %d" % n) for n in range(5)]
    papers = [one.held() if is_held else one for one in papers]
    filed(store, papers[0].submission())  # learns the names once
    stand_in.requests.clear()

    for one in papers[1:]:
        filed(store, one.submission())

    assert len(cost(stand_in)) <= MOST_REQUESTS * 4
    assert stand_in.count(UPLOAD) == 4
    assert all(document.permissions["view"]["groups"] for document in stand_in.state.live)
    store.close()


def test_tasks_are_not_listed_for_each_record(stand_in: StandIn, paper: Paper) -> None:
    """The list of all tasks is not paged: with 10,000 records it is megabytes."""
    store = paperless_store(stand_in)

    for n in range(6):
        store.file(paper.but(record_id=f"r{n}", content=b"%%PDF %d" % n).submission())

    assert [request for request in stand_in.requests if request == "GET /api/tasks/"] == ["GET /api/tasks/"]
    store.close()


def test_nothing_more_is_put_into_a_queue_that_does_not_move(stand_in: StandIn, paper: Paper) -> None:
    for n in range(MOST_WAITING):
        stand_in.state.queue({}, f"r{n}.{'0' * 32}.pdf", b"%%PDF %d" % n)
    stand_in.faults.worker_down = True
    store = paperless_store(stand_in, seconds=0.2)

    with pytest.raises(StoreUnreachable, match="queue") as raised:
        store.file(paper.submission())

    assert raised.value.retry_after_seconds == 30.0
    assert stand_in.count(UPLOAD) == 0
    store.close()


def test_queue_fills_no_further_while_the_worker_is_down_and_empties_afterwards(
    stand_in: StandIn, paper: Paper
) -> None:
    stand_in.faults.worker_down = True
    store = paperless_store(stand_in, seconds=0.02)
    papers = [paper.but(record_id=f"r{n}", content=b"%%PDF %d" % n) for n in range(MOST_WAITING + 5)]

    for one in papers:
        with pytest.raises((OutcomeUnknown, StoreUnreachable)):
            store.file(one.submission())
    waiting = len(stand_in.state.tasks)
    stand_in.faults.worker_down = False
    later = paperless_store(stand_in)
    for one in papers:
        if not later.find(one.submission().digests):
            later.file(one.submission())

    assert waiting == MOST_WAITING
    assert len(stand_in.state.live) == len(papers)
    assert len({document.content for document in stand_in.state.live}) == len(papers)
    store.close()
    later.close()


def test_uploads_of_others_do_not_hold_us_up(stand_in: StandIn, paper: Paper) -> None:
    stand_in.faults.slow_polls = 10**6
    for n in range(MOST_WAITING):
        stand_in.state.queue({}, f"holiday {n}.pdf", b"%%PDF %d" % n)
    stand_in.faults.slow_polls = 0
    store = paperless_store(stand_in)

    store.file(paper.submission())

    assert stand_in.count(UPLOAD) == 1
    store.close()


@pytest.mark.parametrize("failures", [1, 2])
def test_change_that_a_busy_server_did_not_take_is_sent_again_after_a_look(
    stand_in: StandIn, paper: Paper, failures: int
) -> None:
    """Seen on 2.20.15 with SQLite: "database is locked" while its worker writes, and nothing saved."""
    store = paperless_store(stand_in)
    store_id = store.file(paper.held().submission())
    stand_in.faults.status_of[BULK_EDIT] = [(500, {})] * failures

    store.amend(store_id, paper.submission())

    stored = store.read_back(store_id, paper.submission().digests)
    assert stored is not None
    assert not stored.is_held
    store.close()


def test_change_that_is_never_taken_ends_unknown(stand_in: StandIn, paper: Paper) -> None:
    store = paperless_store(stand_in)
    store_id = store.file(paper.held().submission())
    stand_in.faults.status_of[BULK_EDIT] = [(500, {})] * 20

    with pytest.raises(OutcomeUnknown):
        store.amend(store_id, paper.submission())

    assert len(stand_in.faults.status_of[BULK_EDIT]) >= 14
    store.close()
