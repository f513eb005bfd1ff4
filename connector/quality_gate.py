"""Holds a record whose pages were scanned badly, with a reason that names them, while the paper is still at hand. Pure.

The measures are those of DA/T 31 (digitising of paper records): resolution, skew, brightness and contrast, whole pages, all pages. What
counts as bad is the configuration's (`[quality]`); the defaults let every page of the corpus pass that a scanner, fax machine or phone
made properly (docs/adr/0015). Not for measuring (`ingest.quality`, `classifiers.page_counts`), nor for what was read or not.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace

from classifiers.page_counts import doubled_pages, missing_pages
from connector.describing import RecordPart
from connector.parts import QualityLimits
from ingest.values import ImageQuality, PageText
from metadata.values import Reason, ReasonCode

SCAN_AGAIN = frozenset(
    {
        ReasonCode.SCAN_COARSE,
        ReasonCode.SCAN_TILTED,
        ReasonCode.SCAN_DARK,
        ReasonCode.SCAN_FAINT,
        ReasonCode.SCAN_CUT_OFF,
        ReasonCode.PAGES_MISSING,
        ReasonCode.PAGES_DOUBLED,
    }
)
"""The reasons that the clerk who scanned can answer, by scanning again."""

_DPI_TOLERANCE = 0.97
"""196 dpi (fax) passes for 200; scanners round, too."""


def gated(record: RecordPart, limits: QualityLimits) -> RecordPart:
    """Return the record with the doubts that the quality of its scan gives, in the order of `ReasonCode`."""
    found = (*_of_images(record.text.pages, limits), *_of_counts(record, limits))
    return replace(record, doubts=(*record.doubts, *found)) if found else record


def _of_images(pages: Sequence[PageText], limits: QualityLimits) -> Iterator[Reason]:
    """Yield a reason for each thing that is wrong with the images, with all pages that have it."""
    measured = [(page.page_number, page.quality) for page in pages if page.quality is not None]

    def those(is_bad: Callable[[ImageQuality], bool]) -> list[tuple[int, ImageQuality]]:
        return [(number, quality) for number, quality in measured if is_bad(quality)]

    if coarse := those(lambda q: 0 < q.dpi < limits.least_dpi * _DPI_TOLERANCE):
        facts = {"dpi": f"{min(q.dpi for _, q in coarse):.0f}", "least": f"{limits.least_dpi:.0f}"}
        yield _reason(ReasonCode.SCAN_COARSE, coarse, facts)
    elif small := those(lambda q: q.dpi == 0 and 0 < q.line_px < limits.least_line_px):
        yield _reason(ReasonCode.SCAN_COARSE, small, {})
    if tilted := those(lambda q: abs(q.tilt_degrees) > limits.most_tilt_degrees):
        degrees = max(abs(q.tilt_degrees) for _, q in tilted)
        yield _reason(ReasonCode.SCAN_TILTED, tilted, {"degrees": f"{degrees:.0f}"})
    if dark := those(lambda q: q.paper < limits.least_paper):
        yield _reason(ReasonCode.SCAN_DARK, dark, {})
    if faint := those(lambda q: q.contrast < limits.least_contrast):
        yield _reason(ReasonCode.SCAN_FAINT, faint, {})
    if limits.whole_pages and (cut := those(lambda q: bool(q.cut_sides))):
        sides = dict.fromkeys(side.value for _, q in cut for side in q.cut_sides)
        yield _reason(ReasonCode.SCAN_CUT_OFF, cut, {"sides": ", ".join(sides)})


def _of_counts(record: RecordPart, limits: QualityLimits) -> Iterator[Reason]:
    if not limits.all_pages:
        return
    pages = record.text.pages
    for missing in missing_pages(pages, is_whole_scan=record.is_whole_scan):
        facts = {"pages": ", ".join(map(str, missing.pages)), "count": str(missing.last)}
        yield Reason(ReasonCode.PAGES_MISSING, facts)
    if doubled := doubled_pages(pages, is_whole_scan=record.is_whole_scan):
        facts = {"pages": ", ".join(str(number) for number, _ in doubled), "first": str(doubled[0][1])}
        yield Reason(ReasonCode.PAGES_DOUBLED, facts)


def _reason(code: ReasonCode, pages: Sequence[tuple[int, ImageQuality]], facts: dict[str, str]) -> Reason:
    return Reason(code, {"pages": ", ".join(str(number) for number, _ in pages), **facts})
