"""Says whether memory stays flat over a long scan: `make soak` (or --pages N).

Two ways to see it. One long scan is compared with the same pages as many short scans, so that nothing but the length of a scan
differs: a single short scan is over before both readers have seen their costliest page, and its peak is a matter of luck. And within the
long scan its later pages are compared with its early ones, after a third of them has warmed everything up. The scan is made of the
demo's pages over and over. Not for speed (`bench`).
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path

import pikepdf

sys.path.insert(0, str(Path(__file__).parent))
from measure import Measured, run_measured

ROOT = Path(__file__).resolve().parents[1]
GUIDANG = Path(sys.executable).with_name("guidang")
SOURCE = ROOT / "demo" / "scans" / "客户服务" / "SCAN0053.PDF"
SHORT_PAGES = 5
MOST = 1.15
"""The long scan may need so much of what the short ones need: its pages' texts are kept, its pixels are not."""


def main() -> int:
    """Print both comparisons; return 0 where memory is flat in both and every page is accounted for."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--pages", type=int, default=300, help="pages of the long scan")
    pages = parser.parse_args().pages
    with tempfile.TemporaryDirectory(prefix="guidang-soak-") as folder:
        short, _ = _ingested(Path(folder) / "short", [SHORT_PAGES] * (pages // SHORT_PAGES))
        long, seen = _ingested(Path(folder) / "long", [pages])
    for name, cost in (
        (f"{pages // SHORT_PAGES} scans of {SHORT_PAGES} pages", short),
        (f"1 scan of {pages} pages", long),
    ):
        print(f"{name}: {cost.peak_megabytes:.0f} MB at most, {cost.cpu_seconds / pages:.2f} CPU s a page")
    early, middle, late = _peaks_of_thirds(long)
    print(f"within the long scan, by thirds of its time: {early:.0f}, {middle:.0f}, {late:.0f} MB at most")
    share, growth = long.peak_megabytes / short.peak_megabytes, max(middle, late) / early
    print(f"{share:.2f} x the memory of short scans, {growth:.2f} x that of its own first third (at most {MOST} each)")
    print(f"{seen} of {pages} pages accounted for")
    return 0 if max(share, growth) <= MOST and seen == pages else 1


def _peaks_of_thirds(cost: Measured) -> tuple[float, float, float]:
    third = cost.wall_seconds / 3
    begins = (0.0, third, 2 * third)
    first, second, last = (max(used for at, used in cost.looks if begin <= at <= begin + third) for begin in begins)
    return first, second, last


def _ingested(folder: Path, lengths: Sequence[int]) -> tuple[Measured, int]:
    """Return what ingesting scans of so many pages each cost, and how many pages their records have."""
    subprocess.run([GUIDANG, "init", folder, "--yes"], check=True, capture_output=True)
    scan_paths = [folder / f"{number}.pdf" for number in range(len(lengths))]
    for path, pages in zip(scan_paths, lengths, strict=True):
        _write_scan(path, pages)
    said_path = folder / "said.jsonl"
    cost = run_measured([GUIDANG, "--config", folder / "guidang.toml", "ingest", "--json", *scan_paths], said_path)
    ranges = [json.loads(line)["pages"] for line in said_path.read_text(encoding="utf-8").splitlines()]
    return cost, sum(last - first + 1 for first, last in filter(None, ranges))


def _write_scan(path: Path, pages: int) -> None:
    """Write a scan of so many pages, which calls itself by its file's name, so that no two are the same bytes."""
    with pikepdf.open(SOURCE) as source, pikepdf.new() as pdf:
        for number in range(pages):
            pdf.pages.append(source.pages[number % len(source.pages)])
        pdf.docinfo["/Title"] = path.stem
        pdf.save(path)


if __name__ == "__main__":
    sys.exit(main())
