"""Names by their ids: renamed in the archive or in the configuration, deleted, made anew."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from connector.paperless.name_book import NameBook, NameChange, NameEvent, reconciled
from connector.paperless.vocabulary import MEANT
from metadata.copies import StoreName, Values
from tests.metadata.fake_memory import FakeMemory

MEANINGS = {"待核验": "@held", "held": "@held", "维修单": "@repair"}


def meaning_of(name: str) -> str:
    return MEANINGS.get(name, name)


def is_own(name: str) -> bool:
    return meaning_of(name).startswith(MEANT)


def book(memory: FakeMemory, meanings: dict[str, str] | None = None) -> NameBook:
    known = MEANINGS if meanings is None else meanings

    def lost(sort: str, meaning: str) -> Values:
        return {f"{sort}:{meaning}": True}

    return NameBook(
        memory,
        "paperless",
        lambda _, name: known.get(name, name),
        lambda _, name: known.get(name, name).startswith(MEANT),
        lost,
    )


def test_renamed_name_of_ours_goes_on_meaning_what_it_meant() -> None:
    memory = FakeMemory()
    book(memory).read("tags", {"3": "待核验"})

    renamed = book(memory)
    meanings = renamed.read("tags", {"3": "请核验", "4": "重要"})

    assert meanings == {"3": "@held", "4": "重要"}
    assert renamed.drained() == (NameEvent(NameChange.RENAMED, "tags", "待核验", "请核验", True),)
    assert renamed.drained() == ()


def test_name_in_the_other_language_is_the_same_name() -> None:
    memory = FakeMemory()
    book(memory).read("tags", {"3": "待核验"})

    renamed = book(memory)

    assert renamed.read("tags", {"3": "held"}) == {"3": "@held"}
    assert renamed.drained() == ()


def test_name_that_the_configuration_changed_goes_on_meaning_what_it_meant() -> None:
    """The scheme calls the kind 报修单 now; the server's type is still called 维修单 until the profile is applied."""
    memory = FakeMemory()
    book(memory).read("types", {"5": "维修单"})

    configured_anew = book(memory, {"报修单": "@repair"})

    assert configured_anew.read("types", {"5": "维修单"}) == {"5": "@repair"}
    assert configured_anew.drained() == ()


def test_renamed_name_of_another_means_its_new_name() -> None:
    memory = FakeMemory()
    book(memory).read("tags", {"4": "重要"})

    renamed = book(memory)

    assert renamed.read("tags", {"4": "很重要"}) == {"4": "很重要"}
    assert renamed.drained() == (NameEvent(NameChange.RENAMED, "tags", "重要", "很重要", False),)


def test_deleted_name_is_told_and_the_one_made_anew_means_the_same() -> None:
    memory = FakeMemory()
    book(memory).read("tags", {"3": "待核验"})

    deleted = book(memory)

    assert deleted.read("tags", {}) == {}
    assert deleted.drained() == (NameEvent(NameChange.DELETED, "tags", "待核验", "", True),)
    assert deleted.read("tags", {"9": "待核验"}) == {"9": "@held"}
    assert deleted.drained() == ()


NAMES = st.sampled_from(["待核验", "held", "维修单", "重要", "请核验"])
LISTS = st.dictionaries(st.sampled_from(["1", "2", "3"]), NAMES)
ROWS = st.lists(
    st.builds(StoreName, st.just("tags"), st.sampled_from(["1", "2", "3"]), NAMES, st.just("@held"), st.booleans()),
    unique_by=lambda row: row.object_id,
)


@given(ROWS, LISTS)
def test_same_list_again_is_no_news(remembered: list[StoreName], listed: dict[str, str]) -> None:
    first = reconciled("tags", remembered, listed, meaning_of, is_own)
    rows = {row.object_id: row for row in remembered} | {row.object_id: row for row in first.remember}
    kept = [row for row in rows.values() if row not in first.lose]

    second = reconciled("tags", kept, listed, meaning_of, is_own)

    assert second.meanings == first.meanings
    assert (second.remember, second.lose, second.events) == ((), (), ())
    assert set(first.meanings) == set(listed)
