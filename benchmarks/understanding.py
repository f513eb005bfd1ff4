"""What understanding a page costs once it is read: kind, numbers, facts, customer. `make bench-understanding CORPUS=…`.

Every page of a sample of the corpus is read first, with the clock standing; then each record is described as in `guidang ingest`, cut as
the truth cuts, in one process, and the CPU seconds of each step are counted. The first records are described twice and counted the second
time: loading is no cost of a page. Second looks at the image are reading, and not counted. Not for accuracy (`bench`).
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import random
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import TypeVar

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from classifiers.values import RecordText
from connector.assembly import build
from connector.config import load
from connector.describing import identify
from connector.kinds import decide_kind
from connector.parts import Parts
from ingest import reading
from ingest.pages import decode
from ingest.recognisers import named
from ingest.values import ReadingOptions
from metadata.values import Given

ROOT = Path(__file__).resolve().parents[1]
REPORT_PATH = ROOT / "docs" / "benchmarks.md"
BEGIN, END = "<!-- bench-understanding:begin -->", "<!-- bench-understanding:end -->"
GUIDANG = Path(sys.executable).with_name("guidang")
WANTED_MS = 30.0
WARM_UP = 5  # records
T = TypeVar("T")


class Clock:
    """CPU seconds by step."""

    def __init__(self) -> None:
        self.seconds: Counter[str] = Counter()

    def timed(self, step: str, work: Callable[[], T]) -> T:
        """Return what the work returns, its seconds counted."""
        begun = time.process_time()
        found = work()
        self.seconds[step] += time.process_time() - begun  # type: ignore[assignment]
        return found


def main() -> int:
    """Read, understand, print; 1 where a page costs more than wanted."""
    asked = _arguments()
    records = list(_records(Path(asked.corpus), asked.sample))
    with tempfile.TemporaryDirectory(prefix="guidang-understanding-") as folder:
        connector = build(load(_configured(Path(folder), Path(asked.corpus))), {})
        parts = connector._parts
        for record in records[:WARM_UP]:
            _understand(parts, record, Clock())
        clock = Clock()
        for record in records:
            _understand(parts, RecordText(record.pages), clock)
        connector.close()
    report = _report(clock, sum(len(record.pages) for record in records), len(records))
    print(report)
    if asked.write:
        before, _, rest = REPORT_PATH.read_text(encoding="utf-8").partition(BEGIN)
        REPORT_PATH.write_text(f"{before}{BEGIN}\n{report}\n{END}{rest.partition(END)[2]}", encoding="utf-8")
    pages = sum(len(record.pages) for record in records)
    return 0 if 1000 * sum(clock.seconds.values()) / pages <= WANTED_MS else 1


def _understand(parts: Parts, record: RecordText, clock: Clock) -> None:
    said = clock.timed("kind", lambda: parts.classifier.classify(record))
    kind = decide_kind(said, None, parts.scheme, parts.thresholds, may_reject=False).kind
    clock.timed("numbers", lambda: parts.numbers.rereads(record))
    numbers = clock.timed("numbers", lambda: parts.numbers.candidates(record))
    signs = clock.timed("facts", lambda: parts.extractor.signs(record, kind))
    facts = clock.timed("facts", lambda: parts.extractor.facts(record, kind) if kind else ())
    found = clock.timed("customer", lambda: identify(parts, kind, numbers, signs, Given()))
    if len(record.pages) > 1:
        alone = [RecordText((page,)) for page in record.pages]
        pages = clock.timed("facts", lambda: tuple(parts.extractor.signs(page, kind) for page in alone))
        clock.timed("customer", lambda: parts.identifier.on_every_page(found, numbers, pages))
    clock.timed("customer", lambda: parts.identifier.believed(kind, facts, signs, found))


def _records(corpus: Path, sample: int) -> Iterator[RecordText]:
    scans = [json.loads(line) for line in (corpus / "truth.jsonl").read_text(encoding="utf-8").splitlines()]
    scans = [scan for scan in scans if not scan["duplicate_of"]]
    recogniser, options = named("ppocr"), ReadingOptions("ppocr", ("zh", "en"), 100_000, 600.0)
    for scan in random.Random(1).sample(scans, min(sample, len(scans))):
        for document in scan["documents"]:
            first, last = document["pages"]
            pages = (decode(corpus / scan["file"], number) for number in range(first, last + 1))
            yield RecordText(tuple(reading.read_page(page, recogniser, options) for page in pages))


def _configured(folder: Path, corpus: Path) -> Path:
    config_path = folder / "archive" / "guidang.toml"
    register = ("--config", config_path, "customers", "import", corpus / "register.csv", "--yes")
    for command in (("init", config_path.parent, "--yes"), register):
        subprocess.run([GUIDANG, *command], check=True, capture_output=True)
    return config_path


def _report(clock: Clock, pages: int, records: int) -> str:
    whole = 1000 * sum(clock.seconds.values()) / pages
    steps = ", ".join(f"{step} {1000 * spent / pages:.1f}" for step, spent in clock.seconds.most_common())
    rows: Sequence[tuple[str, ...]] = (
        (
            "our CPU of a page, without reading",
            f"{whole:.1f} ms",
            f"≤ {WANTED_MS:.0f} ms",
            "yes" if whole <= WANTED_MS else "no",
        ),
        ("… where it goes, ms a page", steps, "–", "–"),
    )
    head = (
        f"{datetime.now(UTC):%Y-%m-%d}, {platform.machine()}, {os.cpu_count()} cores, Python {platform.python_version()}, load average "
        f"{os.getloadavg()[2]:.1f} before; {pages} pages, {records} records."
    )
    table = ("| measured | | target | kept |", "|---|---|---|---|", *(f"| {' | '.join(row)} |" for row in rows))
    return "\n".join((head, "", *table))


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--corpus", required=True, help="folder with truth.jsonl, register.csv and files/")
    parser.add_argument("--sample", type=int, default=60, help="so many scans, always the same ones")
    parser.add_argument("--write", action="store_true", help=f"write the table into {REPORT_PATH.relative_to(ROOT)}")
    asked = parser.parse_args()
    if not asked.corpus or not (Path(asked.corpus) / "truth.jsonl").is_file():
        parser.error(
            "no corpus there: make bench-understanding CORPUS=FOLDER, with truth.jsonl, register.csv and files/"
        )
    return asked


if __name__ == "__main__":
    sys.exit(main())
