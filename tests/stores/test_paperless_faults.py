"""Whatever a paperless server does on a bad day, a record ends on it exactly once, or its end is known to be unknown.

Each test is a row of what real servers were seen to do. "Again" is what the pipeline does after an unknown outcome: look by
digest, and only then file.
"""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from connector.interfaces import OutcomeUnknown, Presence, StoreForbidden, StoreRefused, StoreUnreachable
from connector.paperless.store import PaperlessStore
from metadata.values import StoreId, Submission
from tests.paperless_stand_in import StandIn
from tests.stores.conftest import paperless_store
from tests.stores.submissions import Paper

UPLOAD = "POST /api/documents/post_document/"


@pytest.fixture
def store(stand_in: StandIn) -> Iterator[PaperlessStore]:
    made = paperless_store(stand_in)
    yield made
    made.close()


def again(store: PaperlessStore, submission: Submission) -> StoreId:
    """Do as the pipeline does with a record that may have been sent before."""
    found = store.find(submission.digests)
    if not found:
        return store.file(submission)
    store.complete(found[0].store_id, submission)
    return found[0].store_id


def is_whole(stand_in: StandIn) -> bool:
    """Return whether the one document bears type, fields and tags."""
    (document,) = stand_in.state.live
    return document.document_type is not None and bool(document.fields) and bool(document.tags)


@pytest.mark.parametrize("fault", ["upload_500_after_accept", "upload_reset_after_accept", "upload_html_after_accept"])
def test_upload_taken_without_an_answer_is_found_again(
    stand_in: StandIn, store: PaperlessStore, paper: Paper, fault: str
) -> None:
    setattr(stand_in.faults, fault, 1)
    submission = paper.submission()

    store_id = store.file(submission)

    assert store.read_back(store_id, submission.digests) is not None
    assert stand_in.count(UPLOAD) == 1
    assert is_whole(stand_in)


def test_upload_whose_answer_does_not_come_in_time_is_found_again(stand_in: StandIn, paper: Paper) -> None:
    store = paperless_store(stand_in)
    stand_in.faults.upload_silent_after_accept = 1
    stand_in.faults.silence_seconds = 3.0

    store.file(paper.submission())

    assert stand_in.count(UPLOAD) == 1
    assert is_whole(stand_in)
    store.close()


def test_upload_never_taken_is_unknown_and_then_filed_once(
    stand_in: StandIn, store: PaperlessStore, paper: Paper
) -> None:
    stand_in.faults.upload_500_before = 1
    submission = paper.submission()

    with pytest.raises(OutcomeUnknown):
        store.file(submission)
    again(store, submission)

    assert is_whole(stand_in)


def test_refused_connection_means_nothing_was_done(paper: Paper) -> None:
    with StandIn() as gone:
        store = paperless_store(gone)

    with pytest.raises(StoreUnreachable):
        store.file(paper.submission())


def test_redis_away_ends_unknown_though_names_are_saved_and_is_filed_once_afterwards(
    stand_in: StandIn, store: PaperlessStore, paper: Paper
) -> None:
    stand_in.faults.redis_down = True
    submission = paper.submission()

    with pytest.raises(OutcomeUnknown):
        store.file(submission)
    stand_in.faults.redis_down = False
    again(store, submission)

    names = [tag.name for tag in stand_in.state.names["tags"].values()]
    assert len(names) == len(set(names))
    assert is_whole(stand_in)


def test_redis_away_while_amending_is_looked_through(stand_in: StandIn, store: PaperlessStore, paper: Paper) -> None:
    store_id = store.file(paper.held().submission())
    stand_in.faults.redis_down = True

    store.amend(store_id, paper.submission())

    stored = store.read_back(store_id, paper.submission().digests)
    assert stored is not None
    assert not stored.is_held


def test_bulk_edit_that_meets_a_locked_database_is_sent_again(
    stand_in: StandIn, store: PaperlessStore, paper: Paper
) -> None:
    """Seen on a real 2.20.15: the answer is a 400, as if our values were wrong, and nothing is saved."""
    store_id = store.file(paper.held().submission())
    stand_in.faults.bulk_breaks = 2

    store.amend(store_id, paper.submission())

    (document,) = stand_in.state.live
    names = {stand_in.state.names["tags"][tag].name for tag in document.tags}
    assert not {name for name in names if name.startswith("待核验")}
    assert paper.code in document.fields.values()


def test_bulk_edit_that_breaks_every_time_is_a_refusal_and_stops_no_others(
    stand_in: StandIn, store: PaperlessStore, paper: Paper
) -> None:
    store_id = store.file(paper.held().submission())
    stand_in.faults.bulk_breaks = 100

    with pytest.raises(StoreRefused, match="gives no reason"):
        store.amend(store_id, paper.submission())


