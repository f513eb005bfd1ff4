"""What `guidang check` says of a paperless-ngx server: reached, version, token, rights, our fields, foreign rules. Changes nothing.

Not the contract test (that files something); only questions that harm nobody.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from connector.interfaces import CheckFinding, Severity
from connector.paperless.client import PaperlessClient
from connector.paperless.fields import FieldDefinition
from connector.paperless.json_values import JsonObject, text
from connector.paperless.look import DOCUMENTS
from connector.paperless.taxonomy import TAGS, TYPES, Taxonomy
from ingest.message import N_, GuidangError, Message

OLDEST_VERSION = (2, 19)
NEEDED_RIGHTS = (
    "add_document",
    "change_document",
    "view_document",
    "add_tag",
    "view_tag",
    "add_documenttype",
    "view_documenttype",
    "add_customfield",
    "change_customfield",
    "view_customfield",
    "view_paperlesstask",
)
_UI_SETTINGS = "/api/ui_settings/"
_WORKFLOWS = "/api/workflows/"
_MATCHED = (TAGS, TYPES, "/api/correspondents/", "/api/storage_paths/")


def findings(
    client: PaperlessClient, table: Mapping[str, FieldDefinition], taxonomy: Taxonomy
) -> tuple[CheckFinding, ...]:
    """Return how the server stands; never raises."""
    server = {"server": client.address.url}
    try:
        client.read_object(DOCUMENTS, (("page_size", "1"), ("fields", "id")))
    except GuidangError as error:
        return (CheckFinding(Severity.ERROR, error.what, error.remedy),)
    found = list(_version(client))
    for look in (_rights, _rules, _workflows):
        try:
            found += look(client)
        except GuidangError as error:
            found.append(CheckFinding(Severity.WARNING, error.what, error.remedy))
    found += _fields(table, taxonomy)
    if all(finding.severity is Severity.OK for finding in found):
        what = Message(N_("paperless at {server} accepts the token and gives all rights that are needed."), server)
        found.append(CheckFinding(Severity.OK, what, None))
    return tuple(found)


def _version(client: PaperlessClient) -> Iterator[CheckFinding]:
    version = client.server_version or ()
    facts = {"server": client.address.url, "version": ".".join(map(str, version)) or "?"}
    if version and version < OLDEST_VERSION:
        what = Message(N_("paperless at {server} is version {version}, which is too old."), facts)
        yield CheckFinding(Severity.ERROR, what, Message(N_("Update it to paperless-ngx 2.19 or newer.")))
        return
    yield CheckFinding(Severity.OK, Message(N_("paperless at {server} answers; it is version {version}."), facts), None)


def _rights(client: PaperlessClient) -> Iterator[CheckFinding]:
    settings = client.read_object(_UI_SETTINGS)
    user, rights = settings.get("user"), settings.get("permissions")
    if isinstance(user, dict) and user.get("is_superuser") is True:
        return
    present = set(rights) if isinstance(rights, list) else set()
    missing = [right for right in NEEDED_RIGHTS if right not in present]
    if missing:
        facts = {"server": client.address.url, "rights": ", ".join(missing)}
        what = Message(N_("guidang's account in paperless at {server} lacks these rights: {rights}."), facts)
        yield CheckFinding(Severity.ERROR, what, Message(N_("Give them to the account in paperless' settings.")))


def _rules(client: PaperlessClient) -> Iterator[CheckFinding]:
    """Yield the names that the server would put on our records by its own rules: matching and inbox tags."""
    for path in _MATCHED:
        for entry in client.pages(path, page_size=1000):
            facts = {"name": text(entry, "name")}
            if _matches(entry):
                what = Message(N_("paperless puts {name} on records by a matching rule of its own."), facts)
                remedy = Message(N_("Set the matching of {name} to none, if it is not wanted on filed records."), facts)
                yield CheckFinding(Severity.WARNING, what, remedy)
            if entry.get("is_inbox_tag") is True:
                what = Message(N_("paperless puts the inbox tag {name} on every record."), facts)
                remedy = Message(
                    N_("Take the inbox mark away from {name}, if it is not wanted on filed records."), facts
                )
                yield CheckFinding(Severity.WARNING, what, remedy)


def _matches(entry: JsonObject) -> bool:
    algorithm = entry.get("matching_algorithm")
    return algorithm == 6 or (algorithm not in (0, None) and bool(text(entry, "match").strip()))


def _workflows(client: PaperlessClient) -> Iterator[CheckFinding]:
    for entry in client.pages(_WORKFLOWS):
        if entry.get("enabled") is True and _acts_on_arrival(entry):
            facts = {"name": text(entry, "name")}
            what = Message(N_("The workflow {name} in paperless may change records as they are filed."), facts)
            remedy = Message(N_("See in paperless that {name} leaves type, tags and fields alone."), facts)
            yield CheckFinding(Severity.WARNING, what, remedy)


def _acts_on_arrival(entry: JsonObject) -> bool:
    """Return whether a trigger is consumption (1), added (2) or updated (3), and an action assigns (1) or removes (2)."""
    return bool(_types(entry, "triggers") & {1, 2, 3}) and bool(_types(entry, "actions") & {1, 2})


def _types(entry: JsonObject, key: str) -> set[int]:
    parts = entry.get(key)
    listed = parts if isinstance(parts, list) else []
    types = {part.get("type") for part in listed if isinstance(part, dict)}
    return {kind for kind in types if isinstance(kind, int)}


def _fields(table: Mapping[str, FieldDefinition], taxonomy: Taxonomy) -> Iterator[CheckFinding]:
    wanted = {definition.name: definition.data_type.value for definition in table.values()}
    try:
        taxonomy.forget()
        present = taxonomy.field_types()
    except GuidangError as error:
        yield CheckFinding(Severity.ERROR, error.what, error.remedy)
        return
    for name, data_type in wanted.items():
        if present.get(name, data_type) != data_type:
            facts = {"name": name, "present": present[name], "wanted": data_type}
            what = Message(N_("The custom field {name} in paperless has the type {present}, not {wanted}."), facts)
            remedy = Message(N_("Rename that field in paperless, so that guidang can make its own."))
            yield CheckFinding(Severity.ERROR, what, remedy)
