"""How much of the recogniser's own speed is left on the way into the archive, and how soon a paper is filed: `make bench-flow CORPUS=…`.

Single-page office scans of the corpus at 300 dpi, three ways. *Alone*: a recogniser on every core, pages decoded and prepared before the
clock starts, text out. *Ingest*: the same scans through `guidang ingest` into the folder store, start-up and all; and, because the recogniser
alone is timed with its models open, the pages a minute between the first scans that are filed and the last ones. *Run*: scans moved one
by one into the inbox of a running `guidang run`, each timed from where it has settled until it stands in done/. Not for accuracy (`bench`).
"""

from __future__ import annotations

import argparse
import json
import multiprocessing
import os
import platform
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import pairwise
from multiprocessing.synchronize import Barrier
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))
sys.path.insert(0, str(Path(__file__).resolve().parents[1]))
from measure import run_measured

ROOT = Path(__file__).resolve().parents[1]
REPORT_PATH = ROOT / "docs" / "benchmarks.md"
BEGIN, END = "<!-- bench-flow:begin -->", "<!-- bench-flow:end -->"
GUIDANG = Path(sys.executable).with_name("guidang")
DPI = 300
ENDS = 6  # scans in flight at most
QUIET_SECONDS = 2.0  # as the example configuration has it
WAIT_SECONDS = 60.0
SHARE_WANTED, FILED_SECONDS_WANTED, MEGABYTES_WANTED = 0.8, 3.0, 700

_barrier: Barrier | None = None


@dataclass(frozen=True, slots=True)
class Worked:
    """When one recogniser began and ended (seconds of the system's monotonic clock), and the CPU seconds in between."""

    begun: float
    ended: float
    cpu_seconds: float


def main() -> int:
    """Print the table; return 0 where the three targets are kept."""
    asked = _arguments()
    corpus = Path(asked.corpus).resolve()
    paths = _office_scans(corpus)[: asked.scans]
    cores = len(os.sched_getaffinity(0))
    alone = _alone(paths, cores)
    with ProcessPoolExecutor(1, mp_context=multiprocessing.get_context("spawn")) as pool:
        steps = pool.submit(_begun_steps, paths).result()
    with tempfile.TemporaryDirectory(prefix="guidang-flow-") as folder:
        config_path = _configured(Path(folder), corpus)
        ingest = [GUIDANG, "--config", config_path, "ingest", "--json", *paths]
        cost = run_measured(ingest, Path(folder) / "said.jsonl")
    with tempfile.TemporaryDirectory(prefix="guidang-flow-") as folder:
        steady = _pages_a_minute_between(_configured(Path(folder), corpus), paths)
    with tempfile.TemporaryDirectory(prefix="guidang-flow-") as folder:
        filed = _filed_after(Path(folder), corpus, paths[: asked.arrivals])
    alone_seconds = max(w.ended for w in alone) - min(w.begun for w in alone)
    count = len(paths)
    alone_a_minute = 60 * count / alone_seconds
    share = steady / alone_a_minute
    rows = [
        ("recogniser alone on every core, pages a minute", f"{alone_a_minute:.0f}", "–", "–"),
        ("… CPU s a page", f"{sum(w.cpu_seconds for w in alone) / count:.3f}", "–", "–"),
        ("guidang ingest, start-up included, pages a minute", f"{60 * count / cost.wall_seconds:.0f}", "–", "–"),
        ("… CPU s a page", f"{cost.cpu_seconds / count:.3f}", "–", "–"),
        ("… where it goes, ms a page", _where(steps, cost.cpu_seconds / count), "–", "–"),
        ("… between the first and the last scans filed, pages a minute", f"{steady:.0f}", "–", "–"),
        ("… share of the recogniser's own pages a minute", f"{share:.0%}", f"≥ {SHARE_WANTED:.0%}", _kept(share >= SHARE_WANTED)),
        ("… memory of the process tree (PSS) at most", f"{cost.peak_megabytes:.0f} MB", f"≤ {MEGABYTES_WANTED} MB",
         _kept(cost.peak_megabytes <= MEGABYTES_WANTED)),
        ("guidang run, from settled to filed, median", f"{statistics.median(filed):.2f} s", "–", "–"),
        ("… longest", f"{max(filed):.2f} s", f"≤ {FILED_SECONDS_WANTED:.0f} s", _kept(max(filed) <= FILED_SECONDS_WANTED)),
    ]  # fmt: skip
    report = "\n".join(
        [
            f"{datetime.now(UTC):%Y-%m-%d}, {platform.machine()}, {cores} cores, Python {platform.python_version()}, load average "
            f"{os.getloadavg()[2]:.1f} before; {count} scans, {len(filed)} of them moved into a watched inbox.",
            "",
            "| measured | | target | kept |",
            "|---|---|---|---|",
            *("| " + " | ".join(row) + " |" for row in rows),
        ]
    )
    print(report)
    if asked.write:
        _write(report)
    return 0 if all(row[3] != "no" for row in rows) else 1


