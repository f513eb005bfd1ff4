"""The assembly joins the real components, by the names of the configuration, and says what it cannot join."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest
from zope.interface import Interface
from zope.interface.verify import verifyObject

from classifiers.interfaces import IClassifier, IExtractor, INumberScheme
from connector.assembly import build
from connector.config import load
from connector.config_errors import ConfigWrong
from connector.connector_app import Connector
from connector.credentials import TokenMissing
from connector.interfaces import IRecordStore
from connector.registry import PluginUnknown
from ingest.interfaces import ICutter, IInbox, IScanReader
from metadata.interfaces import IDescriber, IIdentifier, IIndex, IJournal, IRegister, RegisterWrong
from tests.connector.example_config import written

CSV = "客户编号,户名,用户类型,小区,楼号,室号,地址,状态\n0312345617,测试户,居民,东区,1号楼,101,东区1号楼101,在用\n"
PAPERLESS = 'use = "paperless"\n[store.paperless]\nurl = "http://127.0.0.1:1"'


@pytest.fixture
def connector(tmp_path: Path) -> Iterator[Connector]:
    """The connector of the example configuration."""
    with closing(build(load(written(tmp_path)), {})) as connector:
        yield connector


def test_every_part_keeps_the_promise_of_its_interface(connector: Connector) -> None:
    parts = connector._parts
    desk = parts.desks["客户服务"]
    promised: list[tuple[type[Interface], object]] = [
        (IScanReader, parts.reader),
        (IClassifier, parts.classifier),
        (IExtractor, parts.extractor),
        (INumberScheme, parts.numbers),
        (IIdentifier, parts.identifier),
        (IDescriber, parts.describer),
        (IRegister, parts.register),
        (IJournal, parts.journal),
        (IIndex, parts.index),
        (IRecordStore, parts.store),
        (IInbox, desk.inbox),
        (ICutter, desk.cutter),
    ]

    assert all(verifyObject(interface, part) for interface, part in promised)


@pytest.mark.parametrize(
    ("key", "right", "wrong"),
    [
        ("reading.recogniser", 'recogniser = "ppocr"', 'recogniser = "pocr"'),
        ("classifying.classifier", 'classifier = "vote"', 'classifier = "vot"'),
        ("classifying.extractor", 'extractor = "rules"', 'extractor = "rulez"'),
        ("classifying.splitter", 'splitter = "content"', 'splitter = "contents"'),
    ],
)
def test_unknown_component_is_said_with_file_key_value_and_the_near_one(
    tmp_path: Path, key: str, right: str, wrong: str
) -> None:
    config = load(written(tmp_path, (right, wrong)))

    with pytest.raises(ConfigWrong) as raised:
        build(config, {})

    said = str(raised.value)
    wanted = (str(config.path), key, wrong.partition(" = ")[2], f"Did you mean {right.partition(' = ')[2]}?")
    assert [part for part in wanted if part not in said] == []


def test_plugin_that_is_not_installed_is_said(tmp_path: Path) -> None:
    config = load(written(tmp_path, ("plugins = []", 'plugins = ["acme"]')))

    with pytest.raises(PluginUnknown, match="acme"):
        build(config, {})


def test_paperless_without_its_token_says_where_to_put_it(tmp_path: Path) -> None:
    config = load(written(tmp_path, ('use = "folder"', PAPERLESS)))

    with pytest.raises(TokenMissing, match="GUIDANG_PAPERLESS_TOKEN"):
        build(config, {})


def test_paperless_with_its_token_is_joined_without_being_asked(tmp_path: Path) -> None:
    config = load(written(tmp_path, ('use = "folder"', PAPERLESS)))

    with closing(build(config, {"GUIDANG_PAPERLESS_TOKEN": "secret"})) as connector:
        assert connector.store.name == "paperless"


def test_wrong_number_form_names_the_file_and_the_check(tmp_path: Path) -> None:
    path = written(tmp_path, ('check = "iso7064.mod_11_10"', 'check = "iso7064.mod_11_11"'))

    with pytest.raises(ConfigWrong, match="mod_11_10") as raised:
        build(load(path), {})

    assert str(path) in str(raised.value)


def test_customer_file_is_read_by_the_first_look_and_again_when_it_changes(
    connector: Connector, tmp_path: Path
) -> None:
    assert connector.register.count() == 0
    (tmp_path / "customers.csv").write_text(CSV, encoding="utf-8")

    connector.look()

    assert connector.register.by_number("0312345617") is not None


def test_imported_customer_file_is_kept_at_its_place(connector: Connector, tmp_path: Path) -> None:
    other = tmp_path / "export.csv"
    other.write_text(CSV, encoding="utf-8")

    dry = connector.import_customers(other, dry_run=True)
    assert (dry.added, connector.register.count()) == (1, 0)
    done = connector.import_customers(other)

    assert (done.added, connector.register.count()) == (1, 1)
    assert (tmp_path / "customers.csv").read_text(encoding="utf-8") == CSV


def test_wrong_customer_file_changes_nothing(connector: Connector, tmp_path: Path) -> None:
    good, bad = tmp_path / "good.csv", tmp_path / "bad.csv"
    good.write_text(CSV, encoding="utf-8")
    bad.write_text("一,二\n三,四\n", encoding="utf-8")
    connector.import_customers(good)

    with pytest.raises(RegisterWrong):
        connector.import_customers(bad)

    assert connector.register.count() == 1
    assert (tmp_path / "customers.csv").read_text(encoding="utf-8") == CSV


def test_check_finds_missing_folders_and_the_empty_register(connector: Connector, tmp_path: Path) -> None:
    findings = [str(finding.subject) for finding in connector.check() if finding.severity != "ok"]

    assert any("客户服务" in subject for subject in findings)
    assert any("no customers" in subject for subject in findings)


def test_check_says_ok_where_everything_stands(connector: Connector, tmp_path: Path) -> None:
    for name in ("客户服务", "工程技术", "财务"):
        (tmp_path / "inbox" / name).mkdir(parents=True)
    (tmp_path / "customers.csv").write_text(CSV, encoding="utf-8")

    findings = list(connector.check())

    assert [str(finding.subject) for finding in findings if finding.severity == "error"] == []


def test_nothing_that_decodes_a_scan_is_loaded_outside_the_reading_children(tmp_path: Path) -> None:
    decoders = ("cv2", "PIL.Image", "pikepdf", "pypdfium2", "onnxruntime", "pytesseract")
    question = (
        "import pathlib, sys; from connector.assembly import build; from connector.config import load;"
        f"build(load(pathlib.Path(sys.argv[1])), {{}}).close(); print([name for name in {decoders} if name in sys.modules])"
    )

    command = [sys.executable, "-c", question, str(written(tmp_path))]
    answer = subprocess.run(command, capture_output=True, text=True, check=True)

    assert answer.stdout.strip() == "[]"