def test_worker_away_leaves_the_outcome_unknown_and_nothing_is_sent_again(stand_in: StandIn, paper: Paper) -> None:
    store = paperless_store(stand_in, seconds=0.2)
    stand_in.faults.worker_down = True
    submission = paper.submission()

    with pytest.raises(OutcomeUnknown):
        store.file(submission)
    with pytest.raises(StoreUnreachable):
        store.find(submission.digests)
    with pytest.raises(OutcomeUnknown):
        store.file(submission)
    assert stand_in.count(UPLOAD) == 1

    stand_in.faults.worker_down = False
    again(store, submission)

    assert stand_in.count(UPLOAD) == 1
    assert is_whole(stand_in)
    store.close()


def test_restarted_connector_does_not_send_what_still_waits_in_the_queue(stand_in: StandIn, paper: Paper) -> None:
    first = paperless_store(stand_in, seconds=0.2)
    stand_in.faults.worker_down = True
    submission = paper.submission()
    with pytest.raises(OutcomeUnknown):
        first.file(submission)
    first.close()

    second = paperless_store(stand_in)
    with pytest.raises(StoreUnreachable):
        again(second, submission)
    stand_in.faults.worker_down = False
    again(second, submission)

    assert stand_in.count(UPLOAD) == 1
    assert is_whole(stand_in)
    second.close()


def test_slow_task_is_waited_for(stand_in: StandIn, store: PaperlessStore, paper: Paper) -> None:
    stand_in.faults.slow_polls = 5

    store.file(paper.submission())

    assert is_whole(stand_in)


def test_task_that_the_server_forgot_is_resolved_by_the_digest(
    stand_in: StandIn, store: PaperlessStore, paper: Paper
) -> None:
    stand_in.faults.lose_tasks = True

    store.file(paper.submission())

    assert stand_in.count(UPLOAD) == 1
    assert is_whole(stand_in)


def test_lost_queue_ends_unknown_and_then_filed_once(stand_in: StandIn, store: PaperlessStore, paper: Paper) -> None:
    stand_in.faults.lose_tasks_and_documents = True
    submission = paper.submission()

    with pytest.raises(OutcomeUnknown):
        store.file(submission)
    stand_in.faults.lose_tasks_and_documents = False
    again(store, submission)

    assert is_whole(stand_in)


def test_cancelled_task_means_nothing_was_done(stand_in: StandIn, store: PaperlessStore, paper: Paper) -> None:
    stand_in.faults.revoke_tasks = True
    submission = paper.submission()

    with pytest.raises(StoreUnreachable):
        store.file(submission)
    stand_in.faults.revoke_tasks = False
    again(store, submission)

    assert is_whole(stand_in)


def test_paper_that_the_server_cannot_read_is_refused_with_its_words(
    stand_in: StandIn, store: PaperlessStore, paper: Paper
) -> None:
    stand_in.faults.fail_consuming = "corrupt.pdf: Error occurred while consuming document: InputFileError: "

    with pytest.raises(StoreRefused, match="InputFileError"):
        store.file(paper.submission())

    assert stand_in.state.live == []


def test_upload_that_meets_a_locked_database_is_no_refusal_and_is_sent_again(
    stand_in: StandIn, store: PaperlessStore, paper: Paper
) -> None:
    """Seen on a real 2.20.15 with two workers on SQLite: 19 tasks failed so, and the records were held for a person."""
    stand_in.faults.fail_consuming = "a.pdf: error while storing document a.pdf after parsing: database is locked"
    submission = paper.submission()

    with pytest.raises(StoreUnreachable, match="just now"):
        store.file(submission)
    stand_in.faults.fail_consuming = ""
    again(store, submission)

    assert stand_in.count(UPLOAD) == 2
    assert is_whole(stand_in)


def test_useless_failure_text_is_never_believed(stand_in: StandIn, store: PaperlessStore, paper: Paper) -> None:
    """2.x sometimes answers with an object's address: what counts is the digest."""
    stand_in.faults.traceback_results = True
    stand_in.faults.duplicates_refused = True
    twin = paper.but(record_id="r0002")
    store.file(paper.submission())

    with pytest.raises(StoreRefused, match="same file already"):
        store.file(twin.submission())

    assert len(stand_in.state.live) == 1


def test_equal_bytes_of_another_record_are_filed_where_the_server_takes_them(
    stand_in: StandIn, store: PaperlessStore, paper: Paper
) -> None:
    stand_in.faults.duplicates_refused = False
    twin = paper.but(record_id="r0002")

    first, second = store.file(paper.submission()), store.file(twin.submission())

    assert first != second
    assert store.file(twin.submission()) == second
    assert {found.record_id for found in store.find(twin.submission().digests)} == {"r0001", "r0002"}


def test_record_in_the_trash_is_found_there_with_its_id(stand_in: StandIn, store: PaperlessStore, paper: Paper) -> None:
    submission = paper.submission()
    store_id = store.file(submission)
    stand_in.state.delete(int(store_id))

    (found,) = store.find(submission.digests)

    assert found.presence is Presence.TRASHED
    assert found.record_id == paper.record_id
    assert found.digests_agree