def _where(steps: Mapping[str, float], whole: float) -> str:
    named = {**steps, "rest": whole - sum(steps.values())}
    return ", ".join(f"{step} {1000 * seconds:.0f}" for step, seconds in named.items())


def _kept(kept: bool) -> str:
    return "yes" if kept else "no"


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--corpus", required=True, help="folder with truth.jsonl, register.csv and files/")
    parser.add_argument("--scans", type=int, default=1000, help="so many scans at most")
    parser.add_argument("--arrivals", type=int, default=10, help="so many of them into the watched inbox")
    parser.add_argument("--write", action="store_true", help=f"write the table into {REPORT_PATH.relative_to(ROOT)}")
    asked = parser.parse_args()
    if not asked.corpus or not (Path(asked.corpus) / "truth.jsonl").is_file():
        parser.error("no corpus there: make bench-flow CORPUS=FOLDER, with truth.jsonl, register.csv and files/")
    return asked


def _office_scans(corpus: Path) -> list[Path]:
    scans = [json.loads(line) for line in (corpus / "truth.jsonl").read_text(encoding="utf-8").splitlines()]
    return [
        corpus / scan["file"]
        for scan in scans
        if scan["level"] == "office"
        and all(document["expected_route"] != "reject" for document in scan["documents"])
        and scan["pages"] == 1
        and scan["dpi"] == DPI
        and not scan["text_layer"]
        and not scan["duplicate_of"]
    ]


def _alone(paths: Sequence[Path], cores: int) -> list[Worked]:
    """Return what a recogniser on each core took for its share of the pages."""
    context = multiprocessing.get_context("spawn")
    barrier = context.Barrier(cores)
    with ProcessPoolExecutor(cores, mp_context=context, initializer=_begin, initargs=(barrier,)) as pool:
        return list(pool.map(_recognise, [paths[core::cores] for core in range(cores)]))


def _begin(barrier: Barrier) -> None:
    import ingest.preload  # noqa: F401 - sets the limits on threads before numpy is loaded

    global _barrier  # noqa: PLW0603 - a barrier reaches a pool's process in no other way
    _barrier = barrier


def _recognise(paths: Sequence[Path]) -> Worked:
    from ingest.orientation import clockwise_turn
    from ingest.pages import decode
    from ingest.prepare import displayed_frame, prepared, turned
    from ingest.recognisers import named

    recogniser = named("ppocr")
    pages = []
    for path in paths:
        frame = displayed_frame(decode(path, 1))
        ready = prepared(turned(frame, clockwise_turn(frame.pixels)), recogniser.needs)
        pages.append(ready)
    recogniser.recognise(pages[0], ("zh", "en"))  # opens the models
    if _barrier is not None:
        _barrier.wait()
    begun, cpu_begun = time.monotonic(), time.process_time()
    for page in pages:
        recogniser.recognise(page, ("zh", "en"))
    return Worked(begun, time.monotonic(), time.process_time() - cpu_begun)


def _begun_steps(paths: Sequence[Path]) -> dict[str, float]:
    import ingest.preload  # noqa: F401 - sets the limits on threads before numpy is loaded

    return _steps(paths)


