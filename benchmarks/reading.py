"""Reads pages of a corpus one after the other in this process, and compares them with the text that is printed on them.

What it says, by level of damage and by how the form was filled in: error rates, printed customer numbers that stand exactly in the text,
pages called blank, pages turned wrongly, CPU seconds a page and where they go. Figures of one run compare with each other.

1. *CER*: every field printed on the page is looked for wherever it was read; its edit distance to the nearest piece of the text, pooled.
2. *extra*: signs read that are not printed, by number only.
3. *in order*: edit distance of the whole page to the truth in the order in which the truth lists it (checkboxes and signatures last,
   which no eye would read so: the own text of the corpus's born-digital pages scores 21 %).
All after NFKC without white space.
"""
# ruff: noqa: E402 - the thread limits must stand in the environment before numpy and OpenCV are loaded

from __future__ import annotations

import argparse
import functools
import hashlib
import json
import os
import random
import re
import sys
import time
import unicodedata
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, TypeVar

from rapidfuzz.distance import Levenshtein

for _name in ("OMP_THREAD_LIMIT", "OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS"):
    os.environ[_name] = "1"  # as in a reading child, before numpy is loaded

import cv2
import numpy as np

from ingest import reading
from ingest.pages import decode
from ingest.recognisers import named
from ingest.values import PageText, ReadingOptions

cv2.setNumThreads(1)
T = TypeVar("T")

_STEPS = ("displayed_frame", "evened", "ink_of", "clockwise_turn", "barcodes_of", "prepared", "laid_in_frame")


@dataclass(frozen=True)
class Asked:
    """One page to read and what is known of it."""

    path: Path
    page_number: int
    level: str
    fill: str
    language: str
    text: str
    number: str | None
    rotation_cw: int
    doc_id: str


@dataclass(frozen=True)
class Compared:
    """How the text read differs from the text printed, in signs."""

    signs: int
    errors: int
    extra: int
    errors_in_order: int


@dataclass
class Tally:
    """What came of the pages of one kind."""

    pages: int = 0
    signs: int = 0
    errors: int = 0
    extra: int = 0
    errors_in_order: int = 0
    numbers: int = 0
    numbers_found: int = 0
    blank: int = 0
    turned_wrongly: int = 0
    cpu_seconds: Counter[str] = field(default_factory=Counter)

    def percent(self, errors: int) -> float:
        """Return errors per hundred signs."""
        return 100 * errors / self.signs if self.signs else 0.0

    def add(self, asked: Asked, page: PageText, compared: Compared, seconds: Counter[str]) -> None:
        """Count one page."""
        self.pages += 1
        self.signs += compared.signs
        self.errors += compared.errors
        self.extra += compared.extra
        self.errors_in_order += compared.errors_in_order
        self.blank += page.is_blank
        self.turned_wrongly += page.rotation_cw != asked.rotation_cw
        if asked.number is not None:
            self.numbers += 1
            self.numbers_found += stands_in(asked.number, page.text)
        self.cpu_seconds.update(seconds)


def main() -> int:
    """Read the pages asked for and print a table."""
    chosen = _arguments()
    pages = sampled(list(asked_pages(Path(chosen.corpus))), chosen)
    recogniser = named(chosen.recogniser)
    options = ReadingOptions(chosen.recogniser, ("zh", "en"), 100_000, 600.0)
    tallies: dict[tuple[str, str], Tally] = defaultdict(Tally)
    said = Path(chosen.said).open("w", encoding="utf-8") if chosen.said else None  # noqa: SIM115
    clock = StepClock()
    for asked in pages:
        with clock.timing("all"):
            with clock.timing("decode"):
                decoded = decode(asked.path, asked.page_number)
            page = reading.read_page(decoded, clock.watched(recogniser), options)
        compared = compare(asked.text, page.text)
        seconds = clock.taken()
        for key in {(asked.level, asked.fill), (asked.level, "all"), ("all", "all")}:
            tallies[key].add(asked, page, compared, seconds)
        if said is not None:
            said.write(json.dumps(_line(asked, page, compared, seconds), ensure_ascii=False) + "\n")
            said.flush()
    for row in table(tallies):
        print(row)
    return 0


