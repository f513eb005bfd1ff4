"""Carries out the setup profile on one server, step by step; may be repeated, and may be killed between any two steps.

Each step looks at the state that the steps before it left, so an id that an earlier one was given is there for a later one.
A write without a clear answer is looked at before it is believed: a server whose Redis is away saves and then says 500.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from functools import partial

from zope.interface import implementer

from connector.interfaces import (
    DOING,
    ISetupProfile,
    OutcomeUnknown,
    SetupAction,
    SetupStep,
    StoreRefused,
)
from connector.paperless import errors
from connector.paperless.client import PaperlessClient
from connector.paperless.json_values import Json, JsonObject, as_object
from connector.paperless.profile.content import is_as_wanted
from connector.paperless.profile.plan import MARKER_KEY, marker_holder, marker_of, plan
from connector.paperless.profile.present import PAGE_SIZE, present_object, read_present
from connector.paperless.profile.upgrades import PROFILE_VERSION
from connector.paperless.profile.values import (
    KIND_WORDS,
    Marker,
    Present,
    PresentObject,
    Ref,
    RefUnknown,
    Step,
    WantedObject,
)
from connector.paperless.profile.wanted import Catalogue, creation_body, with_ids
from ingest.message import N_, GuidangError, Message


@implementer(ISetupProfile)
class SetupProfile:
    """The profile of one configuration and one server. Constructing it sends nothing."""

    version = PROFILE_VERSION

    def __init__(self, client: PaperlessClient, catalogue: Catalogue) -> None:
        self._client = client
        self._catalogue = catalogue

    def plan(self) -> tuple[SetupStep, ...]:
        """Return what would be done and what a person must see to."""
        return tuple(_told(step) for step in plan(self._catalogue, self._read()))

    def apply(self) -> Iterator[tuple[SetupStep, GuidangError | None]]:
        """Carry out the plan; the marker comes last, so that a run cut short is taken up by the next one."""
        present = self._read()
        for step in plan(self._catalogue, present):
            if step.action not in DOING:
                continue
            error: GuidangError | None = None
            try:
                if step.action is SetupAction.MARK:
                    self._mark(present)
                else:
                    present = self._done(step, present)
            except (StoreRefused, OutcomeUnknown, errors.RightMissing) as failure:
                error = failure
            yield _told(step), error

    def close(self) -> None:
        """Let go of the connections."""
        self._client.close()

    def _read(self) -> Present:
        holder = marker_holder(self._catalogue)
        return read_present(self._client, holder.other_names | {holder.name})

    def _done(self, step: Step, present: Present) -> Present:
        """Send one step and return the state after it; raises StoreRefused, OutcomeUnknown, RightMissing."""
        wanted = step.wanted
        if wanted is None:
            return present
        try:
            if step.action is SetupAction.MAKE:
                entry = self._sent("POST", wanted, None, creation_body(wanted, present.id_of))
            else:
                entry = self._sent("PATCH", wanted, step.object_id, with_ids(step.body, present.id_of))
        except RefUnknown as error:
            raise errors.refused(self._client.address.url, _missing(str(error))) from error
        changed = self._client.shaped(wanted.kind.path, lambda: present_object(wanted.kind, entry))
        others = tuple(one for one in present.objects if (one.kind, one.object_id) != (changed.kind, changed.object_id))
        return replace(present, objects=(*others, changed))

    def _sent(self, method: str, wanted: WantedObject, object_id: int | None, body: JsonObject) -> JsonObject:
        path = wanted.kind.path if object_id is None else f"{wanted.kind.path}{object_id}/"
        try:
            answer = self._client.write(method, path, body)
        except OutcomeUnknown:
            found = self._found(wanted, object_id, body)
            if found is None:
                raise
            return found.entry
        return self._client.shaped(path, lambda: as_object(answer, path))

    def _found(self, wanted: WantedObject, object_id: int | None, body: JsonObject) -> PresentObject | None:
        """Return what a write without an answer left behind, if it did what it was to do."""
        for entry in self._client.pages(wanted.kind.path, page_size=PAGE_SIZE):
            one = self._client.shaped(wanted.kind.path, partial(present_object, wanted.kind, entry))
            is_it = one.object_id == object_id if object_id is not None else one.name == wanted.name
            if is_it and is_as_wanted(body, entry):
                return one
        return None

    def _mark(self, present: Present) -> None:
        holder = marker_holder(self._catalogue)
        found = present.id_of(_ref(holder))
        if found is None:
            raise errors.refused(self._client.address.url, _missing(holder.name))
        body: JsonObject = {"extra_data": {MARKER_KEY: _written(marker_of(self._catalogue, present))}}
        self._sent("PATCH", holder, found, body)


def _missing(name: str) -> Message:
    return Message(N_("{name} is missing there"), {"name": name})


def _ref(wanted: WantedObject) -> Ref:
    return Ref(wanted.kind, wanted.name)


def _written(marker: Marker) -> Json:
    applied: JsonObject = dict(sorted(marker.applied.items()))
    return {"version": marker.version, "applied": applied}


def _told(step: Step) -> SetupStep:
    word = Message(KIND_WORDS[step.kind])
    return SetupStep(step.action, step.kind.value, word, step.name, step.why, step.remedy)
