"""Reads pages of a corpus one after the other in this process, and compares them with the text that is printed on them (`printed`).

What it says, by level of damage and by how the form was filled in: error rates, printed customer numbers that stand exactly in the text,
pages called blank, pages turned wrongly, CPU seconds a page and where they go. Figures of one run compare with each other.
"""
# ruff: noqa: E402 - the thread limits must stand in the environment before numpy and OpenCV are loaded

from __future__ import annotations

import argparse
import functools
import json
import os
import sys
import time
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, fields
from pathlib import Path
from typing import Any, TypeVar

for _name in ("OMP_THREAD_LIMIT", "OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS"):
    os.environ[_name] = "1"  # as in a reading child

import cv2

sys.path.insert(0, str(Path(__file__).parent))
from printed import DIGITAL, Compared, PrintedPage, compare, missed_at_most, printed_pages, sampled

from ingest import reading
from ingest.pages import decode
from ingest.recognisers import RECOGNISERS, named
from ingest.values import PageText, ReadingOptions

cv2.setNumThreads(1)
T = TypeVar("T")

LANGUAGES = ("zh", "en")
STEPS = ("displayed_frame", "ink_of", "clockwise_turn", "barcodes_of", "prepared", "laid_in_frame")
NO_SECONDS: Mapping[str, float] = {}


@dataclass
class Tally:
    """What came of the pages of one sort."""

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

    def add(self, compared: Compared, seconds: Mapping[str, float] = NO_SECONDS) -> None:
        """Count one page."""
        self.pages += 1
        self.signs += compared.signs
        self.errors += compared.errors
        self.extra += compared.extra
        self.errors_in_order += compared.errors_in_order
        self.numbers += compared.number_found is not None
        self.numbers_found += compared.number_found is True
        for step, spent in seconds.items():
            self.cpu_seconds[step] += spent  # type: ignore[assignment]

    def __add__(self, other: Tally) -> Tally:
        return Tally(**{each.name: getattr(self, each.name) + getattr(other, each.name) for each in fields(self)})

    def percent(self, errors: int) -> str:
        """Return errors per hundred signs."""
        return f"{100 * errors / self.signs:.2f}" if self.signs else ""

    @property
    def found(self) -> str:
        """Return how many printed numbers were found, of how many, and how many are missed at most."""
        if not self.numbers:
            return ""
        most = missed_at_most(self.numbers - self.numbers_found, self.numbers)
        return f"{self.numbers_found} of {self.numbers} (missed ≤ {100 * most:.{1 if most < 0.095 else 0}f} %)"


Tallies = dict[tuple[str, ...], Tally]


def main() -> int:
    """Read the pages asked for and print what came of them."""
    asked = _arguments()
    corpus = Path(asked.corpus)
    truth_path = Path(asked.truth) if asked.truth else None
    wanted = [page for page in printed_pages(corpus, truth_path) if _is_wanted(page, asked)]
    pages = sampled(wanted, asked.sample, asked.half)
    print(report(f"{asked.recogniser}, page by page", *read_pages(pages, asked.recogniser, asked.said)))
    if asked.peer_texts and Path(asked.peer_texts).is_file():
        print(f"\n{report('OCRmyPDF on the same pages', _of_peer(pages, corpus, Path(asked.peer_texts)))}")
    return 0


def _is_wanted(page: PrintedPage, asked: argparse.Namespace) -> bool:
    return (
        (not asked.levels or page.level in asked.levels)
        and asked.fill in (None, page.fill)
        and asked.language in (None, page.language)
    )


def read_pages(pages: Iterable[PrintedPage], name: str, said_path: str | None) -> tuple[Tallies, Tally]:
    """Read the pages, one at a time as they come; return what came of them by sort, and all together."""
    tallies: Tallies = defaultdict(Tally)
    every, clock, recogniser = Tally(), StepClock(), named(name)
    recogniser.recognise = clock.timed("recognise", recogniser.recognise)  # type: ignore[method-assign]
    options = ReadingOptions(name, LANGUAGES, 100_000, 600.0)
    with Path(said_path or os.devnull).open("w", encoding="utf-8") as said:
        for page in pages:
            with clock.timing("all"):
                with clock.timing("decode"):
                    decoded = decode(page.path, page.page_number)
                read = reading.read_page(decoded, recogniser, options)
            seconds, compared = clock.taken(), compare(page, read.text)
            for tally in (tallies[sort_of(page)], every):
                tally.add(compared, seconds)
                tally.blank += read.is_blank
                tally.turned_wrongly += read.rotation_cw != page.rotation_cw
            said.write(json.dumps(_line(page, read, compared, seconds), ensure_ascii=False) + "\n")
            said.flush()
    return tallies, every