def asked_pages(corpus: Path) -> Iterator[Asked]:
    """Yield the fronts of all records that carry text, as the truth describes them."""
    texts = {row["doc_id"]: row["pages"] for row in _rows(corpus / "pagetext.jsonl")}
    for scan in _rows(corpus / "truth.jsonl"):
        backs = set(scan["blank_pages"])
        for record in scan["documents"]:
            first, last = record["pages"]
            fronts = [number for number in range(first, last + 1) if number not in backs]
            for page_number, text in zip(fronts, texts[record["doc_id"]], strict=False):
                yield _asked(corpus, scan, record, page_number, text)


def _asked(corpus: Path, scan: dict[str, Any], record: dict[str, Any], page_number: int, text: str) -> Asked:
    printed = record["printed_no"] if record["customer_no_found"] == "printed" else None
    first_of = printed[0] if isinstance(printed, list) else printed
    squeezed_number = re.sub(r"\D", "", first_of or "")
    return Asked(
        corpus / scan["file"],
        page_number,
        "digital" if scan["text_layer"] is True else scan["level"],
        record.get("fill") or "other",
        record["language"] or "zh",
        text,
        squeezed_number if squeezed_number and squeezed_number in re.sub(r"\D", "", text) else None,
        scan["page_info"][page_number - 1].get("rotation_needed_cw") or 0,
        record["doc_id"],
    )


def _rows(path: Path) -> Iterator[dict[str, Any]]:
    with path.open(encoding="utf-8") as lines:
        for line in lines:
            yield json.loads(line)


def sampled(pages: list[Asked], chosen: argparse.Namespace) -> list[Asked]:
    """Return at most so many pages of each level, always the same ones."""
    levels: dict[str, list[Asked]] = defaultdict(list)
    for page in pages:
        half = hashlib.sha256(page.doc_id.encode()).digest()[0] & 1
        if (
            (chosen.half is None or half == chosen.half)
            and (not chosen.levels or page.level in chosen.levels)
            and (not chosen.fill or page.fill == chosen.fill)
            and (not chosen.language or page.language == chosen.language)
        ):
            levels[page.level].append(page)
    kept: list[Asked] = []
    for level in sorted(levels):
        random.Random(20231105).shuffle(levels[level])
        kept += levels[level][: chosen.sample]
    return kept


def compare(printed: str, read: str) -> Compared:
    """Return the differences of two pages."""
    truth, said = squeezed(printed), squeezed(read)
    errors = sum(nearest_distance(field, said) for field in fields(printed))
    surplus = Counter(said) - Counter(truth)
    return Compared(len(truth), errors, surplus.total(), Levenshtein.distance(truth, said))


def fields(printed: str) -> Iterator[str]:
    """Yield what stands together on the paper: Han text between blanks, Latin text by the line, grouped numbers whole."""
    for line in printed.splitlines():
        pieces = re.split(r"(?<![0-9A-Za-z,.;:])\s+|\s+(?![0-9A-Za-z(])", line)
        yield from (wanted for piece in pieces if (wanted := squeezed(piece)))


def nearest_distance(wanted: str, text: str) -> int:
    """Return the smallest edit distance of `wanted` to any piece of the text."""
    if wanted in text:
        return 0
    codes = np.array([ord(sign) for sign in text], np.int64)
    row = np.zeros(len(codes) + 1, np.int64)
    steps = np.arange(len(codes) + 1)
    for count, sign in enumerate(wanted, start=1):
        above = np.minimum(row[1:] + 1, row[:-1] + (codes != ord(sign)))
        new = np.concatenate(([count], above))
        row = np.minimum.accumulate(new - steps) + steps
    return int(row.min())


def squeezed(text: str) -> str:
    """Return the text as error rates count it."""
    return re.sub(r"\s", "", unicodedata.normalize("NFKC", text))


def stands_in(number: str, text: str) -> bool:
    """Return whether the number stands in the text exactly, whatever blanks and hyphens group it."""
    return any(
        re.sub(r"\D", "", found) == number or number in re.split(r"[ ]", found)
        for found in re.findall(r"(?<!\d)\d(?:[ -]?\d)+(?!\d)", text)
    )


