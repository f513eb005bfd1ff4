"""The questions of `guidang check --dms` on servers that answer otherwise: each is said, none raises, none changes anything."""

from __future__ import annotations

from connector.i18n import Language
from connector.interfaces import CheckFinding, Severity
from connector.paperless.address import ServerAddress
from connector.paperless.client import PaperlessClient
from connector.paperless.contract import contract_findings
from connector.paperless.profile.wanted import ProfileSource, catalogue_of
from tests.paperless_stand_in import StandIn
from tests.paperless_stand_in.server import TOKEN
from tests.stores.conftest import PATIENCE, paperless_store
from tests.stores.submissions import Paper, example_scheme


def asked(stand_in: StandIn) -> tuple[CheckFinding, ...]:
    client = PaperlessClient(ServerAddress(stand_in.url), TOKEN, PATIENCE, sleep=lambda _: None)
    try:
        return contract_findings(client, catalogue_of(ProfileSource(example_scheme(), Language.ZH)))
    finally:
        client.close()


def wrong(findings: tuple[CheckFinding, ...]) -> set[str]:
    return {str(finding.subject) for finding in findings if finding.severity is Severity.ERROR}


def filed(stand_in: StandIn, paper: Paper) -> None:
    store = paperless_store(stand_in)
    store.file(paper.submission())
    store.close()
    stand_in.requests.clear()


def test_empty_server_is_asked_what_can_be_asked(stand_in: StandIn) -> None:
    findings = asked(stand_in)

    assert wrong(findings) == set()
    assert sum(finding.severity is Severity.OK for finding in findings) == 5
    assert all(request.startswith("GET ") for request in stand_in.requests)


def test_server_with_a_record_is_asked_everything_and_left_as_it_is(stand_in: StandIn, paper: Paper) -> None:
    filed(stand_in, paper)

    findings = asked(stand_in)

    assert wrong(findings) == set()
    assert sum(finding.severity is Severity.OK for finding in findings) == 11
    assert all(request.startswith("GET ") for request in stand_in.requests)


def test_server_that_ignores_a_filter_is_found_out(stand_in: StandIn, paper: Paper) -> None:
    filed(stand_in, paper)
    stand_in.faults.ignore_filters = True

    assert "a digest that no document has finds none" in wrong(asked(stand_in))


def test_record_of_another_account_is_found_out(stand_in: StandIn, paper: Paper) -> None:
    filed(stand_in, paper)
    stand_in.state.live[0].owner = 7

    assert wrong(asked(stand_in)) == {"the newest record belongs to guidang's account"}


def test_history_that_we_may_not_see_is_said_with_the_right(stand_in: StandIn, paper: Paper) -> None:
    filed(stand_in, paper)
    stand_in.faults.history_forbidden = True

    (finding,) = [one for one in asked(stand_in) if one.severity is Severity.ERROR]

    assert "history" in str(finding.subject)
    assert "right" in str(finding.remedy)


def test_web_page_in_one_place_does_not_stop_the_other_questions(stand_in: StandIn) -> None:
    stand_in.faults.html_on = ("/api/trash/",)

    findings = asked(stand_in)

    assert len(wrong(findings)) == 1
    assert len(findings) >= 5


def test_server_that_is_away_is_one_finding() -> None:
    with StandIn() as gone:
        pass

    (finding,) = asked(gone)

    assert finding.severity is Severity.ERROR
