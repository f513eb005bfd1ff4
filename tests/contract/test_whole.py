"""The whole client on every server: the profile applied twice, records filed and corrected, the questions of `check --dms`."""

from __future__ import annotations

from connector.i18n import Language
from connector.interfaces import DOING, SetupAction, Severity
from connector.paperless.check import findings
from connector.paperless.contract import contract_findings
from connector.paperless.profile.setup import SetupProfile
from connector.paperless.profile.values import ObjectKind
from connector.paperless.profile.wanted import ProfileSource, catalogue_of
from metadata.values import StoreId
from tests.contract.server import Server
from tests.stores.submissions import example_scheme


def test_profile_is_applied_once_and_then_there_is_nothing_to_do(server: Server) -> None:
    profile = SetupProfile(server.client, server.catalogue())
    planned = [step for step in profile.plan() if step.action in DOING]

    errors = [(step.name, error) for step, error in profile.apply() if error is not None]
    left = profile.plan()

    assert len(planned) > 100
    assert errors == []
    assert [step for step in left if step.action in DOING or step.action is SetupAction.CONFLICT] == []


def test_record_is_filed_read_back_corrected_and_trashed(server: Server) -> None:
    store = server.store()
    paper = server.paper()
    held = paper.held()

    store_id = store.file(held.submission())
    again = store.file(held.submission())
    before = store.read_back(store_id, held.submission().digests)
    store.amend(store_id, paper.submission())
    after = store.read_back(store_id, paper.submission().digests)

    assert again == store_id
    assert before is not None
    assert (before.is_held, before.digests_agree, before.record_id) == (True, True, paper.record_id)
    assert after is not None
    assert (after.is_held, after.kind, after.reference_code) == (False, "repair", paper.code)
    document = server.look.document(int(store_id))
    assert document is not None
    assert document.permissions is not None
    assert document.permissions.view_groups


def test_record_bears_its_branch_of_the_archive(server: Server) -> None:
    store = server.store()
    paper = server.paper()

    document = server.look.document(int(store.file(paper.submission())))

    assert document is not None
    paths = {entry["id"]: entry["name"] for entry in server.client.pages(ObjectKind.STORAGE_PATH.path)}
    assert paths[document.path_id] == "居民"


def test_harmless_questions_are_all_answered_well(server: Server) -> None:
    store = server.store()
    store.file(server.paper().submission())
    catalogue = catalogue_of(ProfileSource(example_scheme(), Language.ZH))

    answers = contract_findings(server.client, catalogue)

    assert [str(one.subject) for one in answers if one.severity is Severity.ERROR] == []
    assert sum(one.severity is Severity.OK for one in answers) == 11


def test_check_finds_no_right_missing(server: Server) -> None:
    found = findings(server.client, server.catalogue())

    assert [str(one.subject) for one in found if one.severity is Severity.ERROR] == []
    assert any("search box" in str(one.subject) for one in found) is not server.is_three


def test_store_id_that_is_no_number_is_nothing(server: Server) -> None:
    store, paper = server.store(), server.paper()

    assert store.read_back(StoreId("../1"), paper.submission().digests) is None