def _of_peer(pages: Sequence[PrintedPage], corpus: Path, path: Path) -> Tallies:
    """Return what came of the pages that OCRmyPDF read: {scan: [text of each page]}."""
    texts: dict[str, list[str]] = json.loads(path.read_text(encoding="utf-8"))
    tallies: Tallies = defaultdict(Tally)
    for page in pages:
        read = texts.get(str(page.path.relative_to(corpus)), [])
        if page.level != DIGITAL and page.page_number <= len(read):
            tallies[sort_of(page)].add(compare(page, read[page.page_number - 1]))
    return tallies


def sort_of(page: PrintedPage) -> tuple[str, str, str]:
    """Return the sort under which the page is counted."""
    return page.level, page.language, page.fill


class StepClock:
    """Counts CPU seconds of this process and its ended children, step by step."""

    def __init__(self) -> None:
        self._seconds: dict[str, float] = defaultdict(float)
        for step in STEPS:
            setattr(reading, step, self.timed(step, getattr(reading, step)))

    @contextmanager
    def timing(self, step: str) -> Iterator[None]:
        """Count what is done inside for the step."""
        begun = _cpu_seconds()
        yield
        self._seconds[step] += _cpu_seconds() - begun

    def timed(self, step: str, function: Callable[..., T]) -> Callable[..., T]:
        """Return the function with its own time counted."""

        @functools.wraps(function)
        def counted(*args: Any, **kwargs: Any) -> T:
            with self.timing(step):
                return function(*args, **kwargs)

        return counted

    def taken(self) -> dict[str, float]:
        """Return what was counted since the last time."""
        seconds = dict(self._seconds)
        self._seconds.clear()
        return seconds


def _cpu_seconds() -> float:
    times = os.times()
    return time.process_time() + times.children_user + times.children_system


def report(title: str, tallies: Tallies, every: Tally | None = None) -> str:
    """Return a Markdown table of what came of the pages."""
    lines = [
        f"| {title} | pages | CER % | extra % | in order % | printed customer numbers | blank | turned wrongly | CPU s/page |",
        "|---|---|---|---|---|---|---|---|---|",
        *(_row(" ".join(sort), tally) for sort, tally in sorted(tallies.items())),
    ]
    if every is not None and every.pages:
        spent = sorted(every.cpu_seconds.items(), key=lambda step: -step[1])
        steps = ", ".join(f"{step} {1000 * seconds / every.pages:.0f}" for step, seconds in spent)
        lines += [_row("all", every), "", f"CPU milliseconds a page: {steps}."]
    return "\n".join(lines)


def _row(name: str, tally: Tally) -> str:
    seconds = f"{tally.cpu_seconds['all'] / tally.pages:.2f}" if tally.cpu_seconds else ""
    rates = " | ".join(map(tally.percent, (tally.errors, tally.extra, tally.errors_in_order)))
    return f"| {name} | {tally.pages} | {rates} | {tally.found} | {tally.blank} | {tally.turned_wrongly} | {seconds} |"


def _line(page: PrintedPage, read: PageText, compared: Compared, seconds: Mapping[str, float]) -> dict[str, object]:
    return {
        "path": str(page.path),
        "page": page.page_number,
        "sort": sort_of(page),
        "signs": compared.signs,
        "errors": compared.errors,
        "extra": compared.extra,
        "in_order": compared.errors_in_order,
        "number": page.number,
        "number_found": compared.number_found,
        "skew": read.skew_degrees,
        "rotation_cw": read.rotation_cw,
        "is_blank": read.is_blank,
        "seconds": {step: round(spent, 3) for step, spent in seconds.items()},
        "printed": page.text,
        "read": read.text,
    }


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("corpus", help="folder with truth.jsonl, pagetext.jsonl and files/")
    parser.add_argument("--truth", metavar="PATH", help="lines of truth.jsonl: only these scans")
    parser.add_argument("--recogniser", default="ppocr", choices=tuple(RECOGNISERS), help="default: ppocr")
    parser.add_argument("--sample", type=int, metavar="N", help="at most so many pages of each level")
    parser.add_argument("--half", type=int, choices=(0, 1), help="0 to tune, 1 to report")
    parser.add_argument("--levels", nargs="*", metavar="LEVEL", help="only these levels")
    parser.add_argument("--fill", choices=("print", "hand", "other"), help="only forms filled in so")
    parser.add_argument("--language", choices=LANGUAGES, help="only pages in this language")
    parser.add_argument("--said", metavar="PATH", help="write what was read, one JSON line a page")
    parser.add_argument("--peer-texts", metavar="PATH", help="JSON: what OCRmyPDF read of each scan, page by page")
    return parser.parse_args()


if __name__ == "__main__":
    sys.exit(main())
