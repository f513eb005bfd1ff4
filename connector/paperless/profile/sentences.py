"""The sentences of a setup plan: why each step, and what a person can do where one waits.

Apart from the rules, so that both stay short. A sentence that waits for a person names what it is about: `guidang check` says
it alone.
"""

from __future__ import annotations

from connector.paperless.json_values import text
from connector.paperless.profile.values import ObjectKind, PresentObject, WantedObject
from ingest.message import N_, Message


def missing() -> Message:
    """Not there."""
    return Message(N_("It is not there yet."))


def former_name(name: str) -> Message:
    """An older guidang's name."""
    return Message(N_("An older guidang called it {name}; what bears it keeps it."), {"name": name})


def other_language(name: str) -> Message:
    """The other language's name."""
    return Message(N_("It is called {name} in the other language; what bears it keeps it."), {"name": name})


def options() -> Message:
    """A select lacks options."""
    return Message(N_("Choices are missing or in the other language; those of others stay."))


def only_ours() -> Message:
    """Owned by our own account."""
    return Message(N_("It belongs to guidang's account alone; it is to be everybody's."))


def to_nest() -> Message:
    """A tag that stands flat."""
    return Message(N_("It is to stand below the tag that it belongs to."))


def out_of_date(kind: ObjectKind) -> Message:
    """Ours, and the configuration moved on."""
    if kind is ObjectKind.STORAGE_PATH:
        return Message(N_("The order of the archive changed; paperless moves the files that stand there."))
    return Message(N_("It stands as guidang once made it, and is no longer as the configuration wants it."))


def left_as_it_is() -> Message:
    """A person changed it."""
    return Message(N_("A person changed it in paperless; it stays so."))


def foreign(wanted: WantedObject) -> Message:
    """Same name, other content, never ours."""
    return Message(N_("Something else named {name} stands there already, not made by guidang."), {"name": wanted.name})


def rename_it(wanted: WantedObject) -> Message:
    """Remedy of a foreign name."""
    return Message(
        N_("Rename or remove that {name} in paperless, then apply the profile again."), {"name": wanted.name}
    )


def type_differs(found: PresentObject, wanted: WantedObject) -> Message:
    """A field of another type."""
    facts = {
        "name": wanted.name,
        "present": text(found.entry, "data_type"),
        "wanted": str(wanted.body["data_type"]),
    }
    return Message(N_("The custom field {name} in paperless has the type {present}, not {wanted}."), facts)


def matched(wanted: WantedObject) -> Message:
    """The server's own rules would set it."""
    return Message(
        N_("paperless itself puts {name} on records: it has a matching rule or the inbox mark."), {"name": wanted.name}
    )


def unmatch(wanted: WantedObject) -> Message:
    """Remedy of matching."""
    return Message(
        N_("Set the matching of {name} to none and take its inbox mark away in paperless."), {"name": wanted.name}
    )


def owned_by_another(wanted: WantedObject) -> Message:
    """Another account's."""
    return Message(N_("{name} belongs to another account; others do not see it."), {"name": wanted.name})


def share_it(wanted: WantedObject) -> Message:
    """Remedy of an owner."""
    return Message(
        N_("Take the owner of {name} away in paperless, so that it is everybody's, or rename it."),
        {"name": wanted.name},
    )


def twin(other: PresentObject) -> Message:
    """The same name once more."""
    return Message(N_("Another account has one of the same name: {name}."), {"name": other.name})


def case_variant(other: PresentObject) -> Message:
    """Differs in case only."""
    return Message(N_("A name that differs in capital letters only stands beside it: {name}."), {"name": other.name})


def rename_other(other: PresentObject) -> Message:
    """Remedy of a twin."""
    return Message(
        N_("Rename {name} in paperless, or join both there, so that people do not mix them up."), {"name": other.name}
    )


def may_not_list(kind: ObjectKind) -> Message:
    """A right to view lacks."""
    return Message(N_("guidang's account may not see what stands at {path} in paperless."), {"path": kind.path})


def may_not_write(names: str) -> Message:
    """A right to add or change lacks."""
    return Message(N_("guidang's account may not make or change this in paperless: {names}."), {"names": names})


def give_right(right: str) -> Message:
    """Remedy of a right."""
    return Message(
        N_("Give the account the right {right} in paperless, or apply with an administrator's token (--token-env)."),
        {"right": right},
    )


def views_not_shared() -> Message:
    """2.x."""
    return Message(
        N_("paperless before 3.0 shows a saved view to its maker only, so none are made; each person makes their own.")
    )


def note_version(version: int) -> Message:
    """The marker."""
    return Message(N_("Notes there that version {version} of the profile is applied."), {"version": str(version)})


def rule_of_its_own(name: str) -> Message:
    """A foreign matching rule."""
    return Message(N_("paperless puts {name} on records by a matching rule of its own."), {"name": name})


def switch_rule_off(name: str) -> Message:
    """Remedy of a foreign rule."""
    return Message(N_("Set the matching of {name} to none, if it is not wanted on filed records."), {"name": name})


def inbox_tag(name: str) -> Message:
    """A foreign inbox tag."""
    return Message(N_("paperless puts the inbox tag {name} on every record."), {"name": name})


def take_inbox_mark(name: str) -> Message:
    """Remedy of an inbox tag."""
    return Message(N_("Take the inbox mark away from {name}, if it is not wanted on filed records."), {"name": name})


def workflow_acts(name: str) -> Message:
    """A foreign workflow."""
    return Message(N_("The workflow {name} in paperless may change records as they are filed."), {"name": name})


def look_at_workflow(name: str) -> Message:
    """Remedy of a workflow."""
    return Message(N_("See in paperless that {name} leaves type, tags and fields alone."), {"name": name})
