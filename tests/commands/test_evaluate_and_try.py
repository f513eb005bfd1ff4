"""`guidang evaluate` and `guidang scheme try` with real parts but reading: what people and programs see, and that nothing is filed."""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from connector.assembly import build
from connector.commands.main import guidang
from connector.commands.session import Session
from connector.config import load
from connector.connector_app import Connector
from connector.json_lines import EMPTY
from tests.connector.example_config import written
from tests.connector.test_learning_for_real import KINDS, correct, learning_office, take

DEMO = Path(__file__).parents[2] / "demo"
RECEIPT = """长河热力有限公司
热费缴费收据
客户编号 {number}  户名 {name}
用热地址 {address}
缴费日期 2023年11月5日  缴费方式 现金
金额（小写） ¥1,820.00
金额（大写） 壹仟捌佰贰拾元整"""


@pytest.fixture
def connector(tmp_path: Path) -> Iterator[Connector]:
    """The assembled connector with the demo's customers."""
    shutil.copy(DEMO / "customers.csv", tmp_path / "customers.csv")
    with closing(build(load(written(tmp_path)), {})) as connector:
        yield connector


def run(connector: Connector, *arguments: str | Path) -> Result:
    return CliRunner().invoke(guidang, [str(word) for word in arguments], obj=Session(application=connector))


def lines(result: Result) -> list[dict[str, Any]]:
    assert result.exit_code == 0, result.output
    return [json.loads(line) for line in result.stdout.splitlines()]


def customer(tmp_path: Path) -> dict[str, str]:
    heading, first = (tmp_path / "customers.csv").read_text(encoding="utf-8-sig").splitlines()[:2]
    row = dict(zip(heading.split(","), first.split(","), strict=True))
    return {"number": row["customer_no"], "name": row["name"], "address": row["address"]}


def paper(tmp_path: Path, text: str, name: str = "paper.txt") -> Path:
    path = tmp_path / name
    path.write_text(text, encoding="utf-8")
    return path


def test_try_says_what_would_be_found_and_files_nothing(connector: Connector, tmp_path: Path) -> None:
    who = customer(tmp_path)

    (line,) = lines(run(connector, "scheme", "try", paper(tmp_path, RECEIPT.format(**who)), "--json"))

    assert (line["state"], line["kind"], line["customer_numbers"]) == ("INDEXED", "receipt", [who["number"]])
    assert (line["fields"]["amount"], line["fields"]["pay_date"]) == (1820.0, "2023-11-05")
    assert [voice["said_by"] for voice in line["voices"]] == ["vote: rules", "rules"]
    assert "热费缴费收据" in [evidence["text"] for evidence in line["voices"][0]["evidence"]]
    (number,) = line["numbers"]
    assert (number["number"], number["valid"], number["labelled"], number["form"]) == (
        who["number"],
        True,
        True,
        "standard",
    )
    assert line["signs"]["name"] == who["name"]
    assert set(EMPTY) <= set(line)
    assert list(connector.journal.scans()) == []
    assert not (tmp_path / "archive").exists() or not any((tmp_path / "archive").rglob("*.pdf"))


def test_try_shows_evidence_and_missing_fields_to_people(connector: Connector, tmp_path: Path) -> None:
    who = customer(tmp_path)

    said = run(connector, "scheme", "try", paper(tmp_path, RECEIPT.format(**who)))

    assert said.exit_code == 0
    for word in (
        "filed",
        "Receipt",
        who["number"],
        who["name"],
        "热费缴费收据",
        "rules of the scheme",
        "(late_fee)",
        "1820",
    ):
        assert word in said.stdout, word
    assert "Nothing was filed." in said.stderr


def test_try_says_why_a_record_would_wait(connector: Connector, tmp_path: Path) -> None:
    text = RECEIPT.format(number="", name="某人", address="")

    (line,) = lines(run(connector, "scheme", "try", paper(tmp_path, text), "--json"))
    shown = run(connector, "scheme", "try", paper(tmp_path, text))

    assert line["state"] == "HELD"
    assert line["reasons"]
    assert "held" in shown.stdout
    assert line["reasons"][0]["sentence"][:20] in shown.stdout


def test_try_says_what_would_be_rejected(connector: Connector, tmp_path: Path) -> None:
    flyer = "旺角火锅城\n隆重开业\n全场八折优惠  买一送一\n凭此单到店领取礼品一份\n订购热线见店内  限时抢购"

    (line,) = lines(run(connector, "scheme", "try", paper(tmp_path, flyer), "--json"))
    shown = run(connector, "scheme", "try", paper(tmp_path, flyer))

    assert (line["state"], line["kind"], line["numbers"], line["fields"]) == ("REJECTED", None, [], {})
    assert set(EMPTY) <= set(line)
    assert "rejected" in shown.stdout
    assert "none of them" in shown.stdout


def test_try_takes_what_the_inbox_gives(connector: Connector, tmp_path: Path) -> None:
    config = load(written(tmp_path, ('kind = ""', 'kind = "complaint"')))
    with closing(build(config, {})) as other:
        (line,) = lines(run(other, "scheme", "try", paper(tmp_path, RECEIPT.format(**customer(tmp_path))), "--json"))

    assert (line["kind"], line["kind_confidence"]) == ("complaint", 1.0)


