"""What is printed on the pages of a corpus, and how a text that was read differs from it.

1. *CER*: every field printed on the page is looked for wherever it was read; its edit distance to the nearest piece of the text, pooled
   over pages. 2. *extra*: signs read that are not printed, by number only. 3. *in order*: edit distance of the whole page to the truth
   in the order in which the truth lists it (checkboxes and signatures last, which no eye would read so: the own text of the corpus's
   born-digital pages scores 21 %).
All after NFKC without white space.
"""

from __future__ import annotations

import hashlib
import json
import math
import random
import re
import unicodedata
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from rapidfuzz.distance import Levenshtein

DIGITAL = "digital"  # the level of pages with a text of their own, which nobody has to read


@dataclass(frozen=True)
class PrintedPage:
    """One page and what is known of it; `number` is the customer number that is printed on it."""

    path: Path
    page_number: int
    level: str
    fill: str
    language: str
    text: str
    number: str | None
    rotation_cw: int
    record_id: str


@dataclass(frozen=True)
class Compared:
    """How the text read differs from the text printed, in signs."""

    signs: int
    errors: int
    extra: int
    errors_in_order: int
    number_found: bool | None  # None: none is printed


def printed_pages(corpus: Path, truth_path: Path | None = None) -> Iterator[PrintedPage]:
    """Yield the fronts of all records that carry text, as the truth (by default the corpus's own) describes them."""
    texts = {row["doc_id"]: row["pages"] for row in _rows(corpus / "pagetext.jsonl")}
    for scan in _rows(truth_path or corpus / "truth.jsonl"):
        backs = set(scan["blank_pages"])
        for record in scan["documents"]:
            first, last = record["pages"]
            fronts = [number for number in range(first, last + 1) if number not in backs]
            for page_number, text in zip(fronts, texts[record["doc_id"]], strict=False):
                yield _printed_page(corpus, scan, record, page_number, text)


def _printed_page(
    corpus: Path, scan: dict[str, Any], record: dict[str, Any], page_number: int, text: str
) -> PrintedPage:
    printed = record["printed_no"] if record["customer_no_found"] == "printed" else None
    number = re.sub(r"\D", "", (printed[0] if isinstance(printed, list) else printed) or "")
    return PrintedPage(
        corpus / scan["file"],
        page_number,
        DIGITAL if scan["text_layer"] is True else scan["level"],
        record.get("fill") or "other",
        record["language"] or "zh",
        text,
        number if number and stands_in(number, text) else None,
        scan["page_info"][page_number - 1].get("rotation_needed_cw") or 0,
        record["doc_id"],
    )


def _rows(path: Path) -> Iterator[dict[str, Any]]:
    with path.open(encoding="utf-8") as lines:
        for line in lines:
            yield json.loads(line)


def sampled(pages: Sequence[PrintedPage], most: int | None, half: int | None = None) -> list[PrintedPage]:
    """Return at most so many pages of each level, always the same ones, of one half of the corpus as its scorer halves it."""
    levels: dict[str, list[PrintedPage]] = defaultdict(list)
    for page in pages:
        if half is None or hashlib.sha256(page.record_id.encode()).digest()[0] & 1 == half:
            levels[page.level].append(page)
    for of_level in levels.values():
        random.Random(20231105).shuffle(of_level)
    return [page for level in sorted(levels) for page in levels[level][:most]]


def compare(page: PrintedPage, read: str) -> Compared:
    """Return how what was read differs from what is printed."""
    truth, said = squeezed(page.text), squeezed(read)
    errors = sum(nearest_distance(field, said) for field in fields(page.text))
    extra = (Counter(said) - Counter(truth)).total()
    found = None if page.number is None else stands_in(page.number, read)
    return Compared(len(truth), errors, extra, Levenshtein.distance(truth, said), found)


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
        row = np.minimum.accumulate(np.concatenate(([count], above)) - steps) + steps
    return int(row.min())


def squeezed(text: str) -> str:
    """Return the text as error rates count it."""
    return re.sub(r"\s", "", unicodedata.normalize("NFKC", text))


def stands_in(number: str, text: str) -> bool:
    """Return whether the number stands in the text exactly, whatever blanks and hyphens group it."""
    runs = re.findall(r"(?<!\d)\d(?:[ -]?\d)+(?!\d)", unicodedata.normalize("NFKC", text))
    return any(re.sub(r"\D", "", run) == number or number in run.split(" ") for run in runs)


def missed_at_most(missed: int, of: int) -> float:
    """Return the share that is missed at most, with 95 % confidence (Clopper and Pearson, one-sided)."""
    low, high = missed / of if of else 0.0, 1.0
    for _ in range(40):
        share = (low + high) / 2
        as_few = sum(math.comb(of, count) * share**count * (1 - share) ** (of - count) for count in range(missed + 1))
        low, high = (share, high) if as_few > 0.05 else (low, share)
    return high