def test_refusal_because_of_the_trash_says_so(stand_in: StandIn, store: PaperlessStore, paper: Paper) -> None:
    stand_in.faults.duplicates_refused = True
    submission = paper.submission()
    stand_in.state.delete(int(store.file(submission)))

    with pytest.raises(StoreRefused, match="in its trash"):
        store.file(submission)

    assert stand_in.state.live == []


def test_completing_what_lies_in_the_trash_leaves_it_there(
    stand_in: StandIn, store: PaperlessStore, paper: Paper
) -> None:
    submission = paper.submission()
    store_id = store.file(submission)
    stand_in.state.delete(int(store_id))

    store.complete(store_id, submission)

    assert stand_in.state.live == []


def test_document_left_without_type_tags_and_fields_is_completed(
    stand_in: StandIn, store: PaperlessStore, paper: Paper
) -> None:
    stand_in.faults.drop_fields_on_upload = True

    store.file(paper.submission())

    assert is_whole(stand_in)


def test_change_that_is_answered_with_200_and_not_kept_is_noticed(
    stand_in: StandIn, store: PaperlessStore, paper: Paper
) -> None:
    store_id = store.file(paper.held().submission())
    stand_in.faults.keep_nothing = True

    with pytest.raises(StoreRefused, match="not keep"):
        store.amend(store_id, paper.submission())


def test_filter_that_the_server_ignores_finds_nothing_foreign(
    stand_in: StandIn, store: PaperlessStore, paper: Paper
) -> None:
    store.file(paper.but(record_id="r0002", content=b"%PDF-1.4 another").submission())
    stand_in.faults.ignore_filters = True

    assert store.find(paper.submission().digests) == ()


def test_tag_deleted_by_a_person_is_made_again(stand_in: StandIn, store: PaperlessStore, paper: Paper) -> None:
    store.file(paper.submission())
    stand_in.state.names["tags"].clear()
    for document in stand_in.state.live:
        document.tags.clear()

    store.file(paper.but(record_id="r0002", content=b"%PDF-1.4 another").submission())

    assert len(stand_in.state.live) == 2
    assert len(stand_in.state.tasks) == 2


def test_number_that_is_taken_is_refused_with_the_servers_words(
    stand_in: StandIn, store: PaperlessStore, paper: Paper
) -> None:
    """An archive serial number, given by a barcode or a workflow of others: guidang itself gives none."""
    stand_in.faults.fail_consuming = "Given ASN 1002 already exists!"

    with pytest.raises(StoreRefused, match="already exists"):
        store.file(paper.submission())

    assert stand_in.state.live == []


@pytest.mark.parametrize("status", [401, 403])
def test_wrong_token_or_right_stops_everything(
    stand_in: StandIn, store: PaperlessStore, paper: Paper, status: int
) -> None:
    stand_in.faults.status_of["/api/documents/post_document/"] = [(status, {})]

    with pytest.raises(StoreForbidden):
        store.file(paper.submission())

    assert stand_in.count(UPLOAD) == 1
    assert stand_in.state.tasks == []


def test_names_made_by_another_at_the_same_moment_are_taken(
    stand_in: StandIn, store: PaperlessStore, paper: Paper
) -> None:
    """Two connectors begin on a fresh server: 400 for the second is looked at, not believed to be an error."""
    other = paperless_store(stand_in)
    store.file(paper.submission())
    other.file(paper.but(record_id="r0002", content=b"%PDF-1.4 two").submission())

    store.file(paper.but(record_id="r0003", content=b"%PDF-1.4 three").held().submission())
    other.file(paper.but(record_id="r0004", content=b"%PDF-1.4 four").held().submission())

    names = [tag.name for tag in stand_in.state.names["tags"].values()]
    assert len(names) == len(set(names))
    other.close()


def test_read_that_is_throttled_is_tried_again_after_the_time_asked_for(
    stand_in: StandIn, store: PaperlessStore, paper: Paper
) -> None:
    stand_in.faults.status_of["/api/documents/"] = [(429, {"Retry-After": "1"}), (503, {})]

    store.file(paper.submission())

    assert is_whole(stand_in)


def test_read_that_is_reset_is_tried_again(stand_in: StandIn, store: PaperlessStore, paper: Paper) -> None:
    stand_in.faults.reset_on["/api/tags/"] = 2

    store.file(paper.submission())

    assert is_whole(stand_in)


def test_web_pages_in_place_of_the_api_are_noticed(stand_in: StandIn, store: PaperlessStore, paper: Paper) -> None:
    stand_in.faults.html_on = ("/api/documents/",)

    with pytest.raises(StoreUnreachable, match="JSON"):
        store.file(paper.submission())
