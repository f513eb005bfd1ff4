"""When a file counts as arrived."""

from __future__ import annotations

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingest.settle import SettleRule, Sight, Standing, Watched, Wholeness, is_quiet, standing, watched_again
from tests.ingest.making import NOON

RULE = SettleRule(quiet_seconds=5, patience_seconds=600)
SIGHT = Sight(1000, 1)


def seen(looks: int, seconds: float) -> Watched:
    return Watched(SIGHT, NOON - timedelta(seconds=seconds), looks)


@pytest.mark.parametrize(
    ("watched", "wholeness", "expected"),
    [
        (seen(1, 0), Wholeness.WHOLE, Standing.ARRIVING),  # 1: one look says nothing
        (seen(1, 60), Wholeness.WHOLE, Standing.ARRIVING),
        (seen(9, 4), Wholeness.WHOLE, Standing.ARRIVING),  # 2: not quiet yet
        (seen(2, 5), Wholeness.WHOLE, Standing.SETTLED),
        (seen(2, 5), Wholeness.NO_SCAN, Standing.SETTLED),
        (seen(2, 5), Wholeness.UNREADABLE, Standing.ARRIVING),  # 3
        (seen(2, 5), Wholeness.BROKEN, Standing.ARRIVING),  # 4
        (seen(99, 599), Wholeness.BROKEN, Standing.ARRIVING),
        (seen(99, 600), Wholeness.BROKEN, Standing.GIVEN_UP),
        (seen(99, 600), Wholeness.UNREADABLE, Standing.GIVEN_UP),
    ],
)
def test_each_condition_is_needed(watched: Watched, wholeness: Wholeness, expected: Standing) -> None:
    assert standing(watched, wholeness, NOON, RULE) is expected


def test_growing_file_starts_anew_at_every_look() -> None:
    watched = None
    for second in range(100):
        watched = watched_again(watched, Sight(second, second), NOON + timedelta(seconds=second))

    assert watched is not None
    assert watched.looks == 1


def test_clock_set_back_starts_anew() -> None:
    before = watched_again(None, SIGHT, NOON)

    after = watched_again(before, SIGHT, NOON - timedelta(hours=1))

    assert after == Watched(SIGHT, NOON - timedelta(hours=1), 1)


@given(
    sights=st.lists(st.tuples(st.integers(0, 2), st.floats(0, 10)), min_size=1, max_size=30),
    quiet=st.floats(0, 8),
)
def test_nothing_that_changed_within_the_quiet_time_is_quiet(sights: list[tuple[int, float]], quiet: float) -> None:
    rule = SettleRule(quiet_seconds=quiet)
    watched, now, last_change, last_size = None, NOON, NOON, None
    for size, seconds in sights:
        now += timedelta(seconds=seconds)
        if size != last_size:
            last_change, last_size = now, size
        watched = watched_again(watched, Sight(size, 0), now)

    assert watched is not None
    assert not is_quiet(watched, now, rule) or now - last_change >= timedelta(seconds=quiet)


def test_patience_is_never_shorter_than_the_quiet_time() -> None:
    rule = SettleRule(quiet_seconds=30, patience_seconds=1)

    assert standing(seen(5, 20), Wholeness.BROKEN, NOON, rule) is Standing.ARRIVING
    assert standing(seen(5, 30), Wholeness.BROKEN, NOON, rule) is Standing.GIVEN_UP
