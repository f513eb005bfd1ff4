"""`check` of a paperless server: what it finds, each with its remedy; it never raises and never changes anything."""

from __future__ import annotations

from connector.interfaces import CheckFinding, Severity
from connector.paperless.check import FILING_RIGHTS
from tests.paperless_stand_in import StandIn
from tests.paperless_stand_in.state import CustomField, Named
from tests.stores.conftest import applied, paperless_store
from tests.stores.submissions import Paper


def checked(stand_in: StandIn) -> tuple[CheckFinding, ...]:
    store = paperless_store(stand_in)
    try:
        return store.check()
    finally:
        store.close()


def said(findings: tuple[CheckFinding, ...], severity: Severity) -> str:
    return "\n".join(str(finding.subject) for finding in findings if finding.severity is severity)


def says_search(finding: CheckFinding) -> bool:
    return "search box" in str(finding.subject)


def test_healthy_server_is_found_well_and_left_as_it_is(stand_in: StandIn) -> None:
    applied(stand_in, duties=())
    stand_in.requests.clear()

    findings = checked(stand_in)

    assert {finding.severity for finding in findings if not says_search(finding)} == {Severity.OK}
    assert any(map(says_search, findings)) is not stand_in.state.is_v3
    assert stand_in.version in said(findings, Severity.OK)
    assert all(request.startswith("GET ") for request in stand_in.requests)


def test_server_that_is_not_prepared_is_a_warning_with_the_verb_to_use(stand_in: StandIn) -> None:
    warnings = [finding for finding in checked(stand_in) if finding.severity is Severity.WARNING]
    (warning,) = [finding for finding in warnings if not says_search(finding)]

    assert "not prepared" in str(warning.subject)
    assert "guidang profile plan" in str(warning.remedy)


def test_records_that_belong_to_another_account_are_warned_of(stand_in: StandIn, paper: Paper) -> None:
    applied(stand_in, duties=())
    store = paperless_store(stand_in)
    store.file(paper.submission())
    quiet = said(checked(stand_in), Severity.WARNING)
    stand_in.state.live[0].owner = 7

    warnings = said(checked(stand_in), Severity.WARNING)

    assert "records" not in quiet
    assert "1 records" in warnings
    store.close()


def test_account_with_just_the_rights_that_filing_needs_is_found_well(stand_in: StandIn) -> None:
    applied(stand_in, duties=())
    stand_in.state.permissions = [*FILING_RIGHTS, "view_savedview", "view_workflow", "view_group"]

    assert {finding.severity for finding in checked(stand_in) if not says_search(finding)} == {Severity.OK}


def test_every_finding_that_is_not_well_has_a_remedy(stand_in: StandIn) -> None:
    stand_in.state.permissions = []
    stand_in.state.names["tags"][1] = Named(1, "Inbox", None, is_inbox_tag=True, match="x", matching_algorithm=1)

    assert all(finding.remedy for finding in checked(stand_in) if finding.severity is not Severity.OK)


def test_wrong_token_is_an_error(stand_in: StandIn) -> None:
    stand_in.faults.status_of["/api/documents/"] = [(401, {})]

    assert "token" in said(checked(stand_in), Severity.ERROR)


def test_server_that_is_away_is_an_error() -> None:
    with StandIn() as gone:
        pass

    assert "Cannot reach" in said(checked(gone), Severity.ERROR)


def test_web_page_is_an_error(stand_in: StandIn) -> None:
    stand_in.faults.html_on = ("/api/documents/",)

    assert "does not answer like paperless" in said(checked(stand_in), Severity.ERROR)


def test_old_server_is_an_error() -> None:
    with StandIn("2.18.4") as old:
        assert "2.18.4" in said(checked(old), Severity.ERROR)


def test_missing_rights_are_named(stand_in: StandIn) -> None:
    stand_in.state.permissions = ["view_document", "view_tag"]

    errors = said(checked(stand_in), Severity.ERROR)

    assert "add_document" in errors
    assert "view_tag" not in errors


def test_names_that_cannot_be_listed_do_not_stop_the_rest(stand_in: StandIn) -> None:
    stand_in.faults.html_on = ("/api/workflows/",)
    stand_in.state.custom_fields[1] = CustomField(1, "客户编号", "integer", None)

    findings = checked(stand_in)

    assert "/api/workflows/" in said(findings, Severity.WARNING)
    assert "客户编号" in said(findings, Severity.ERROR)


def test_foreign_rules_are_warned_of(stand_in: StandIn) -> None:
    tags = {
        1: Named(1, "Auto", None, matching_algorithm=6),
        2: Named(2, "供热", None, match="供热", matching_algorithm=4),
        3: Named(3, "Inbox", None, is_inbox_tag=True, matching_algorithm=0),
        4: Named(4, "harmless", None, match="", matching_algorithm=1),
    }
    stand_in.state.names["tags"] |= tags
    trigger, action = {"type": 2}, {"type": 1}
    stand_in.state.workflows += [
        {"id": 1, "name": "assigns on arrival", "enabled": True, "triggers": [trigger], "actions": [action]},
        {"id": 2, "name": "switched off", "enabled": False, "triggers": [trigger], "actions": [action]},
        {"id": 3, "name": "only tells", "enabled": True, "triggers": [trigger], "actions": [{"type": 4}]},
    ]

    warnings = said(checked(stand_in), Severity.WARNING)

    assert all(name in warnings for name in ("Auto", "供热", "Inbox", "assigns on arrival"))
    assert not any(name in warnings for name in ("harmless", "switched off", "only tells"))