@pytest.mark.parametrize(
    ("name", "content"), [("absent.pdf", None), ("latin.txt", b"\xff\xfe\xfd"), ("empty.pdf", b"")]
)
def test_file_that_cannot_be_read_is_said(
    connector: Connector, tmp_path: Path, name: str, content: bytes | None
) -> None:
    if content is not None:
        (tmp_path / name).write_bytes(content)

    said = CliRunner().invoke(
        guidang, ["scheme", "try", str(tmp_path / name)], obj=Session(application=connector), standalone_mode=True
    )

    assert said.exit_code == 1
    assert name in said.stderr


def test_unknown_inbox_is_a_wrong_use(connector: Connector, tmp_path: Path) -> None:
    said = CliRunner().invoke(
        guidang,
        ["scheme", "try", str(paper(tmp_path, "x")), "--inbox", "nowhere"],
        obj=Session(application=connector),
        standalone_mode=True,
    )

    assert said.exit_code == 2
    assert "nowhere" in said.stderr


@pytest.mark.tesseract
def test_scan_is_tried_as_it_would_be_read(connector: Connector, tmp_path: Path) -> None:
    scan = DEMO / "scans" / "客户服务" / "SCAN0053.PDF"
    before = scan.read_bytes()

    (line,) = lines(run(connector, "scheme", "try", scan, "--json"))

    assert (line["scan"], line["kind"], line["pages"], line["record"]) == ("SCAN0053.PDF", "repair", [1, 1], None)
    assert line["customer_numbers"]
    assert scan.read_bytes() == before
    assert list(connector.journal.scans()) == []


def samples(folder: Path) -> Path:
    texts = {
        "receipt": RECEIPT.format(number="", name="", address=""),
        "维修(报修)单": "热力设施维修工单\n报修时间 2023年8月4日\n故障描述 暖气不热\n维修人员 王工",
        "none": "隆重开业\n全场八折优惠 买一送一\n凭此单领取礼品 限时抢购",
    }
    for name, text in texts.items():
        (folder / name).mkdir(parents=True)
        (folder / name / "1.txt").write_text(text, encoding="utf-8")
    (folder / "receipt" / ".hidden").write_bytes(b"")
    return folder


def test_folder_of_known_papers_is_judged(connector: Connector, tmp_path: Path) -> None:
    (line,) = lines(run(connector, "evaluate", "--folder", samples(tmp_path / "samples"), "--json"))

    assert (line["source"], line["records"], line["accuracy"]) == ("folder", 3, 1.0)
    assert {(c["told"], c["said"]) for c in line["confusion"]} == {
        ("receipt", "receipt"),
        ("repair", "repair"),
        ("none", "none"),
    }
    assert line["wrong"] == []


def test_paper_that_cannot_be_read_is_said_and_the_others_are_judged(connector: Connector, tmp_path: Path) -> None:
    folder = samples(tmp_path / "samples")
    (folder / "receipt" / "2.txt").write_bytes(b"\xff\xff")

    said = run(connector, "evaluate", "--folder", folder, "--json")

    assert lines(said)[0]["records"] == 3
    assert "2.txt" in said.stderr


def test_error_is_named_with_its_confidence(connector: Connector, tmp_path: Path) -> None:
    folder = samples(tmp_path / "samples")
    (folder / "none" / "2.txt").write_text(RECEIPT, encoding="utf-8")

    (line,) = lines(run(connector, "evaluate", "--folder", folder, "--json"))
    shown = run(connector, "evaluate", "--folder", folder)

    (wrong,) = line["wrong"]
    assert (wrong["record"], wrong["told"], wrong["said"]) == ("none/2.txt", "none", "receipt")
    assert line["by_itself_wrong"] == 1
    assert "none/2.txt" in shown.stdout
    assert "75.0%" in shown.stdout


@pytest.mark.parametrize("name", ["receipts", "其他"])
def test_folder_that_is_no_kind_is_a_wrong_use(connector: Connector, tmp_path: Path, name: str) -> None:
    (tmp_path / "samples" / name).mkdir(parents=True)

    said = CliRunner().invoke(
        guidang,
        ["evaluate", "--folder", str(tmp_path / "samples")],
        obj=Session(application=connector),
        standalone_mode=True,
    )

    assert said.exit_code == 2
    assert name in said.stderr


def test_picture_is_written(connector: Connector, tmp_path: Path) -> None:
    picture = tmp_path / "kinds.svg"

    run(connector, "evaluate", "--folder", samples(tmp_path / "samples"), "--picture", picture)

    assert picture.read_text(encoding="utf-8").startswith("<?xml")
    assert "Receipt" in picture.read_text(encoding="utf-8")


def test_with_few_decisions_there_is_too_little_to_judge_by(connector: Connector) -> None:
    said = run(connector, "evaluate")

    assert said.exit_code == 1
    assert "too little" in said.stderr


def test_decided_records_are_judged_by_what_the_others_taught(tmp_path: Path) -> None:
    office = learning_office(tmp_path)
    for number in range(16):
        correct(office, take(office, KINDS[number % 4], number), KINDS[number % 4])
    config = load(written(tmp_path, ('url = ""', 'url = "sqlite:///journal.sqlite"')))

    with closing(build(config, {})) as connector:
        (line,) = lines(run(connector, "evaluate", "--json"))
        shown = run(connector, "evaluate")

    assert (line["source"], line["records"]) == ("decisions", 16)
    assert line["accuracy"] > 0.9
    assert sum(one["count"] for one in line["reliability"]) == 16
    assert "Calibration error" in shown.stdout