class StepClock:
    """Counts CPU seconds of this process and its ended children, step by step."""

    def __init__(self) -> None:
        self._seconds: Counter[str] = Counter()
        for step in _STEPS:
            if hasattr(reading, step):
                setattr(reading, step, self._timed(step, getattr(reading, step)))

    def timing(self, step: str) -> _Timing:
        """Return a context whose CPU seconds are counted for the step."""
        return _Timing(self._seconds, step)

    def watched(self, recogniser: Any) -> Any:
        """Return the recogniser with its own time counted."""
        if not hasattr(recogniser, "_unwatched"):
            recogniser._unwatched = recogniser.recognise
            recogniser.recognise = self._timed("recognise", recogniser._unwatched)
        return recogniser

    def taken(self) -> Counter[str]:
        """Return what was counted since the last time."""
        seconds = Counter(self._seconds)
        self._seconds.clear()
        return seconds

    def _timed(self, step: str, function: Callable[..., T]) -> Callable[..., T]:
        @functools.wraps(function)
        def counted(*args: Any, **kwargs: Any) -> T:
            with self.timing(step):
                return function(*args, **kwargs)

        return counted


class _Timing:
    def __init__(self, seconds: Counter[str], step: str) -> None:
        self._seconds, self._step = seconds, step

    def __enter__(self) -> None:
        self._begun = _cpu_seconds()

    def __exit__(self, *_: object) -> None:
        self._seconds[self._step] += _cpu_seconds() - self._begun  # type: ignore[assignment]


def _cpu_seconds() -> float:
    times = os.times()
    return time.process_time() + times.children_user + times.children_system


def table(tallies: dict[tuple[str, str], Tally]) -> Iterator[str]:
    """Yield the lines of the report."""
    yield "level    fill   pages   CER %  extra %  in order %  numbers   blank  turned  CPU s/page"
    for (level, fill), tally in sorted(tallies.items()):
        yield (
            f"{level:8} {fill:6} {tally.pages:5} {tally.percent(tally.errors):7.2f}  "
            f"{tally.percent(tally.extra):7.2f}  {tally.percent(tally.errors_in_order):10.2f}  "
            f"{tally.numbers_found:3}/{tally.numbers:<4} {tally.blank:6} {tally.turned_wrongly:7}  "
            f"{tally.cpu_seconds['all'] / tally.pages:9.2f}"
        )
    every = tallies["all", "all"]
    steps = ", ".join(f"{step} {1000 * total / every.pages:.0f}" for step, total in every.cpu_seconds.most_common())
    yield f"CPU milliseconds a page: {steps}"


def _line(asked: Asked, page: PageText, compared: Compared, seconds: Counter[str]) -> dict[str, object]:
    return {
        "path": str(asked.path),
        "page": asked.page_number,
        "level": asked.level,
        "fill": asked.fill,
        "signs": compared.signs,
        "errors": compared.errors,
        "extra": compared.extra,
        "in_order": compared.errors_in_order,
        "number": asked.number,
        "skew": page.skew_degrees,
        "rotation": page.rotation_cw,
        "confidence": _mean(line.confidence for line in page.lines),
        "seconds": {step: round(total, 3) for step, total in seconds.items()},
        "truth": asked.text,
        "text": page.text,
    }


def _mean(values: Iterable[float]) -> float:
    listed = list(values)
    return round(sum(listed) / len(listed), 3) if listed else 0.0


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("corpus", help="folder with truth.jsonl and pagetext.jsonl")
    parser.add_argument("--recogniser", default="tesseract", help="its name (default: tesseract)")
    parser.add_argument("--sample", type=int, default=None, metavar="N", help="at most so many pages of each level")
    parser.add_argument("--half", type=int, choices=(0, 1), help="0 to tune, 1 to report")
    parser.add_argument("--levels", nargs="*", metavar="LEVEL", help="only these levels")
    parser.add_argument("--fill", choices=("print", "hand", "other"), help="only forms filled in so")
    parser.add_argument("--language", choices=("zh", "en"), help="only pages in this language")
    parser.add_argument("--said", metavar="PATH", help="write what was read, one JSON line a page")
    return parser.parse_args()


if __name__ == "__main__":
    sys.exit(main())
