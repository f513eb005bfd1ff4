"""Sends a record's bytes once and finds out what became of them.

The ways an upload goes, and what each ends in:
1. a task that succeeds: the document it names, its digest compared; 2. a task that fails: the server's own copy if it is this
record's (2.x refuses equal bytes), else ServerAway where its trouble is its own and passes, else StoreRefused with the reason;
3. no clear answer (500, reset, time-out): the task under our file name, else the document with our digest, else OutcomeUnknown;
4. a task that is lost or does not end in time: the document with our digest, else OutcomeUnknown. Nothing is sent a second time
here.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

from connector.interfaces import BytesTaken, OutcomeUnknown, StoreRefused, StoreUnreachable
from connector.paperless import errors
from connector.paperless.back_pressure import BackPressure
from connector.paperless.client import PaperlessClient
from connector.paperless.documents import Document, DocumentId, file_name_for
from connector.paperless.errors import ServerAway
from connector.paperless.look import Look
from connector.paperless.resolver import Resolver, upload_parts
from connector.paperless.task_values import TaskState
from connector.paperless.tasks import Tasks
from connector.paperless.wanted import Wanted
from ingest.message import N_, Message
from metadata.values import Digests, Submission

ENDLESS: Mapping[TaskState, str] = {
    TaskState.WAITING: N_("the upload was not taken in within {seconds} s"),
    TaskState.DONE: N_("it says that the upload was taken in, but the document is not to be found"),
    TaskState.GONE: N_("it knows nothing of the upload any more"),
}
"""How an upload stands of which we cannot say what became of it; a failed or cancelled one ends otherwise."""

UPLOAD = "/api/documents/post_document/"

PASSING = ("database is locked", "deadlock detected", "No space left on device")
"""What a task that failed says of trouble that is the server's own and passes; seen is the first: 2.20.15, two workers on SQLite."""


class Uploads:
    """Sends and follows; `is_own` says whether a document with the right bytes is this record's."""

    def __init__(
        self,
        client: PaperlessClient,
        look: Look,
        tasks: Tasks,
        resolver: Resolver,
        queue: BackPressure,
    ) -> None:
        self._client = client
        self._look = look
        self._tasks = tasks
        self._resolver = resolver
        self._queue = queue

    def sent(
        self,
        submission: Submission,
        wanted: Wanted,
        deadline_seconds: float,
        own: Callable[[Submission], Document | None],
    ) -> Document:
        """Return the document that this record has become, as it was just read."""
        file_name = file_name_for(submission.description.record_id, submission.digests)
        try:
            task_id = self._posted(submission, wanted, file_name)
        except OutcomeUnknown as error:
            self._queue.doubt()
            return self._resolved(error, submission, file_name, deadline_seconds, own)
        return self._followed(task_id, submission, deadline_seconds, own)

    def waited_for(
        self, submission: Submission, deadline_seconds: float, own: Callable[[Submission], Document | None]
    ) -> Document | None:
        """Return what an upload of this record that is still under way has become, None where none is under way."""
        file_name = file_name_for(submission.description.record_id, submission.digests)
        task = self._tasks.named(file_name)
        if task is None or task.state is not TaskState.WAITING:
            return None
        return self._followed(task.task_id, submission, deadline_seconds, own)

    def _posted(self, submission: Submission, wanted: Wanted, file_name: str) -> str:
        ids = self._resolver.ids(wanted)
        self._queue.admit()
        try:
            answer = self._client.upload(UPLOAD, upload_parts(ids), file_name, submission.pdf_path)
        except errors.NotThere:
            raise
        except StoreRefused:
            # Refused before queueing. If a tag, type or field of ours was deleted meanwhile, its new id makes the difference.
            self._resolver.forget()
            renewed = self._resolver.ids(wanted)
            if renewed == ids:
                raise
            answer = self._client.upload(UPLOAD, upload_parts(renewed), file_name, submission.pdf_path)
        if not isinstance(answer, str) or not answer:
            raise errors.unknown(self._client.address.url, Message(N_("it named no task for it")))
        return answer

    def _resolved(
        self,
        error: OutcomeUnknown,
        submission: Submission,
        file_name: str,
        deadline_seconds: float,
        own: Callable[[Submission], Document | None],
    ) -> Document:
        """Look once for what an unclear upload may have left; raises the error again where there is nothing to see."""
        try:
            task = self._tasks.named(file_name)
            if task is not None and task.state in (TaskState.WAITING, TaskState.DONE):
                return self._followed(task.task_id, submission, deadline_seconds, own)
            document = own(submission)
        except StoreUnreachable:
            raise error from None
        if document is None:
            raise error
        return document

    def _followed(
        self,
        task_id: str,
        submission: Submission,
        deadline_seconds: float,
        own: Callable[[Submission], Document | None],
    ) -> Document:
        server = self._client.address.url
        try:
            task = self._tasks.ended(task_id, deadline_seconds)
            if task.state is TaskState.DONE and task.document_id is not None:
                named = self._look.document(task.document_id)
                if named is not None and self._is_what_was_sent(named, submission):
                    return named
            document = own(submission)
            if document is not None:
                return document
            failure = self._failure(task.result, submission.digests) if task.state is TaskState.FAILED else None
        except StoreUnreachable as error:
            raise errors.unknown(server, error.what) from error
        if failure is not None:
            raise failure
        if task.state is TaskState.REVOKED:
            raise errors.away(server, Message(N_("it cancelled the upload")))
        self._queue.doubt()
        raise errors.unknown(server, Message(ENDLESS[task.state], {"seconds": f"{deadline_seconds:g}"}))

    def _is_what_was_sent(self, named: Document, submission: Submission) -> bool:
        """Return whether the document that a task names is our upload, by the digest.

        Where the server leaves that out (2.x) by the file name, which we gave to these bytes alone; whoever files reads the
        digest back at the end.
        """
        if named.checksum is None:
            return named.file_name == file_name_for(submission.description.record_id, submission.digests)
        return self._look.has_bytes(named, submission.digests)

    def _failure(self, result: str, digests: Digests) -> StoreRefused | ServerAway:
        server = self._client.address.url
        same = self._look.with_bytes(digests)
        if same:
            return _refused_for_twin(server, same[0].document_id, is_trashed=False)
        trashed = self._look.trashed_with_bytes(digests)
        if trashed:
            return _refused_for_twin(server, trashed[0].document_id, is_trashed=True)
        if any(words in result for words in PASSING):
            return errors.busy(server, errors.ServerWords(result))
        return errors.refused(
            server, errors.ServerWords(result) if result else Message(N_("it could not take the file in"))
        )


def _refused_for_twin(server: str, document_id: DocumentId, *, is_trashed: bool) -> BytesTaken:
    facts = {"server": server, "document": str(document_id)}
    if is_trashed:
        return BytesTaken(
            Message(N_("paperless at {server} has the same file in its trash, as number {document}."), facts),
            Message(N_("Restore it there, or empty the trash, and have the scan filed again.")),
        )
    return BytesTaken(
        Message(N_("paperless at {server} has the same file already, as number {document}."), facts),
        Message(N_("Compare both; if they are the same record, reject this one.")),
    )