def _steps(paths: Sequence[Path]) -> dict[str, float]:
    """Return the CPU seconds a page of each step of reading and writing, one page after the other in one process."""
    from ingest.child_tasks import write_record_pdf
    from ingest.orientation import clockwise_turn
    from ingest.pages import decode
    from ingest.prepare import displayed_frame, prepared, turned
    from ingest.reading import read_page
    from ingest.recognisers import named
    from ingest.values import ReadingOptions

    recogniser, spent = named("ppocr"), dict.fromkeys(("decode", "prepare", "recognise", "text layer"), 0.0)
    options = ReadingOptions("ppocr", ("zh", "en"), 1000, WAIT_SECONDS)
    with tempfile.TemporaryDirectory(prefix="guidang-flow-") as folder:
        read_page(decode(paths[0], 1), recogniser, options)  # opens the models
        for number, path in enumerate(paths):
            at = [time.process_time()]
            decoded = decode(path, 1)
            at.append(time.process_time())
            frame = displayed_frame(decoded)
            ready = prepared(turned(frame, clockwise_turn(frame.pixels)), recogniser.needs)
            at.append(time.process_time())
            recogniser.recognise(ready, options.languages)
            at.append(time.process_time())
            page = read_page(decode(path, 1), recogniser, options)
            begun = time.process_time()
            write_record_pdf(path, (page,), Path(folder) / f"{number}.pdf", None)
            seconds = (*(after - before for before, after in pairwise(at)), time.process_time() - begun)
            for step, one in zip(spent, seconds, strict=True):
                spent[step] += one / len(paths)
    return spent


def _configured(folder: Path, corpus: Path) -> Path:
    config_path = folder / "archive" / "guidang.toml"
    subprocess.run([GUIDANG, "init", config_path.parent, "--yes"], check=True, capture_output=True)
    register = [GUIDANG, "--config", config_path, "customers", "import", corpus / "register.csv", "--yes"]
    subprocess.run(register, check=True, capture_output=True)
    return config_path


def _pages_a_minute_between(config_path: Path, paths: Sequence[Path]) -> float:
    """Return the pages a minute from when the PDFs of the first `ENDS` records are written until all but the last so many are.

    Then both readers have their models open, and both still have work: neither start-up nor the end of the work is in it.
    """
    subprocess.run([GUIDANG, "--config", config_path, "ingest", "--json", *paths], capture_output=True, check=False)
    written = sorted(path.stat().st_mtime for path in (config_path.parent / "archive").rglob("*.pdf"))
    if len(written) < 3 * ENDS:
        sys.exit(f"{len(written)} records are too few to tell pages a minute: {3 * ENDS} scans at least")
    return 60 * (len(written) - 2 * ENDS) / (written[-1 - ENDS] - written[ENDS - 1])


def _filed_after(folder: Path, corpus: Path, paths: Sequence[Path]) -> list[float]:
    """Return the seconds from settled to filed of each scan; the first one, which starts the readers, is not counted."""
    config_path = _configured(folder, corpus)
    inbox = next(path for path in sorted((config_path.parent / "inbox").iterdir()) if path.is_dir())
    running = subprocess.Popen(
        [GUIDANG, "--config", config_path, "run"], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )
    try:
        return [_filed(folder, inbox, path) for path in paths][1:]
    finally:
        running.terminate()
        running.wait()


def _filed(folder: Path, inbox: Path, path: Path) -> float:
    beside = folder / path.name
    shutil.copyfile(path, beside)
    beside.rename(inbox / path.name)
    settled = time.monotonic() + QUIET_SECONDS
    while not any((inbox / "done").rglob(path.name)):
        if time.monotonic() > settled + WAIT_SECONDS:
            sys.exit(f"{path.name} was not filed within {WAIT_SECONDS:.0f} s")
        time.sleep(0.02)
    return time.monotonic() - settled


def _write(report: str) -> None:
    text = REPORT_PATH.read_text(encoding="utf-8")
    before, _, rest = text.partition(BEGIN)
    REPORT_PATH.write_text(f"{before}{BEGIN}\n{report}\n{END}{rest.partition(END)[2]}", encoding="utf-8")


if __name__ == "__main__":
    sys.exit(main())
