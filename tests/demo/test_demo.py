"""Runs the demo as `make demo` does, and looks at what became of every scan of it."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from filelock import FileLock

ROOT = Path(__file__).parents[2]
DEMO = ROOT / "demo"
EXPECTED: dict[str, list[dict[str, Any]]] = json.loads((DEMO / "expected.json").read_text(encoding="utf-8"))

pytestmark = [
    pytest.mark.timeout(900),
]


@dataclass(frozen=True)
class Demo:
    """A demo that was run: what it printed, where, and what guidang says of it."""

    printed: str
    out: Path
    lines: list[dict[str, Any]]

    def of(self, scan: str) -> list[dict[str, Any]]:
        return sorted((line for line in self.lines if line["scan"] == scan), key=lambda line: line["pages"] or [0])


@pytest.fixture(scope="session")
def demo(tmp_path_factory: pytest.TempPathFactory, worker_id: str) -> Demo:
    """The demo, run once, however many workers the tests have."""
    shared = tmp_path_factory.getbasetemp() if worker_id == "master" else tmp_path_factory.getbasetemp().parent
    out, printed_path = shared / "demo-out", shared / "demo-printed.txt"
    environ = os.environ | {"LANGUAGE": "en", "GUIDANG_DEMO_OUT": str(out), "COLUMNS": "160"}
    with FileLock(shared / "demo.lock"):
        if not printed_path.exists():
            ran = subprocess.run(
                [sys.executable, DEMO / "run.py"], check=False, capture_output=True, text=True, env=environ
            )
            assert ran.returncode == 0, ran.stdout + ran.stderr
            printed_path.write_text(ran.stdout, encoding="utf-8")
        guidang = Path(sys.executable).with_name("guidang")
        command: list[str | Path] = [guidang, "--config", out / "guidang.toml", "export", "--json"]
        said = subprocess.run(command, check=True, capture_output=True, text=True, env=environ).stdout
    return Demo(printed_path.read_text(encoding="utf-8"), out, [json.loads(line) for line in said.splitlines()])


def test_every_demo_scan_is_expected_and_every_expected_one_there(demo: Demo) -> None:
    assert {line["scan"] for line in demo.lines} == set(EXPECTED)


@pytest.mark.parametrize("scan", EXPECTED)
def test_scan_becomes_what_it_should(demo: Demo, scan: str) -> None:
    """One that is held where it may be has no customer; one that is filed has the right one."""
    for line, expected in zip(demo.of(scan), EXPECTED[scan], strict=True):
        wanted = dict(expected)
        codes = set(wanted.pop("reasons", []))
        assert line["state"] in wanted.pop("states")
        if line["state"] == "HELD":
            wanted["customer_numbers"] = line["customer_numbers"] and wanted["customer_numbers"]
        assert {key: line[key] for key in wanted} == wanted
        assert codes <= {reason["code"] for reason in line["reasons"]}


def test_second_scan_of_the_same_paper_is_linked(demo: Demo) -> None:
    receipts = [line for scan in ("IMG_20231106_0021.pdf", "扫描件 (22).jpeg") for line in demo.of(scan)]

    assert {line["second_scan_of"] for line in receipts} & {line["record"] for line in receipts}


def test_exact_duplicate_names_the_record_that_stands(demo: Demo) -> None:
    (duplicate,) = [line for line in demo.lines if line["state"] == "DUPLICATE"]
    (first,) = [line for line in demo.lines if line["scan_sha256"] == duplicate["scan_sha256"] and line["record"]]

    assert duplicate["duplicate_of"] == [first["record"]]


def test_unreadable_scans_stand_in_failed_with_a_note(demo: Demo) -> None:
    for line in demo.lines:
        if line["state"] in ("QUARANTINED", "REJECTED"):
            folder = {"QUARANTINED": "failed", "REJECTED": "rejected"}[line["state"]]
            (kept,) = demo.out.glob(f"inbox/*/{folder}/{line['scan']}")
            assert line["scan"] in kept.with_name(f"{kept.name}.note.txt").read_text(encoding="utf-8")


def test_inboxes_are_empty_afterwards(demo: Demo) -> None:
    left = [path for inbox in (demo.out / "inbox").iterdir() for path in inbox.iterdir() if path.is_file()]

    assert left == []


def test_demo_says_where_to_look_and_what_to_try(demo: Demo) -> None:
    assert "Where to look" in demo.printed
    assert "What to try next" in demo.printed


def test_filed_records_have_codes_and_held_ones_none(demo: Demo) -> None:
    codes = [line["reference_code"] for line in demo.lines if line["state"] == "INDEXED"]

    assert all(codes)
    assert len(set(codes)) == len(codes)
    assert [line["reference_code"] for line in demo.lines if line["state"] == "HELD" and line["reference_code"]] == []


def test_every_evidence_text_is_found_inside_its_box_of_the_stored_pdf(demo: Demo) -> None:
    if shutil.which("pdftotext") is None:
        pytest.skip("pdftotext (poppler-utils) is not installed")
    pdf_of = stored_pdfs(demo.out / "archive")
    looked_at = [
        (f"{line['scan']} {name}", found(pdf_of[line["record"]], evidence))
        for line in demo.lines
        if line["record"]
        for name, evidence in line["evidence"].items()
        if evidence["source"] == "text"
    ]

    assert len(looked_at) > 50
    assert [name for name, is_there in looked_at if not is_there] == []


def stored_pdfs(archive: Path) -> dict[str, Path]:
    """Each record's PDF, by the sidecars."""
    return {
        json.loads(sidecar.read_text(encoding="utf-8"))["record"]: sidecar.with_suffix(".pdf")
        for sidecar in archive.rglob("*.json")
        if sidecar.with_suffix(".pdf").exists()
    }


def found(pdf: Path, evidence: dict[str, Any]) -> bool:
    """Whether pdftotext, looking at nothing but the box, sees the text."""
    left, top, right, bottom = evidence["box"]
    margin = 0.25 * (bottom - top)  # a box is where the ink was; signs of a line share one width
    area = (left - margin, top - margin, right - left + 2 * margin, bottom - top + 2 * margin)
    sides = [word for flag, value in zip("xyWH", area, strict=True) for word in (f"-{flag}", str(max(0, round(value))))]
    page = str(evidence["page"])
    command: list[str | Path] = ["pdftotext", "-f", page, "-l", page, "-r", str(evidence["dpi"]), *sides, pdf, "-"]
    text = subprocess.run(command, check=True, capture_output=True, text=True).stdout
    return squeezed(evidence["text"]) in squeezed(text)


def squeezed(text: str) -> str:
    return re.sub(r"\s+", "", text)
