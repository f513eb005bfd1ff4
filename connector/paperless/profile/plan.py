"""The plan: what is to be done on a server so that it is as wanted, as a pure function of both.

The rules, in this order, for each wanted object:
1. Nothing of its name: it is renamed from a name that it had (the other language's, an older version's), else made.
2. Ours or everybody's, of our name: brought up to date where it stands as we last applied it; where a person changed it
   since, it is left and said; where we never applied it, it is somebody else's, and a person decides.
3. Owned by another account, matched by a rule of the server, a field of another type: a person decides.
Nothing is ever deleted, and nothing of others is changed. A second plan after its carrying out is empty but for what waits.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from connector.interfaces import DOING, SetupAction
from connector.paperless.fields import Own
from connector.paperless.json_values import Json, JsonObject, objects, text
from connector.paperless.profile import sentences as say
from connector.paperless.profile.content import digest, is_as_wanted
from connector.paperless.profile.foreign import foreign_rules
from connector.paperless.profile.upgrades import PROFILE_VERSION, UPGRADES, Upgrade, former_names, pending, version_of
from connector.paperless.profile.values import (
    Marker,
    ObjectKind,
    Present,
    PresentObject,
    RefUnknown,
    Step,
    WantedObject,
    Wish,
    named,
    resolved,
)
from connector.paperless.profile.views import SHARED_SINCE
from connector.paperless.profile.wanted import Catalogue
from ingest.message import Message

MARKER_KEY = "guidang_profile"


def plan(catalogue: Catalogue, present: Present, upgrades: Sequence[Upgrade] = UPGRADES) -> tuple[Step, ...]:
    """Return the steps in the order in which they can be carried out, then what a person may want to know."""
    holder = marker_holder(catalogue)
    version = version_of(present, holder.other_names | {holder.name})
    renamed = tuple(pending(version, upgrades))
    steps = [step for wanted in catalogue.objects for step in _steps(wanted, catalogue, present, renamed)]
    steps = [*_unreadable(catalogue, present), *_allowed(steps, present)]
    steps += foreign_rules(present, frozenset((one.kind, one.name) for one in catalogue.objects))
    if _views_stay_away(present):
        steps.append(Step(SetupAction.NOTE, ObjectKind.VIEW, "", say.views_not_shared()))
    steps += [Step(SetupAction.NOTE, ObjectKind.FIELD, holder.name, upgrade.what) for upgrade in renamed]
    return (*steps, *_marker_step(catalogue, present, steps))


def marker_of(catalogue: Catalogue, present: Present) -> Marker:
    """Return the marker that says how the server stands now: what is as wanted counts as applied."""
    applied: dict[str, str] = {}
    for wanted in catalogue.objects:
        found = _ours(wanted, present)
        before = present.marker.applied.get(wanted.code)
        if not wanted.body or wanted.kind is ObjectKind.FIELD or found is None:
            continue
        wish = _wish(wanted, present)
        if is_as_wanted(wish, found.entry):
            applied[wanted.code] = digest(wish, found.entry)
        elif before is not None:
            applied[wanted.code] = before
    return Marker(PROFILE_VERSION, applied)


def marker_holder(catalogue: Catalogue) -> WantedObject:
    """Return the field that bears the marker: the one that only guidang ever writes."""
    code = f"field/{Own.RECORD_ID.value}"
    return next(one for one in catalogue.objects if one.code == code)


def _steps(wanted: WantedObject, catalogue: Catalogue, present: Present, upgrades: Sequence[Upgrade]) -> Iterator[Step]:
    if wanted.kind in present.unreadable or (wanted.kind is ObjectKind.VIEW and _views_stay_away(present)):
        return
    everything = present.of(wanted.kind)
    exact = named(everything, [wanted.name])
    yield from _confusable(wanted, catalogue, everything, exact)
    if not exact or (wanted.kind is ObjectKind.VIEW and exact[0].owner is not None):
        yield _renamed(wanted, everything, upgrades, present) or _made(wanted)
        return
    found = exact[0]
    if wanted.kind is ObjectKind.FIELD:
        yield from _field(wanted, found)
        return
    if found.owner is not None:
        yield _owned(wanted, found, present)
        return
    if found.kind.is_matched and (found.entry.get("matching_algorithm") != 0 or found.entry.get("is_inbox_tag")):
        yield _person(wanted, say.matched(wanted), say.unmatch(wanted))
    yield from _content(wanted, found, present)


def _made(wanted: WantedObject) -> Step:
    return Step(SetupAction.MAKE, wanted.kind, wanted.name, say.missing(), None, wanted)


def _renamed(
    wanted: WantedObject, everything: Iterable[PresentObject], upgrades: Sequence[Upgrade], present: Present
) -> Step | None:
    former = former_names(upgrades, wanted.kind, wanted.name)
    for found in named(everything, (*former, *wanted.other_names)):
        if found.owner is None and _has_our_type(wanted, found):
            why = say.former_name(found.name) if found.name in former else say.other_language(found.name)
            body: dict[str, Wish] = {"name": wanted.name}
            if wanted.kind is ObjectKind.FIELD and wanted.options:
                body["extra_data"] = {"select_options": _options(wanted, found)}
            elif _is_as_applied(wanted, found, present):
                body |= wanted.body
            return Step(SetupAction.RENAME, wanted.kind, wanted.name, why, None, wanted, found.object_id, body)
    return None


def _field(wanted: WantedObject, found: PresentObject) -> Iterator[Step]:
    if not _has_our_type(wanted, found):
        yield _person(wanted, say.type_differs(found, wanted), say.rename_it(wanted))
        return
    if not wanted.options:
        return
    options = _options(wanted, found)
    if options != _present_options(found):
        body: dict[str, Wish] = {"extra_data": {"select_options": options}}
        yield Step(SetupAction.CHANGE, wanted.kind, wanted.name, say.options(), None, wanted, found.object_id, body)


def _has_our_type(wanted: WantedObject, found: PresentObject) -> bool:
    return wanted.kind is not ObjectKind.FIELD or found.entry.get("data_type") == wanted.body["data_type"]


def _present_options(found: PresentObject) -> list[Wish]:
    extra = found.entry.get("extra_data")
    listed = extra.get("select_options") if isinstance(extra, dict) else None
    return [{"label": text(one, "label"), "id": text(one, "id")} for one in objects(listed or [], "select_options")]


def _options(wanted: WantedObject, found: PresentObject) -> list[Wish]:
    """Return all options that are there, ours in our language, and the missing ones: what is not sent is lost."""
    present = [dict(one) for one in _present_options(found) if isinstance(one, dict)]
    labels = {one["label"] for one in present}
    missing: list[Wish] = []
    for label, other in wanted.options:
        if label in labels:
            continue
        same = next((one for one in present if one["label"] == other), None)
        if same is not None:
            same["label"] = label
        else:
            missing.append({"label": label})
    return [*present, *missing]


def _owned(wanted: WantedObject, found: PresentObject, present: Present) -> Step:
    if found.owner == present.account.user_id:
        body: dict[str, Wish] = {"owner": None}
        return Step(SetupAction.CHANGE, wanted.kind, wanted.name, say.only_ours(), None, wanted, found.object_id, body)
    return _person(wanted, say.owned_by_another(wanted), say.share_it(wanted))


def _content(wanted: WantedObject, found: PresentObject, present: Present) -> Iterator[Step]:
    """Yield the step that brings the body up to date, unless a person made it so."""
    wish = _wish(wanted, present)
    if not wanted.body or is_as_wanted(wish, found.entry):
        return
    applied = present.marker.applied.get(wanted.code)
    is_flat = wanted.kind is ObjectKind.TAG and applied is None and found.entry.get("parent") is None
    if is_flat or _is_as_applied(wanted, found, present):
        why = say.to_nest() if wanted.kind is ObjectKind.TAG else say.out_of_date(wanted.kind)
        yield Step(SetupAction.CHANGE, wanted.kind, wanted.name, why, None, wanted, found.object_id, dict(wanted.body))
    elif applied is None and wanted.kind is not ObjectKind.TAG:
        yield _person(wanted, say.foreign(wanted), say.rename_it(wanted))
    else:
        yield Step(SetupAction.NOTE, wanted.kind, wanted.name, say.left_as_it_is())


def _is_as_applied(wanted: WantedObject, found: PresentObject, present: Present) -> bool:
    """Return whether it stands as we last applied it: no person changed it since."""
    return present.marker.applied.get(wanted.code) == digest(_wish(wanted, present), found.entry)


def _wish(wanted: WantedObject, present: Present) -> JsonObject:
    """Return the body with ids; an object that is still to be made has none."""

    def one(wish: Wish) -> Json:
        if isinstance(wish, list):
            return [one(part) for part in wish]
        if isinstance(wish, dict):
            return {key: one(part) for key, part in wish.items()}
        try:
            return resolved(wish, present.id_of)
        except RefUnknown:
            return None

    return {key: one(part) for key, part in wanted.body.items()}


def _confusable(
    wanted: WantedObject, catalogue: Catalogue, everything: Iterable[PresentObject], exact: Sequence[PresentObject]
) -> Iterator[Step]:
    """Yield warnings of names that people would mistake for ours: other case, or the same with an owner of its own."""
    for other in everything:
        is_variant = other.name != wanted.name and other.name.casefold() == wanted.name.casefold()
        is_twin = wanted.kind.is_matched and other in exact[1:]
        if (is_variant and catalogue.named(other.kind, other.name) is None) or is_twin:
            why = say.twin(other) if is_twin else say.case_variant(other)
            yield Step(SetupAction.WARNING, wanted.kind, wanted.name, why, say.rename_other(other))


def _person(wanted: WantedObject, why: Message, remedy: Message) -> Step:
    return Step(SetupAction.CONFLICT, wanted.kind, wanted.name, why, remedy, wanted)


def _unreadable(catalogue: Catalogue, present: Present) -> Iterator[Step]:
    wanted = {one.kind for one in catalogue.objects}
    for kind in ObjectKind:
        if kind in present.unreadable & wanted:
            yield Step(SetupAction.CONFLICT, kind, "", say.may_not_list(kind), say.give_right(kind.right("view")))


def _allowed(steps: Iterable[Step], present: Present) -> Iterator[Step]:
    """Yield the steps that the account may take, and one sentence for each right that it lacks."""
    lacking: dict[str, list[Step]] = {}
    for step in steps:
        right = step.kind.right("add" if step.action is SetupAction.MAKE else "change")
        if step.action not in DOING or present.account.has(right):
            yield step
        else:
            lacking.setdefault(right, []).append(step)
    for right, refused in lacking.items():
        names = ", ".join(step.name for step in refused)
        why = say.may_not_write(names)
        yield Step(SetupAction.CONFLICT, refused[0].kind, refused[0].name, why, say.give_right(right))


def _views_stay_away(present: Present) -> bool:
    return present.version[:2] < SHARED_SINCE


def _ours(wanted: WantedObject, present: Present) -> PresentObject | None:
    found = named(present.of(wanted.kind), [wanted.name])
    return found[0] if found and found[0].owner is None else None


def _marker_step(catalogue: Catalogue, present: Present, steps: Sequence[Step]) -> Iterator[Step]:
    """Yield the last step, which notes what was applied; needed too where only the note is out of date."""
    holder = marker_holder(catalogue)
    is_doing = any(step.action in DOING for step in steps)
    is_hindered = any(step.action is SetupAction.CONFLICT and step.wanted == holder for step in steps)
    may_write = ObjectKind.FIELD not in present.unreadable and present.account.has(ObjectKind.FIELD.right("change"))
    if may_write and not is_hindered and (is_doing or marker_of(catalogue, present) != present.marker):
        why = say.note_version(PROFILE_VERSION)
        yield Step(SetupAction.MARK, holder.kind, holder.name, why)
