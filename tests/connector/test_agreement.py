"""A person's value is never written over; ours is never taken for a person's; twice is once; killed anywhere, the same in the end."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule

from connector.agreement import (
    changed_by_person,
    established,
    intended,
    is_same,
    released,
    settled,
    taken_over,
    to_write,
)
from connector.store_keys import REVIEW_NOTE, touched_name
from metadata.copies import Agreement, StoreValue

NOBODY = frozenset[str]()
HELD_TAG = "tag:待核验"
AMOUNT = "field:fact_amount"
NAME = "field:customer_name"
KEYS = ("title", "type", AMOUNT, NAME, HELD_TAG)


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        (14.5, 14.5000000001, True),
        (14, "14", True),
        (" a ", "a", True),
        (True, True, True),
        (True, 1, False),
        (None, None, True),
        (None, "a", False),
        ("CNY1.50", "USD1.50", False),
    ],
)
def test_values_are_compared_by_what_they_say(one: StoreValue | None, other: StoreValue | None, same: bool) -> None:
    assert is_same(one, other) is same


def test_what_we_wrote_is_not_a_persons() -> None:
    agreed = established({"title": "a"}, {"title": "a"})
    flying = intended(agreed, {"title": "b"}, {"title": "b"})

    assert changed_by_person(flying, {"title": "b"}, {"title": "c"}) == {}
    assert to_write(flying, {"title": "b"}, {"title": "a"}, NOBODY) == {"title": "a"}
    assert changed_by_person(agreed, {"title": "b"}, {"title": "b"}) == {"title": ("a", "b")}


def test_value_that_the_store_words_in_its_own_way_is_left_alone() -> None:
    agreed = taken_over(Agreement(), {AMOUNT: "USD145.50"}, {AMOUNT: "CNY145.50"}, [AMOUNT])

    assert changed_by_person(agreed, {AMOUNT: "USD145.50"}, {AMOUNT: "CNY145.50"}) == {}
    assert to_write(agreed, {AMOUNT: "USD145.50"}, {AMOUNT: "CNY145.50"}, NOBODY) == {}


def test_what_we_derive_is_never_written_over_a_persons_value_and_a_newer_word_of_a_person_is() -> None:
    agreed = taken_over(
        established({NAME: "王", AMOUNT: "CNY1.00"}, {}), {NAME: "汪", AMOUNT: "CNY2.00"}, {}, [NAME, AMOUNT]
    )
    stands = {NAME: "汪", AMOUNT: "CNY2.00"}
    wanted = {NAME: "李", AMOUNT: "CNY3.00"}

    assert to_write(agreed, stands, wanted, NOBODY) == {}
    assert to_write(agreed, stands, wanted, frozenset({"amount"})) == {AMOUNT: "CNY3.00"}


def test_server_s_own_tags_are_nobodys_change() -> None:
    agreed = established({"tag:收件箱": True, "title": "a"}, {"title": "a"})

    assert changed_by_person(agreed, {"tag:收件箱": True, "title": "a"}, {"title": "a"}) == {}
    assert changed_by_person(agreed, {"title": "a"}, {"title": "a"}) == {"tag:收件箱": (True, None)}
    assert to_write(agreed, {"tag:收件箱": True, "title": "a"}, {"title": "a"}, NOBODY) == {}


def test_what_stands_instead_of_ours_at_first_sight_is_a_persons_and_what_is_missing_is_written() -> None:
    agreed = established({"title": "mein"}, {"title": "a", HELD_TAG: True})

    assert changed_by_person(agreed, {"title": "mein"}, {"title": "a", HELD_TAG: True}) == {"title": ("a", "mein")}
    assert to_write(agreed, {"title": "mein"}, {"title": "a", HELD_TAG: True}, NOBODY) == {HELD_TAG: True}


def test_released_key_is_written_again() -> None:
    agreed = taken_over(established({HELD_TAG: True}, {HELD_TAG: True}), {}, {HELD_TAG: True}, [HELD_TAG])

    assert to_write(agreed, {}, {HELD_TAG: True}, NOBODY) == {}
    assert to_write(released(agreed, [HELD_TAG]), {}, {HELD_TAG: True}, NOBODY) == {HELD_TAG: True}


def test_note_that_both_sides_write_on_keeps_a_persons_lines_and_exchanges_ours() -> None:
    agreed = established({REVIEW_NOTE: "无客户编号。"}, {REVIEW_NOTE: "无客户编号。"})
    stands = {REVIEW_NOTE: "无客户编号。\n已打电话"}
    changed = changed_by_person(agreed, stands, {REVIEW_NOTE: "无客户编号。"})
    agreed = taken_over(agreed, stands, {REVIEW_NOTE: "无客户编号。"}, changed)

    assert list(changed) == [REVIEW_NOTE]
    assert to_write(agreed, stands, {REVIEW_NOTE: "文种不明。"}, NOBODY) == {REVIEW_NOTE: "文种不明。\n已打电话"}
    assert to_write(agreed, stands, {}, NOBODY) == {REVIEW_NOTE: "已打电话"}


VALUES = st.one_of(st.none(), st.sampled_from(["a", "b", "c", "甲"]))
SHOWN = st.dictionaries(st.sampled_from([*KEYS, REVIEW_NOTE]), st.sampled_from(["a", "b", "甲\n乙", "乙"]))


@given(SHOWN, SHOWN, SHOWN)
def test_after_a_look_the_same_look_finds_nothing_to_agree_on(
    first: dict[str, StoreValue], stands: dict[str, StoreValue], wanted: dict[str, StoreValue]
) -> None:
    agreed = settled(established(first, wanted), stands, wanted)

    assert settled(agreed, stands, wanted) == agreed


@given(SHOWN, SHOWN, SHOWN)
def test_what_was_taken_over_is_no_change_any_more(
    first: dict[str, StoreValue], stands: dict[str, StoreValue], wanted: dict[str, StoreValue]
) -> None:
    agreed = established(first, wanted)
    changed = changed_by_person(agreed, stands, wanted)

    after = taken_over(agreed, stands, wanted, changed)

    assert changed_by_person(after, stands, wanted) == {}
    assert not to_write(after, stands, wanted, NOBODY).keys() & (changed.keys() - {REVIEW_NOTE})


class Died(Exception):
    """The program was killed here."""


class TwoSides(RuleBasedStateMachine):
    """A store and an index, a person at each, and a sync that is killed anywhere."""

    def __init__(self) -> None:
        super().__init__()
        self.store: dict[str, StoreValue] = {"title": "a", HELD_TAG: True}
        self.wanted: dict[str, StoreValue] = {"title": "a", HELD_TAG: True}
        self.agreed = established(self.store, self.wanted)
        self.touched: set[str] = set()
        self.persons: dict[str, StoreValue | None] = {}
        self.lives = 0
        self.lines: set[str] = set()

    @rule(line=st.sampled_from(["我已打电话", "等回复"]))
    def person_writes_a_line_into_the_note(self, line: str) -> None:
        self.store[REVIEW_NOTE] = f"{self.store.get(REVIEW_NOTE, '')}\n{line}".strip()
        self.lines.add(line)

    @rule(lines=st.lists(st.sampled_from(["无编号", "文种不明", "过户不全"]), unique=True, max_size=2))
    def we_have_other_things_to_say_in_the_note(self, lines: list[str]) -> None:
        put(self.wanted, REVIEW_NOTE, "\n".join(lines) or None)

    @rule(key=st.sampled_from(KEYS), value=VALUES)
    def person_changes_the_store(self, key: str, value: StoreValue | None) -> None:
        put(self.store, key, value)
        if is_same(value, self.agreed.theirs.get(key)) and key not in self.agreed.persons:
            self.persons.pop(key, None)  # undone before anybody saw it
        else:
            self.persons[key] = value

    @rule(key=st.sampled_from(KEYS), value=VALUES)
    def we_derive_something_else(self, key: str, value: StoreValue | None) -> None:
        if touched_name(key) not in self.touched:
            put(self.wanted, key, value)

    @rule(key=st.sampled_from(["title", "type", AMOUNT]), value=VALUES)
    def person_tells_us(self, key: str, value: StoreValue | None) -> None:
        """As `guidang correct` does, after bringing back what was changed in the store."""
        self.sync(None)
        put(self.wanted, key, value)
        self.touched.add(touched_name(key) or "")
        self.persons[key] = value
        self.sync(None)

    @rule(kill_at=st.one_of(st.none(), st.integers(0, 12)))
    def sync(self, kill_at: int | None) -> None:
        self.lives = -1 if kill_at is None else kill_at
        try:
            self._synced()
        except Died:
            return
        assert changed_by_person(self.agreed, self.store, self.wanted) == {}
        assert to_write(self.agreed, self.store, self.wanted, frozenset(self.touched)) == {}
        ours = str(self.wanted.get(REVIEW_NOTE, "")).split()
        note = str(self.store.get(REVIEW_NOTE, "")).split()
        assert set(note) == self.lines | set(ours)
        for key, value in self.persons.items():
            assert is_same(self.store.get(key), value), key
        for key in KEYS:
            if key not in self.persons and key not in self.agreed.persons:
                assert is_same(self.store.get(key), self.wanted.get(key)), key

    def _synced(self) -> None:
        if HELD_TAG not in self.agreed.persons and is_same(self.store.get(HELD_TAG), self.wanted.get(HELD_TAG)):
            self.persons.pop(HELD_TAG, None)  # a tag as we want it counts as ours: servers put on parents by themselves
        stands = dict(self.store)
        changed = changed_by_person(self.agreed, stands, self.wanted)
        self._step()
        if changed:  # one transaction
            for key in changed:
                name = touched_name(key)
                if name is not None and not key.startswith("tag:"):
                    put(self.wanted, key, stands.get(key))
                    self.touched.add(name)
            self.agreed = taken_over(self.agreed, stands, self.wanted, changed)
        self._step()
        writes = to_write(self.agreed, stands, self.wanted, frozenset(self.touched))
        self.agreed = intended(self.agreed, writes, self.wanted)
        for key, value in writes.items():
            self._step()
            put(self.store, key, value)
        self._step()
        self.agreed = settled(self.agreed, dict(self.store), self.wanted)

    def _step(self) -> None:
        self.lives -= 1
        if self.lives == 0:
            raise Died

    @invariant()
    def persons_values_stand(self) -> None:
        for key, value in self.persons.items():
            assert self.lines <= set(str(self.store.get(REVIEW_NOTE, "")).split())
            told = touched_name(key) in self.touched and is_same(self.wanted.get(key), value)
            assert is_same(self.store.get(key), value) or told, key


def put(values: dict[str, StoreValue], key: str, value: StoreValue | None) -> None:
    if value is None:
        values.pop(key, None)
    else:
        values[key] = value


TestTwoSides = TwoSides.TestCase
TestTwoSides.settings = settings(max_examples=150, stateful_step_count=30, deadline=None)


def test_agreement_remembers_nothing_that_is_not_there() -> None:
    assert replace(settled(Agreement(), {}, {}), persons=NOBODY) == Agreement()
