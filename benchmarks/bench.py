"""Runs a corpus through guidang and through OCRmyPDF on the same pages, and scores what guidang said: `make bench CORPUS=…`.

Of the truth guidang gets one thing: the inbox that fits how the batch was made up, as a clerk would choose it. Everything
else of it goes to the scorer only. Figures of one run compare with each other, not with those of another machine.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import random
import re
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).parent))
from measure import NOTHING, Measured, run_measured

ROOT = Path(__file__).resolve().parents[1]
REPORT_PATH = ROOT / "docs" / "benchmarks.md"
BEGIN, END = "<!-- bench:begin -->", "<!-- bench:end -->"
GUIDANG = Path(sys.executable).with_name("guidang")
INBOX_OF_BATCH = {"separator": "sheets", "blank": "blank"}  # everything else: sheets, the default
PEER_OPTIONS = {
    "full": ("-l", "chi_sim+eng", "--deskew", "--rotate-pages", "--output-type", "pdfa"),
    "plain": ("-l", "chi_sim+eng", "--output-type", "pdf"),
}
TARGETS = {"full": "on office scans it shall be 7 or more.", "plain": "on office scans it shall be 3.5 or more."}
READING_PATH = Path(__file__).with_name("reading.py")
TRUTH = "truth.jsonl"  # of the scans of this run
PEER_TEXTS = "peer_texts.json"
SHOWN = (
    "filed_wrong_customer", "must_review_filed", "not_archive_filed", "kind_right", "filed_right", "must_file_filed_right",
    "wrong_customer_upper95", "printed_numbers_found", "fields_found", "fields_given_right", "kind_calibration_error",
    "scans_unaccounted", "batches_split_right", "duplicates_filed_again", "extra_records_filed",
)  # fmt: skip

Scan = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Peer:
    """What OCRmyPDF cost in one of its modes, and how many scans it refused."""

    mode: str
    cost: Measured
    pages: int
    refused: int


def main() -> int:
    """Run the benchmark; return 0 where the targets of the first release hold."""
    asked = _arguments()
    corpus = Path(asked.corpus).resolve()
    scans = _sample(corpus, asked.sample, asked.office)
    with tempfile.TemporaryDirectory(prefix="guidang-bench-") as folder:
        work = Path(folder)
        said_path = Path(asked.said).resolve() if asked.said else work / "said.jsonl"
        pages = sum(scan["pages"] for scan in scans)
        print(f"{len(scans)} scans, {pages} pages", flush=True)
        ours = _guidang(corpus, scans, work, said_path)
        score = _score(corpus, scans, said_path, work, asked.half)
        modes = () if asked.no_peer else tuple(dict.fromkeys(asked.modes))
        peers = [peer for mode in modes if (peer := _ocrmypdf(corpus, scans, work, asked.peer, mode)) is not None]
        reading = "" if asked.no_reading else _reading(corpus, work, asked.half)
    report = "\n\n".join(filter(None, (_report(len(scans), pages, ours, peers, score), reading)))
    print(report)
    if asked.write:
        _write(report)
    return 0 if score["filed_wrong_customer"] == 0 and score["must_review_filed"].startswith("0/") else 1


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--corpus", required=True, help="folder with truth.jsonl, register.csv, files/ and score.py")
    parser.add_argument(
        "--sample", type=int, help="this many scans, chosen at random but always the same; otherwise all"
    )
    parser.add_argument("--office", action="store_true", help="only office scans of a single page at 300 dpi")
    parser.add_argument("--half", choices=("0", "1"), help="score one half only: 0 to tune, 1 to report")
    parser.add_argument("--peer", default=os.environ.get("OCRMYPDF", "ocrmypdf"), help="the ocrmypdf program")
    parser.add_argument(
        "--modes", nargs="+", choices=tuple(PEER_OPTIONS), default=["full"], help="run it so, or in both ways"
    )
    parser.add_argument("--no-peer", action="store_true", help="leave OCRmyPDF out")
    parser.add_argument("--no-reading", action="store_true", help="leave out the comparison with the printed text")
    parser.add_argument("--said", help="keep what guidang said in this file")
    parser.add_argument("--write", action="store_true", help=f"write the figures into {REPORT_PATH.relative_to(ROOT)}")
    asked = parser.parse_args()
    if not asked.corpus or not (Path(asked.corpus) / "truth.jsonl").is_file():
        parser.error("no corpus there: make bench CORPUS=FOLDER, with truth.jsonl, register.csv, files/ and score.py")
    return asked


def _sample(corpus: Path, count: int | None, are_office: bool) -> list[Scan]:
    scans = [json.loads(line) for line in (corpus / "truth.jsonl").read_text(encoding="utf-8").splitlines() if line]
    if are_office:
        scans = [scan for scan in scans if _is_office(scan)]
    if count is None or count >= len(scans):
        return scans
    chosen = set(random.Random(1).sample(range(len(scans)), count))  # the same ones every time
    return [scan for index, scan in enumerate(scans) if index in chosen]


def _is_office(scan: Scan) -> bool:
    """Return whether it is one page of an office scanner at 300 dpi that is to be read and filed, as `flow` takes them."""
    is_wanted = all(document["expected_route"] != "reject" for document in scan["documents"])
    is_single = scan["pages"] == 1 and not scan["text_layer"] and not scan["duplicate_of"]
    return scan["level"] == "office" and scan["dpi"] == 300 and is_single and is_wanted


def _guidang(corpus: Path, scans: Sequence[Scan], work: Path, said_path: Path) -> Measured:
    """Ingest every scan into the inbox that fits it; stdout of both runs together is what guidang said."""
    said_path.unlink(missing_ok=True)
    config_path = _configured(work / "guidang")
    register = [GUIDANG, "--config", config_path, "customers", "import", corpus / "register.csv", "--yes"]
    subprocess.run(register, check=True, stdout=subprocess.DEVNULL)
    cost = NOTHING
    for inbox in ("sheets", "blank"):
        paths = [corpus / scan["file"] for scan in scans if _inbox_of(scan) == inbox]
        if paths:
            command = [GUIDANG, "--config", config_path, "ingest", "--inbox", inbox, "--json", *paths]
            cost += run_measured(command, said_path)
    if cost.status not in (0, 1):
        sys.exit(f"guidang ended with {cost.status}")
    return cost


def _inbox_of(scan: Scan) -> str:
    return INBOX_OF_BATCH.get((scan["batch"] or {}).get("mode", ""), "sheets")


def _configured(folder: Path) -> Path:
    """Return the example configuration with two inboxes in place of its own."""
    subprocess.run([GUIDANG, "init", folder, "--yes"], check=True, capture_output=True)
    config_path = folder / "guidang.toml"
    example = config_path.read_text(encoding="utf-8")
    own = "".join(f'[[inboxes]]\nname = "{b}"\npath = "inbox/{b}"\nbatch = "{b}"\n\n' for b in ("sheets", "blank"))
    first = example.index("[[inboxes]]")
    after = re.compile(r"^\[(?!\[?inboxes)", re.MULTILINE).search(example, first)
    rest = example[after.start() :] if after else ""
    config_path.write_text(example[:first] + own + rest, encoding="utf-8")
    for name in ("sheets", "blank"):
        (folder / "inbox" / name).mkdir(parents=True)
    return config_path


def _score(corpus: Path, scans: Sequence[Scan], said_path: Path, work: Path, half: str | None) -> dict[str, Any]:
    truth_path = work / TRUTH
    truth_path.write_text("".join(json.dumps(scan) + "\n" for scan in scans), encoding="utf-8")
    command = [sys.executable, corpus / "score.py", truth_path, said_path, "--list", "wrong"]
    command += ["--half", half] if half else []
    said = subprocess.run(command, check=True, capture_output=True, text=True).stdout
    print(said.rpartition("\n{")[0], flush=True)
    score: dict[str, Any] = json.loads(said.splitlines()[-1])
    return score


def _ocrmypdf(corpus: Path, scans: Sequence[Scan], work: Path, program: str, mode: str) -> Peer | None:
    """Run OCRmyPDF in this mode on the same scans, one process a scan as it is made; None where it is not installed."""
    found = shutil.which(program)
    if found is None:
        print("OCRmyPDF is not installed here: no comparison (pip install ocrmypdf; or --peer PROGRAM)", flush=True)
        return None
    cost, pages, refused = NOTHING, 0, 0
    texts: dict[str, list[str]] = {}
    jobs = ("--jobs", str(os.cpu_count() or 1))
    for scan in scans:
        resolution = () if scan["format"] == "pdf" else ("--image-dpi", str(scan["dpi"] or 300))
        # Ghostscript 10.0 (Debian 12) is refused for --skip-text: only where there is text to skip.
        skipping = ("--skip-text",) if scan["text_layer"] else ()
        sidecar = "--sidecar", work / "peer.txt"
        command = [
            found,
            *PEER_OPTIONS[mode],
            *skipping,
            *jobs,
            *resolution,
            *sidecar,
            corpus / scan["file"],
            work / "peer.pdf",
        ]
        one = run_measured(command)
        if one.status in (0, 10):  # 10: no valid PDF/A, but a PDF
            cost, pages = (
                cost + Measured(0, one.cpu_seconds, one.wall_seconds, one.peak_megabytes),
                pages + scan["pages"],
            )
            texts[scan["file"]] = (work / "peer.txt").read_text(encoding="utf-8").split("\f")
        else:
            refused += 1
    if not (work / PEER_TEXTS).exists():  # the mode named first is the one whose text is compared
        (work / PEER_TEXTS).write_text(json.dumps(texts, ensure_ascii=False), encoding="utf-8")
    return Peer(mode, cost, pages, refused)


def _reading(corpus: Path, work: Path, half: str | None) -> str:
    """Return the tables of what both read of the printed pages: error rates, printed numbers, where the time goes."""
    command = [sys.executable, READING_PATH, corpus, "--truth", work / TRUTH, "--peer-texts", work / PEER_TEXTS]
    command += ["--half", half] if half else []
    return subprocess.run(command, check=True, capture_output=True, text=True).stdout.rstrip()


def _report(scan_count: int, pages: int, ours: Measured, peers: Sequence[Peer], score: dict[str, Any]) -> str:
    lines = [
        f"{datetime.now(UTC):%Y-%m-%d}, {platform.machine()}, {os.cpu_count()} cores, Python {platform.python_version()}; "
        f"{scan_count} scans, {pages} pages; load average now {os.getloadavg()[1]:.1f} (5 minutes).",
        "",
        "| | CPU s/page | pages/min | peak memory of the process tree (PSS) |",
        "|---|---|---|---|",
        _row("guidang ingest (read, classified, numbered, filed)", ours, pages),
    ]
    measured = [peer for peer in peers if peer.pages]
    lines += [_row(f"OCRmyPDF {' '.join(PEER_OPTIONS[peer.mode])}", peer.cost, peer.pages) for peer in measured]
    for peer in measured:
        share = (ours.cpu_seconds / pages) / (peer.cost.cpu_seconds / peer.pages)
        lines += [
            "",
            f"OCRmyPDF ({peer.mode}) takes {1 / share:.1f} × the CPU seconds of guidang; {TARGETS[peer.mode]}",
        ]
        lines += [f"OCRmyPDF refused {peer.refused} scans; they are not in its figures."] if peer.refused else []
    lines += ["", "| scorer | |", "|---|---|", *(f"| {name} | {score[name]} |" for name in SHOWN if name in score)]
    return "\n".join(lines)


def _row(name: str, cost: Measured, pages: int) -> str:
    per_minute = 60 * pages / cost.wall_seconds
    return f"| {name} | {cost.cpu_seconds / pages:.2f} | {per_minute:.1f} | {cost.peak_megabytes:.0f} MB |"


def _write(report: str) -> None:
    text = REPORT_PATH.read_text(encoding="utf-8")
    before, _, rest = text.partition(BEGIN)
    after = rest.partition(END)[2]
    REPORT_PATH.write_text(f"{before}{BEGIN}\n{report}\n{END}{after}", encoding="utf-8")


if __name__ == "__main__":
    sys.exit(main())
