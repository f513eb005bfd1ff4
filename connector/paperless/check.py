"""What `guidang check` says of a paperless-ngx server: reached, version, token, rights, the setup profile, foreign rules. Changes nothing.

Not the contract test (that files something); only questions that harm nobody. That the account sees all it must is shown in
two ways: it has every right that filing uses, and no record of ours belongs to another account, where it could be hidden.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator

from connector.interfaces import DOING, CheckFinding, SetupAction, Severity
from connector.paperless.client import PaperlessClient
from connector.paperless.json_values import number
from connector.paperless.look import DOCUMENTS
from connector.paperless.profile.plan import marker_holder, plan
from connector.paperless.profile.present import read_present
from connector.paperless.profile.values import ObjectKind, Present, Ref, Step
from connector.paperless.profile.wanted import Catalogue
from ingest.message import N_, GuidangError, Message

OLDEST_VERSION = (2, 19)
SEARCHES_CHINESE_SINCE = (3, 0)
FILING_RIGHTS = (
    "add_document",
    "change_document",
    "view_document",
    "view_paperlesstask",
    "view_uisettings",
    "view_logentry",  # who changed what
    "view_tag",
    "add_tag",
    "view_documenttype",
    "add_documenttype",
    "view_storagepath",
    "add_storagepath",
    "view_customfield",
    "add_customfield",
    "change_customfield",
)
"""What filing, looking and sync use, with a prepared server or without."""

_LISTED = 5


def findings(client: PaperlessClient, catalogue: Catalogue) -> tuple[CheckFinding, ...]:
    """Return how the server stands; never raises."""
    server = {"server": client.address.url}
    try:
        client.read_object(DOCUMENTS, (("page_size", "1"), ("fields", "id")))
    except GuidangError as error:
        return (CheckFinding(Severity.ERROR, error.what, error.remedy),)
    found = list(_version(client))
    try:
        holder = marker_holder(catalogue)
        trouble: dict[ObjectKind, GuidangError] = {}
        present = read_present(client, holder.other_names | {holder.name}, trouble)
        found += [CheckFinding(Severity.WARNING, error.what, error.remedy) for error in trouble.values()]
        found += _rights(client, catalogue, present)
        found += _profile(step for step in plan(catalogue, present) if step.kind not in trouble)
        found += _owners(client, catalogue, present)
        found += _switched_off(catalogue, present)
    except GuidangError as error:
        found.append(CheckFinding(Severity.WARNING, error.what, error.remedy))
    if all(finding.severity is Severity.OK for finding in found):
        what = Message(N_("paperless at {server} accepts the token and gives all rights that are needed."), server)
        found.append(CheckFinding(Severity.OK, what, None))
    return (*found, *search_findings(client))


def needed_rights(catalogue: Catalogue) -> tuple[str, ...]:
    """Return the rights that the account needs for filing; groups only where the configuration has duties."""
    has_groups = any(one.kind is ObjectKind.GROUP for one in catalogue.objects)
    return (*FILING_RIGHTS, *((ObjectKind.GROUP.right("view"),) if has_groups else ()))


def _version(client: PaperlessClient) -> Iterator[CheckFinding]:
    version = client.server_version or ()
    facts = {"server": client.address.url, "version": ".".join(map(str, version)) or "?"}
    if version and version < OLDEST_VERSION:
        what = Message(N_("paperless at {server} is version {version}, which is too old."), facts)
        yield CheckFinding(Severity.ERROR, what, Message(N_("Update it to paperless-ngx 2.19 or newer.")))
        return
    yield CheckFinding(Severity.OK, Message(N_("paperless at {server} answers; it is version {version}."), facts), None)


def _rights(client: PaperlessClient, catalogue: Catalogue, present: Present) -> Iterator[CheckFinding]:
    missing = [right for right in needed_rights(catalogue) if not present.account.has(right)]
    if missing:
        facts = {"server": client.address.url, "rights": ", ".join(missing)}
        what = Message(N_("guidang's account in paperless at {server} lacks these rights: {rights}."), facts)
        yield CheckFinding(Severity.ERROR, what, Message(N_("Give them to the account in paperless' settings.")))


def _profile(steps: Iterable[Step]) -> Iterator[CheckFinding]:
    """Yield what waits for a person, what of others would touch our records, and whether the profile is up to date."""
    undone: list[Step] = []
    for step in steps:
        if step.action in DOING:
            undone.append(step)
        elif step.action is SetupAction.CONFLICT:
            yield CheckFinding(Severity.ERROR, step.why, step.remedy)
        elif step.action is SetupAction.WARNING:
            yield CheckFinding(Severity.WARNING, step.why, step.remedy)
    if undone:
        names = ", ".join(step.name for step in undone[:_LISTED]) + (" …" if len(undone) > _LISTED else "")
        what = Message(
            N_("paperless is not prepared as configured: {count} things are to be made or changed ({names})."),
            {"count": str(len(undone)), "names": names},
        )
        yield CheckFinding(Severity.WARNING, what, Message(N_("Look at `guidang profile plan`, then apply it.")))


def search_findings(client: PaperlessClient) -> Iterator[CheckFinding]:
    """Yield what the search of this version does not find."""
    version = client.server_version
    if version is not None and version[:2] < SEARCHES_CHINESE_SINCE:
        yield CheckFinding(
            Severity.WARNING,
            Message(N_("The search box at the top of this paperless finds no Chinese word inside running text.")),
            Message(
                N_(
                    'Use the filter "Title & content" over its list of documents, or `guidang search`, or update to 3.x.'
                )
            ),
        )


def _switched_off(catalogue: Catalogue, present: Present) -> Iterator[CheckFinding]:
    """Yield our workflow where a person switched it off: then changes are seen by polling only."""
    ours = {
        name for one in catalogue.objects if one.kind is ObjectKind.WORKFLOW for name in (one.name, *one.other_names)
    }
    for one in present.of(ObjectKind.WORKFLOW):
        if one.name in ours and one.entry.get("enabled") is False:
            what = Message(
                N_("The workflow {name} is switched off in paperless: changes are seen by polling only."),
                {"name": one.name},
            )
            remedy = Message(N_("Switch it on there, or take webhook_listen out of the configuration."))
            yield CheckFinding(Severity.WARNING, what, remedy)


def _owners(client: PaperlessClient, catalogue: Catalogue, present: Present) -> Iterator[CheckFinding]:
    """Yield whether records of ours belong to other accounts: those that their owner closes are gone from our sight."""
    holder = marker_holder(catalogue)
    field_id = present.id_of(Ref(holder.kind, holder.name))
    if field_id is None or present.account.user_id < 0:
        return
    params = (
        ("custom_field_query", json.dumps([field_id, "exists", True])),
        ("owner__id__none", str(present.account.user_id)),
        ("page_size", "1"),
        ("fields", "id"),
    )
    page = client.read_object(DOCUMENTS, params)
    count = client.shaped(DOCUMENTS, lambda: number(page, "count"))
    if count:
        what = Message(N_("{count} records in paperless no longer belong to guidang's account."), {"count": str(count)})
        remedy = Message(N_("Make guidang's account their owner again in paperless; give people rights by groups."))
        yield CheckFinding(Severity.WARNING, what, remedy)
