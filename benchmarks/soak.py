"""Reads one long scan and one short one, and says whether memory stays flat: `make soak` (or --pages N).

The long scan is made of the demo's pages over and over, so that nothing but its length differs. Not for speed (`bench`).
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
import tempfile
from pathlib import Path

import pikepdf

sys.path.insert(0, str(Path(__file__).parent))
from measure import Measured, run_measured

ROOT = Path(__file__).resolve().parents[1]
GUIDANG = Path(sys.executable).with_name("guidang")
SOURCE = ROOT / "demo" / "scans" / "客户服务" / "SCAN0053.PDF"
SHORT_PAGES = 5
MOST = 1.15
"""The long scan may need so much of the short one's memory: its pages' texts are kept, its pixels are not."""


def main() -> int:
    """Print both; return 0 where the long scan needs hardly more memory than the short one and every page is accounted for."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--pages", type=int, default=300, help="pages of the long scan")
    pages = parser.parse_args().pages
    with tempfile.TemporaryDirectory(prefix="guidang-soak-") as folder:
        short, _ = _ingested(Path(folder) / "short", SHORT_PAGES)
        long, seen = _ingested(Path(folder) / "long", pages)
    share = long.peak_megabytes / short.peak_megabytes
    print(
        f"{SHORT_PAGES} pages: {short.peak_megabytes:.0f} MB at most, {short.cpu_seconds / SHORT_PAGES:.2f} CPU s a page"
    )
    print(f"{pages} pages: {long.peak_megabytes:.0f} MB at most, {long.cpu_seconds / pages:.2f} CPU s a page")
    print(f"{share:.2f} x the memory (at most {MOST}); {seen} of {pages} pages accounted for")
    return 0 if share <= MOST and seen == pages else 1


def _ingested(folder: Path, pages: int) -> tuple[Measured, int]:
    """Return what ingesting a scan of so many pages cost, and how many pages its records have."""
    subprocess.run([GUIDANG, "init", folder, "--yes"], check=True, capture_output=True)
    scan_path, said_path = folder / "long.pdf", folder / "said.jsonl"
    _write_scan(scan_path, pages)
    cost = run_measured([GUIDANG, "--config", folder / "guidang.toml", "ingest", "--json", scan_path], said_path)
    ranges = [json.loads(line)["pages"] for line in said_path.read_text(encoding="utf-8").splitlines()]
    return cost, sum(last - first + 1 for first, last in filter(None, ranges))


def _write_scan(path: Path, pages: int) -> None:
    with pikepdf.open(SOURCE) as source, pikepdf.new() as pdf:
        for number in range(pages):
            pdf.pages.append(source.pages[number % len(source.pages)])
        pdf.save(path)


if __name__ == "__main__":
    sys.exit(main())
