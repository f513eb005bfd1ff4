"""A server that is upgraded from 2.x to 3.x under us: digests change from MD5 to SHA-256, and the history of tasks is dropped."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from connector.interfaces import DOING, OutcomeUnknown, Presence
from connector.paperless.store import PaperlessStore
from tests.paperless_stand_in import StandIn
from tests.stores.conftest import applied, paperless_store, setup_profile
from tests.stores.submissions import Paper

UPLOAD = "POST /api/documents/post_document/"


@pytest.fixture
def old() -> Iterator[StandIn]:
    with StandIn("2.20.15") as running:
        yield running


def upgrade(stand_in: StandIn) -> None:
    stand_in.state.upgrade("3.0.5")


@pytest.fixture
def store(old: StandIn) -> Iterator[PaperlessStore]:
    made = paperless_store(old, seconds=0.5)
    yield made
    made.close()


def test_record_filed_before_is_found_by_its_bytes_afterwards(
    old: StandIn, store: PaperlessStore, paper: Paper
) -> None:
    submission = paper.submission()
    store_id = store.file(submission)

    upgrade(old)

    stored = store.read_back(store_id, submission.digests)
    assert stored is not None
    assert stored.digests_agree
    assert [found.store_id for found in store.find(submission.digests)] == [store_id]
    assert store.file(submission) == store_id
    assert old.count(UPLOAD) == 1


def test_record_is_not_filed_again_though_we_still_believe_the_old_version(
    old: StandIn, store: PaperlessStore, paper: Paper
) -> None:
    """The version is known from answers only: the first question after the upgrade is by MD5, and finds nothing."""
    submission = paper.submission()
    store_id = store.file(submission)
    upgrade(old)

    assert store.file(submission) == store_id
    assert old.count(UPLOAD) == 1


def test_record_in_the_trash_is_found_there_afterwards(old: StandIn, store: PaperlessStore, paper: Paper) -> None:
    submission = paper.submission()
    old.state.delete(int(store.file(submission)))

    upgrade(old)

    (found,) = store.find(submission.digests)
    assert (found.presence, found.digests_agree) == (Presence.TRASHED, True)


def test_upload_whose_task_the_upgrade_forgot_is_found_by_its_bytes(
    old: StandIn, store: PaperlessStore, paper: Paper
) -> None:
    old.faults.worker_down = True
    submission = paper.submission()
    with pytest.raises(OutcomeUnknown):
        store.file(submission)
    old.faults.worker_down = False
    old.state.work()

    upgrade(old)
    store.file(submission)

    assert old.count(UPLOAD) == 1
    assert len(old.state.live) == 1


def test_upload_that_the_upgrade_lost_is_sent_once_more(old: StandIn, store: PaperlessStore, paper: Paper) -> None:
    old.faults.worker_down = True
    submission = paper.submission()
    with pytest.raises(OutcomeUnknown):
        store.file(submission)
    old.faults.worker_down = False

    upgrade(old)
    assert store.find(submission.digests) == ()
    store.file(submission)

    assert old.count(UPLOAD) == 2
    assert len(old.state.live) == 1


def test_profile_makes_the_views_that_the_old_line_could_not_share(old: StandIn) -> None:
    applied(old)
    upgrade(old)
    profile = setup_profile(old)

    made = {step.name for step in profile.plan() if step.action in DOING and step.sort == "saved_views"}

    assert "待核验" in made
    assert len(made) == 5
    profile.close()
