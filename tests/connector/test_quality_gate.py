"""Records whose pages were scanned badly wait for a better scan, and the clerk is told in the folder."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from classifiers.values import RecordText
from connector.describing import RecordPart
from connector.i18n import Language
from connector.parts import QualityLimits
from connector.quality_gate import SCAN_AGAIN, gated
from connector.reasons import say_reason
from ingest.values import ImageQuality, PageText, Side
from metadata.values import Given, Reason, ReasonCode, RecordState, ScanState
from tests.connector.fakes import page_of
from tests.connector.office import REPAIR, Office, open_office

LIMITS = QualityLimits()
GOOD = ImageQuality(300.0, 55.0, 0.95, 0.6, 0.5, ())
FAX = ImageQuality(204.0, 26.0, 1.0, 1.0, 0.5, ())
PHOTO = ImageQuality(0.0, 27.0, 0.7, 0.42, 0.2, ())


@pytest.fixture
def office(tmp_path: Path) -> Office:
    return open_office(tmp_path)


def record(*qualities: ImageQuality | None, text: str = "供热合同") -> RecordPart:
    pages: list[PageText] = [
        replace(page_of(number, f"{text}{number}"), quality=quality)
        for number, quality in enumerate(qualities, start=4)
    ]
    return RecordPart(1, 4, 3 + len(pages), RecordText(tuple(pages)), Given(), is_whole_scan=True)


@pytest.mark.parametrize("good", [GOOD, FAX, PHOTO, None, replace(GOOD, dpi=196.0), replace(GOOD, line_px=0.0)])
def test_what_a_scanner_a_fax_machine_or_a_phone_makes_properly_passes(good: ImageQuality | None) -> None:
    asked = record(good)

    assert gated(asked, LIMITS) is asked


@pytest.mark.parametrize(
    ("bad", "reason"),
    [
        (replace(GOOD, dpi=150.0), Reason(ReasonCode.SCAN_COARSE, {"pages": "5", "dpi": "150", "least": "200"})),
        (replace(PHOTO, line_px=16.0), Reason(ReasonCode.SCAN_COARSE, {"pages": "5"})),
        (replace(GOOD, tilt_degrees=-13.2), Reason(ReasonCode.SCAN_TILTED, {"pages": "5", "degrees": "13"})),
        (replace(GOOD, paper=0.4), Reason(ReasonCode.SCAN_DARK, {"pages": "5"})),
        (replace(GOOD, contrast=0.1), Reason(ReasonCode.SCAN_FAINT, {"pages": "5"})),
        (
            replace(GOOD, cut_sides=(Side.LEFT, Side.BOTTOM)),
            Reason(ReasonCode.SCAN_CUT_OFF, {"pages": "5", "sides": "left, bottom"}),
        ),
    ],
)
def test_bad_page_is_named_with_what_is_wrong_with_it(bad: ImageQuality, reason: Reason) -> None:
    assert gated(record(GOOD, bad), LIMITS).doubts == (reason,)


def test_all_pages_with_the_same_fault_are_named_at_once() -> None:
    doubts = gated(record(replace(GOOD, dpi=100.0), GOOD, replace(GOOD, dpi=72.0)), LIMITS).doubts

    assert doubts == (Reason(ReasonCode.SCAN_COARSE, {"pages": "4, 6", "dpi": "72", "least": "200"}),)


def test_missing_pages_are_named_by_the_count_of_the_paper() -> None:
    doubts = gated(record(None, None, text="第 1 页 共 3 页 "), LIMITS).doubts

    assert doubts[0] == Reason(ReasonCode.PAGES_MISSING, {"pages": "2, 3", "count": "3"})
    assert doubts[1] == Reason(ReasonCode.PAGES_DOUBLED, {"pages": "5", "first": "4"})


def test_nothing_is_asked_where_the_configuration_asks_nothing() -> None:
    awful = ImageQuality(72.0, 5.0, 0.1, 0.01, 44.0, (Side.TOP,))
    nothing = QualityLimits(0.0, 0.0, 90.0, 0.0, 0.0, whole_pages=False, all_pages=False)

    assert gated(record(awful, text="第 1 页 共 9 页 "), nothing).doubts == ()


def test_doubts_that_were_there_stay() -> None:
    before = Reason(ReasonCode.BATCH_UNSURE, {})

    doubts = gated(replace(record(replace(GOOD, paper=0.2)), doubts=(before,)), LIMITS).doubts

    assert [reason.code for reason in doubts] == [ReasonCode.BATCH_UNSURE, ReasonCode.SCAN_DARK]


def test_sides_are_said_in_the_language_of_the_reader() -> None:
    reason = Reason(ReasonCode.SCAN_CUT_OFF, {"pages": "2", "sides": "left, bottom"})

    assert "(left, bottom)" in say_reason(reason, Language.EN)
    assert "左边、下边" in say_reason(reason, Language.ZH)


def test_paper_with_a_missing_page_is_held_and_the_clerk_is_told_beside_it(office: Office) -> None:
    scan_id = office.take("合同.pdf", f"{REPAIR}\n第 1 页 共 2 页")

    said = office.record(scan_id)
    assert said.state is RecordState.HELD
    assert [reason.code for reason in said.description.reasons] == [ReasonCode.PAGES_MISSING]
    kept = office.scan(scan_id).kept_path
    assert kept is not None
    note = Path(f"{kept}.note.txt").read_text(encoding="utf-8")
    assert note.splitlines() == [
        "合同.pdf waits for the archivist, because it was not scanned well.",
        "By its own count the paper has 2 pages; missing: 2. Scan all of it again.",
        "If the paper is at hand, scan it again and put the new scan into the inbox; the archivist then rejects this one.",
    ]


def test_good_scan_leaves_no_note(office: Office) -> None:
    scan_id = office.take("a.pdf", f"{REPAIR}\n第 1 页 共 1 页")

    kept = office.scan(scan_id).kept_path
    assert office.scan(scan_id).state is ScanState.CLOSED
    assert kept is not None
    assert not Path(f"{kept}.note.txt").exists()


def test_badly_scanned_paper_is_never_rejected_by_itself(office: Office) -> None:
    scan_id = office.take("flyer.pdf", "none=0.99\n第 1 页 共 2 页")

    assert office.scan(scan_id).state is ScanState.CLOSED
    assert office.record(scan_id).state is RecordState.HELD


def test_every_reason_to_scan_again_is_a_reason_that_holds() -> None:
    of_the_image = {code for code in ReasonCode if code.value.startswith(("scan_", "pages_"))} - {ReasonCode.SCAN_GREW}

    assert of_the_image == SCAN_AGAIN
