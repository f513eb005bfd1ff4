"""Names that can be kept, shown, journalled and have a note beside them, whatever came in."""

from __future__ import annotations

import os
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingest.claim import ScanIds, is_scan_id, received_at
from ingest.clock import SystemClock
from ingest.names import clean_name, is_left_alone, is_numbered_form, numbered
from ingest.values import ScanId

raw_names = (
    st.binary(min_size=1, max_size=255).map(lambda raw: raw.replace(b"/", b"_").replace(b"\0", b"_")).map(os.fsdecode)
)


@given(raw_names)
def test_any_name_becomes_a_clean_one(raw: str) -> None:
    name = clean_name(raw)

    assert name
    assert len(name.encode("utf-8")) <= 200
    assert "/" not in name
    assert "\n" not in name
    assert name not in {".", ".."}
    assert clean_name(name) == name


@given(raw_names, st.integers(1, 50))
def test_numbered_name_is_known_again(raw: str, number: int) -> None:
    name = clean_name(raw)

    assert is_numbered_form(numbered(name, number), name)
    assert (numbered(name, number) == name) == (number == 1)


@pytest.mark.parametrize("name", ["a (2).pdf", "a.pdf", "a (13).pdf"])
def test_numbered_forms_of_a_name(name: str) -> None:
    assert is_numbered_form(name, "a.pdf")


@pytest.mark.parametrize("name", ["b.pdf", "a (x).pdf", "a (2).tif", "a2.pdf"])
def test_other_names_are_no_numbered_forms(name: str) -> None:
    assert not is_numbered_form(name, "a.pdf")


@pytest.mark.parametrize("name", ["扫描 (3).PDF", "IMG_0001.JPG", "tmp.pdf", "part.tif", "no suffix", "合同~1.pdf"])
def test_names_of_scans_are_not_left_alone(name: str) -> None:
    assert not is_left_alone(name)


@given(st.lists(st.floats(-100, 100), min_size=2, max_size=20))
def test_scan_ids_sort_in_the_order_they_were_given_even_if_the_clock_jumps(steps: list[float]) -> None:
    now = datetime(2024, 11, 3, 12, tzinfo=UTC)
    made: list[ScanId] = []
    for step in steps:
        now += timedelta(seconds=step)
        made.append(ScanIds().new(now, made[-1] if made else None))

    assert made == sorted(set(made))
    assert all(is_scan_id(scan_id) for scan_id in made)
    assert received_at(made[0]) == (datetime(2024, 11, 3, 12, tzinfo=UTC) + timedelta(seconds=steps[0]))


def test_the_machine_s_clock_tells_aware_utc_and_sleeps() -> None:
    clock = SystemClock()
    before = clock.now()

    clock.sleep(0.01)
    clock.sleep(-1)

    assert before.utcoffset() == timedelta(0)
    assert clock.now() - before >= timedelta(seconds=0.01)


def test_path_of_a_clean_name_can_be_encoded() -> None:
    str(Path(clean_name(os.fsdecode(b"\xff\xfe.pdf")))).encode("utf-8")
