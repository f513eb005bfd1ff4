"""What each verb prints, and how it ends, on an application that holds invented records."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from connector import i18n
from connector.commands.main import guidang
from connector.commands.session import Session
from connector.config_errors import ConfigWrong
from connector.exit_codes import ExitCode
from connector.i18n import Language, translated
from connector.interfaces import CheckFinding, Severity, StoreForbidden, StoreUnreachable
from connector.pushing import SENTENCES as PUSH_SENTENCES
from connector.pushing import Pushed, PushResult
from connector.reconciling import PROPOSALS, Finding, Repair, Trouble
from connector.reconciling import SENTENCES as TROUBLE_SENTENCES
from connector.repairs import RepairNotPossible
from connector.sync import SyncReport
from connector.sync_news import SENTENCES, Happening, News
from ingest.interfaces import Fault, ScanUnreadable
from ingest.message import Message
from ingest.values import ScanId
from metadata.values import Reason, ReasonCode, RecordId, RecordState, ScanState, StoreId
from tests.commands import examples
from tests.commands.examples import NUMBER, FakeApplication, HeldScans, as_application


@pytest.fixture(autouse=True)
def _english(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setenv("LANGUAGE", "en")
    monkeypatch.setenv("COLUMNS", "200")
    yield
    i18n.set_language("en")


def call(application: FakeApplication, *arguments: str, typed: str | None = None) -> Result:
    session = Session(application=as_application(application))
    return CliRunner().invoke(guidang, list(arguments), obj=session, input=typed)


def with_records(*states: ScanState) -> FakeApplication:
    """An application that holds one filed and one held receipt, and a scan in each of these states."""
    held = Reason(ReasonCode.NUMBER_CHECK_FAILS, {"number": "1687189158"}, (NUMBER,))
    records = [examples.record(1), examples.record(2, reasons=(held,))]
    scans = [examples.scan()]
    scans += [examples.scan(state, scan_id=f"scan-{state}", name=f"{state}.pdf") for state in states]
    return FakeApplication(HeldScans(scans, records))


def json_lines(result: Result) -> list[dict[str, object]]:
    return [json.loads(line) for line in result.stdout.splitlines()]


class TestReporting:
    def test_status_counts_every_state(self) -> None:
        result = call(with_records(ScanState.REJECTED), "status")

        assert result.exit_code == ExitCode.DONE
        assert "Scans seen" in result.stdout
        assert "guidang held" in result.stderr

    def test_status_as_json_is_one_object(self) -> None:
        (line,) = json_lines(call(with_records(ScanState.REJECTED), "status", "--json"))

        assert line["schema"] == 1
        assert line["customers"] == 1
        assert isinstance(line["scans"], dict)
        assert line["scans"]["REJECTED"] == 1

    def test_held_lists_reason_and_possible_customer(self) -> None:
        result = call(with_records(), "held")

        assert "1687189158 on the paper is wrong" in result.stdout
        assert f"{NUMBER} 沈树林" in result.stdout
        assert "JF-2024" not in result.stdout

    def test_held_as_json_gives_held_records_only(self) -> None:
        lines = json_lines(call(with_records(), "held", "--json"))

        assert [line["state"] for line in lines] == ["HELD"]

    def test_held_says_when_nothing_waits(self) -> None:
        result = call(FakeApplication(HeldScans()), "held")

        assert result.stdout == ""
        assert "Nothing waits" in result.stderr

    def test_show_tells_facts_with_their_evidence(self) -> None:
        result = call(with_records(), "show", "JF-2024-receipt·00001")

        assert "沈树林" in result.stdout
        assert "2,310.00" in result.stdout
        assert "100, 200, 300, 240" in result.stdout
        assert "Amount (amount)" in result.stdout

    def test_show_of_an_unknown_record_is_a_usage_error(self) -> None:
        result = call(with_records(), "show", "nobody")

        assert result.exit_code == ExitCode.USAGE
        assert "nobody" in result.stderr

    def test_search_lists_what_it_finds(self) -> None:
        result = call(with_records(), "search", "缴费收据")

        assert "JF-2024-receipt·00001" in result.stdout

    def test_search_says_when_it_finds_nothing(self) -> None:
        result = call(with_records(), "search", "合同")

        assert result.exit_code == ExitCode.DONE
        assert "No record" in result.stderr

    def test_export_as_json_has_a_line_for_each_record_and_each_scan_without(self) -> None:
        lines = json_lines(call(with_records(ScanState.REJECTED, ScanState.QUARANTINED), "export", "--json"))

        assert [line["state"] for line in lines] == ["INDEXED", "HELD", "REJECTED", "QUARANTINED"]

    def test_export_is_a_catalogue_that_a_spreadsheet_reads(self) -> None:
        rows = list(csv.reader(io.StringIO(call(with_records(), "export").stdout)))

        assert rows[0][0] == "Reference code"
        assert rows[1][0] == "JF-2024-receipt·00001"
        assert len(rows) == 3

    def test_export_keeps_formulas_from_running_in_a_spreadsheet(self) -> None:
        application = with_records()
        description = examples.record().description
        object.__setattr__(description, "title", "=HYPERLINK(1)")
        object.__setattr__(application.journal.all_records[0], "description", description)

        rows = list(csv.reader(io.StringIO(call(application, "export").stdout)))

        assert rows[1][1] == "'=HYPERLINK(1)"

    def test_check_shows_the_remedy_and_fails(self) -> None:
        application = with_records()
        remedy = Message("Install it.")
        application.findings = [CheckFinding(Severity.ERROR, Message("tesseract is missing."), remedy)]

        result = call(application, "check")

        assert result.exit_code == ExitCode.CONFIGURATION
        assert "Install it." in result.stdout

    def test_check_asks_the_server_only_where_it_is_told_to(self) -> None:
        application = with_records()
        remedy = Message("Report it.")
        application.answers = (CheckFinding(Severity.ERROR, Message("lists come in pages"), remedy),)

        quiet, asked = call(application, "check"), call(application, "check", "--dms")

        assert quiet.exit_code == ExitCode.DONE
        assert "pages" not in quiet.stdout
        assert asked.exit_code == ExitCode.CONFIGURATION
        assert "Report it." in asked.stdout

    def test_check_with_a_warning_only_is_done(self) -> None:
        application = with_records()
        application.findings = [CheckFinding(Severity.WARNING, Message("Little room."), Message("Make room."))]

        (line,) = json_lines(call(application, "check", "--json"))

        assert line == {"schema": 1, "severity": "warning", "subject": "Little room.", "remedy": "Make room."}


class TestIngest:
    def test_everything_filed_is_done(self) -> None:
        application = FakeApplication(HeldScans([examples.scan()], [examples.record()]))
        application.taken = [(Path("扫描 1.pdf"), ScanId("scan-a"))]

        result = call(application, "ingest", "扫描 1.pdf")

        assert result.exit_code == ExitCode.DONE
        assert "filed" in result.stdout
        assert f"{NUMBER} 沈树林" in result.stdout

    def test_something_held_ends_with_its_own_code(self) -> None:
        application = with_records()
        application.taken = [(Path("扫描 1.pdf"), ScanId("scan-a"))]

        result = call(application, "ingest", "扫描 1.pdf", "--json")

        assert result.exit_code == ExitCode.SOME_WAIT
        assert [line["state"] for line in json_lines(result)] == ["INDEXED", "HELD"]

    def test_file_that_cannot_be_taken_has_its_line_and_the_others_go_on(self, tmp_path: Path) -> None:
        folder = tmp_path / "合同.pdf"
        folder.mkdir()
        application = FakeApplication(HeldScans([examples.scan()], [examples.record()]))
        application.taken = [
            (folder, ScanUnreadable(Fault.NOT_REGULAR, folder.name)),
            (Path("扫描 1.pdf"), ScanId("scan-a")),
        ]

        result = call(application, "ingest", "合同.pdf", "扫描 1.pdf", "--json")

        assert result.exit_code == ExitCode.SOME_WAIT
        assert [(line["scan"], line["state"]) for line in json_lines(result)] == [
            ("扫描 1.pdf", "INDEXED"),
            ("合同.pdf", "QUARANTINED"),
        ]

    def test_scans_that_the_store_keeps_waiting_are_said_to_be_safe(self) -> None:
        application = FakeApplication(HeldScans([examples.scan(ScanState.READ)], []))
        application.taken = [(Path("扫描 1.pdf"), ScanId("scan-a"))]

        result = call(application, "ingest", "扫描 1.pdf")

        assert result.exit_code == ExitCode.STORE_UNREACHABLE
        assert "They are safe" in result.stderr

    def test_outcomes_are_told_before_a_refusal_ends_it(self) -> None:
        application = FakeApplication(HeldScans([examples.scan(ScanState.READ)], []))
        application.taken = [(Path("扫描 1.pdf"), ScanId("scan-a"))]
        application.error = StoreForbidden(Message("The token is wrong."), Message("Make a new one."))

        result = call(application, "ingest", "扫描 1.pdf")

        assert result.exit_code == ExitCode.STORE_REFUSED
        assert "扫描 1.pdf" in result.stdout
        assert result.stderr.strip() == "The token is wrong. Make a new one."

    def test_unknown_inbox_is_answered_with_the_known_ones(self) -> None:
        result = call(with_records(), "ingest", "--inbox", "仓库", "扫描 1.pdf")

        assert result.exit_code == ExitCode.USAGE
        assert "财务" in result.stderr


class TestRun:
    def test_once_tells_what_became_of_each(self) -> None:
        application = with_records(ScanState.RECEIVED)
        ended = examples.scan(ScanState.QUARANTINED, scan_id="scan-RECEIVED", name="坏.pdf", reason="damaged")
        application.becomes = {ScanId("scan-RECEIVED"): ended}

        result = call(application, "run", "--once")

        assert result.exit_code == ExitCode.SOME_WAIT
        assert "坏.pdf" in result.stdout
        assert "damaged or incomplete" in result.stdout

    def test_once_with_nothing_new_says_so(self) -> None:
        result = call(with_records(), "run", "--once")

        assert result.exit_code == ExitCode.DONE
        assert "Nothing new" in result.stderr

    def test_watching_says_ids_and_states_but_no_names(self) -> None:
        application = with_records(ScanState.RECEIVED)
        ended = examples.scan(ScanState.REJECTED, scan_id="scan-RECEIVED", name="沈树林.pdf", reason="blank")
        application.becomes = {ScanId("scan-RECEIVED"): ended}

        result = call(application, "run")

        assert result.exit_code == ExitCode.DONE
        assert "scan-RECEIVED  rejected" in result.stderr
        assert "沈树林" not in result.output


class TestChanging:
    def test_confirm_changes_each_record(self) -> None:
        application = with_records()

        result = call(application, "confirm", "scan-a-2")

        assert result.exit_code == ExitCode.DONE
        assert [change.confirm for change in application.changes] == [True]

    def test_unknown_record_among_several_changes_none(self) -> None:
        application = with_records()

        result = call(application, "reject", "scan-a-2", "nobody")

        assert result.exit_code == ExitCode.USAGE
        assert application.changes == []

    def test_reject_says_the_new_state(self) -> None:
        (line,) = json_lines(call(with_records(), "reject", "scan-a-2", "--json"))

        assert line["state"] == RecordState.REJECTED

    def test_correct_gives_typed_values(self) -> None:
        application = with_records()

        call(
            application,
            "correct",
            "scan-a-2",
            "--customer",
            NUMBER,
            "--field",
            "amount=2,310.00元",
            "--field",
            "pay_date=",
        )

        (change,) = application.changes
        assert change.customer_numbers == (NUMBER,)
        assert change.fields == {"amount": 2310.0, "pay_date": None}
        assert change.kind is None

    @pytest.mark.parametrize("kind", ["repair", "维修单", "Repair slip"])
    def test_kind_may_be_given_by_code_or_name(self, kind: str) -> None:
        application = with_records()

        call(application, "correct", "scan-a-2", "--kind", kind)

        assert [change.kind for change in application.changes] == ["repair"]

    @pytest.mark.parametrize(
        ("arguments", "said"),
        [
            (("--kind", "reciept"), "Did you mean receipt?"),
            (("--field", "amuont=1"), "Did you mean amount?"),
            (("--field", "amount"), "Write --field NAME=VALUE"),
            (("--field", "amount=viel"), "a number such as 1234.50"),
            (("--field", "pay_date=2024-13-45"), "a date such as 2024-11-03"),
            ((), "Nothing to change"),
        ],
    )
    def test_what_cannot_be_meant_is_said_and_nothing_changed(self, arguments: tuple[str, ...], said: str) -> None:
        application = with_records()

        result = call(application, "correct", "scan-a-2", *arguments)

        assert result.exit_code == ExitCode.USAGE
        assert said in result.stderr
        assert application.changes == []

    def test_dry_run_says_the_change_and_makes_none(self) -> None:
        application = with_records()

        result = call(application, "correct", "scan-a-1", "--kind", "repair", "--dry-run")

        assert "repair" in result.stdout
        assert application.changes == []


HAPPENED = (
    Happening(
        News.CHANGED,
        RecordId("scan-a-1"),
        StoreId("7"),
        RecordState.INDEXED,
        "liwei",
        {"kind": ("receipt", "repair"), "tag:重要": (None, True)},
    ),
    Happening(News.NAME_RENAMED, facts={"sort": "tags", "name": "待核验", "new_name": "请核验"}),
    Happening(News.GONE, RecordId("scan-a-2"), StoreId("8"), RecordState.HELD),
)


class TestSync:
    def test_what_happened_is_said_in_a_table(self) -> None:
        application = with_records()
        application.synced = SyncReport(HAPPENED[:2], looked_at=5, swept=False)

        result = call(application, "sync")

        assert result.exit_code == ExitCode.DONE
        assert "JF-2024-receipt·00001" in result.stdout
        assert "kind: receipt → repair" in result.stdout
        assert "tag:重要: – → yes" in result.stdout
        assert "The tag 待核验 is called 请核验 in the archive now" in result.stdout
        assert "5 documents were looked at" in result.stderr
        assert not application.swept

    def test_what_happened_is_said_line_by_line_for_programs(self) -> None:
        application = with_records()
        application.synced = SyncReport(HAPPENED, looked_at=5, swept=True)

        result = call(application, "sync", "--all", "--json")

        changed, renamed, gone = json_lines(result)
        assert application.swept
        assert changed == {
            "schema": 1,
            "news": "changed",
            "record": "scan-a-1",
            "store_id": "7",
            "state": "INDEXED",
            "by": "liwei",
            "changed": {"kind": ["receipt", "repair"], "tag:重要": [None, True]},
            "sentence": "A person changed it in the archive; index and journal follow.",
        }
        assert (renamed["record"], renamed["state"], renamed["by"]) == (None, None, None)
        assert gone["news"] == "gone"
        assert result.exit_code == ExitCode.SOME_WAIT

    def test_nothing_changed_is_said(self) -> None:
        application = with_records()
        application.synced = SyncReport((), looked_at=0, swept=False)

        result = call(application, "sync")

        assert result.exit_code == ExitCode.DONE
        assert "Nothing was changed" in result.stderr

    def test_archive_that_cannot_tell_of_changes_is_said(self) -> None:
        result = call(with_records(), "sync")

        assert result.exit_code == ExitCode.DONE
        assert "folder cannot tell of changes" in result.stderr

    def test_every_news_has_its_sentence_in_both_languages_and_stands_in_the_reference(self) -> None:
        page = (Path(__file__).parents[2] / "docs" / "reference" / "json.md").read_text(encoding="utf-8")

        for news in News:
            assert translated(SENTENCES[news], Language.ZH) != SENTENCES[news]
            assert f"`{news.value}`" in page


class TestPush:
    def test_what_was_carried_is_counted_and_the_rest_listed(self) -> None:
        application = with_records()
        application.pushed = [
            Pushed(RecordId("scan-a-1"), PushResult.SENT, StoreId("9")),
            Pushed(RecordId("scan-a-2"), PushResult.REFUSED, refusal=Message("Too long.")),
        ]

        result = call(application, "push")

        assert result.exit_code == ExitCode.SOME_WAIT
        assert "scan-a-2" in result.stdout
        assert "The archive refuses it: Too long." in result.stdout
        assert "JF-2024" not in result.stdout
        assert "1 of 2 records stand in the archive now" in result.stderr

    def test_dry_run_says_that_nothing_was_sent(self) -> None:
        application = with_records()
        application.pushed = [Pushed(RecordId("scan-a-1"), PushResult.SENT)]

        result = call(application, "push", "--dry-run")

        assert application.dry_runs == [True]
        assert result.exit_code == ExitCode.DONE
        assert "1 of 1 records would be carried; nothing was sent" in result.stderr

    def test_each_record_is_a_line_for_programs(self) -> None:
        application = with_records()
        application.pushed = [Pushed(RecordId("scan-a-1"), PushResult.FOUND, StoreId("9"))]

        (line,) = json_lines(call(application, "push", "--json"))

        assert line == {
            "schema": 1,
            "record": "scan-a-1",
            "reference_code": "JF-2024-receipt·00001",
            "state": "INDEXED",
            "result": "found",
            "store_id": "9",
            "sentence": "It stood there already and was given what it lacked.",
        }

    def test_store_that_goes_away_midway_leaves_what_was_carried_on_the_screen(self) -> None:
        application = with_records()
        application.pushed = [Pushed(RecordId("scan-a-1"), PushResult.SENT, StoreId("9"))]
        application.error = StoreUnreachable(Message("The archive is away."), Message("Wait."))

        result = call(application, "push")

        assert "1 of 1 records" in result.stderr
        assert result.exit_code == ExitCode.STORE_UNREACHABLE

    def test_every_result_has_its_sentence_in_both_languages_and_stands_in_the_reference(self) -> None:
        page = (Path(__file__).parents[2] / "docs" / "reference" / "json.md").read_text(encoding="utf-8")

        for result in PushResult:
            assert translated(PUSH_SENTENCES[result], Language.ZH) != PUSH_SENTENCES[result]
            assert f"`{result.value}`" in page


GONE = Finding(Trouble.GONE, Repair.TAKE, RecordId("scan-a-1"), ScanId("scan-a"), StoreId("7"), Path("done/1.pdf"))
UNTOLD = Finding(Trouble.TEXT_MISSING, Repair.READ, RecordId("scan-a-2"), ScanId("scan-a"), StoreId("7"))
STRANGE = Finding(Trouble.UNKNOWN_IN_STORE, None, RecordId("scan-z-1"), store_id=StoreId("9"))


class TestReconcile:
    def test_everything_agrees(self) -> None:
        result = call(with_records(), "reconcile")

        assert result.exit_code == ExitCode.DONE
        assert "Everything agrees" in result.stderr

    def test_without_repair_nothing_is_done(self) -> None:
        application = with_records()
        application.compared.findings = [GONE, STRANGE]

        result = call(application, "reconcile", "--yes")

        assert result.exit_code == ExitCode.SOME_WAIT
        assert application.compared.repaired == []
        assert "JF-2024-receipt·00001" in result.stdout
        assert "Take the original in again" in result.stdout
        assert "scan-z-1" in result.stdout

    def test_each_repair_is_asked_for_and_enter_leaves_it(self) -> None:
        application = with_records()
        application.compared.findings = [GONE, STRANGE, UNTOLD]

        result = call(application, "reconcile", "--repair", typed="\ny\n")

        assert application.compared.repaired == [UNTOLD]
        assert result.exit_code == ExitCode.SOME_WAIT
        assert "1 of 3 were repaired" in result.stderr

    def test_yes_asks_nothing_and_a_repair_that_fails_stops_no_other(self) -> None:
        application = with_records()
        application.compared.findings = [GONE, UNTOLD]
        application.compared.fails = {GONE: RepairNotPossible(Message("It is not so."), Message("Look again."))}

        result = call(application, "reconcile", "--repair", "--yes")

        assert application.compared.repaired == [UNTOLD]
        assert "It is not so. Look again." in result.stderr

    def test_each_finding_is_a_line_for_programs(self) -> None:
        application = with_records()
        application.compared.findings = [GONE]

        result = call(application, "reconcile", "--repair", "--yes", "--json")

        assert json_lines(result) == [
            {
                "schema": 1,
                "trouble": "gone",
                "record": "scan-a-1",
                "scan_id": "scan-a",
                "store_id": "7",
                "path": "done/1.pdf",
                "sentence": TROUBLE_SENTENCES[Trouble.GONE],
                "repair": "take",
                "proposal": PROPOSALS[Repair.TAKE],
                "done": True,
                "error": None,
            }
        ]
        assert result.exit_code == ExitCode.DONE

    def test_all_words_are_in_both_languages_and_in_the_reference(self) -> None:
        page = (Path(__file__).parents[2] / "docs" / "reference" / "json.md").read_text(encoding="utf-8")

        for words in (TROUBLE_SENTENCES, PROPOSALS):
            for code, sentence in words.items():
                assert translated(sentence, Language.ZH) != sentence
                assert f"`{code.value}`" in page


class TestCustomers:
    def test_import_says_what_changed(self) -> None:
        result = call(with_records(), "customers", "import", "customers.csv", typed="y\n")

        assert result.exit_code == ExitCode.DONE
        assert "added" in result.stdout

    def test_import_asks_before_it_removes_customers(self) -> None:
        application = with_records()

        result = call(application, "customers", "import", "customers.csv", typed="n\n")

        assert result.exit_code == ExitCode.INTERRUPTED
        assert application.imports == [True]

    def test_dry_run_imports_nothing(self) -> None:
        application = with_records()

        (line,) = json_lines(call(application, "customers", "import", "customers.csv", "--dry-run", "--json"))

        assert line["dry_run"] is True
        assert application.imports == [True]


class TestTheCommandItself:
    def test_unknown_verb_is_answered_with_the_near_one(self) -> None:
        result = call(with_records(), "corect")

        assert result.exit_code == ExitCode.USAGE
        assert "Did you mean correct?" in result.stderr

    def test_help_is_chinese_in_a_chinese_locale(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setenv("LANGUAGE", "zh_CN")

        result = call(with_records(), "correct", "--help")

        assert "用法：" in result.stdout
        assert "更正一件" in result.stdout
        assert "Puts" not in result.stdout

    def test_configuration_chooses_the_language_of_the_help(self, tmp_path: Path) -> None:
        (tmp_path / "guidang.toml").write_text('language = "zh"\n', encoding="utf-8")

        result = call(with_records(), "--config", str(tmp_path / "guidang.toml"), "--help")

        assert "监视收件文件夹" in result.stdout

    def test_error_is_two_sentences_and_no_traceback(self) -> None:
        application = with_records()
        application.error = ConfigWrong(Message("The key is wrong."), Message("Write another."))
        application.taken = [(Path("扫描 1.pdf"), ScanId("scan-a"))]

        result = call(application, "ingest", "扫描 1.pdf")

        assert result.exit_code == ExitCode.CONFIGURATION
        assert result.stderr.strip() == "The key is wrong. Write another."

    def test_bug_ends_with_its_own_code_and_names_the_report(self) -> None:
        application = with_records()
        application.error = ZeroDivisionError("sums")
        application.taken = [(Path("扫描 1.pdf"), ScanId("scan-a"))]

        result = call(application, "ingest", "扫描 1.pdf")

        assert result.exit_code == ExitCode.OUR_BUG
        assert "Traceback" not in result.output
        report = next(Path(word.rstrip(".")) for word in result.stderr.split() if "guidang-error-" in word)
        assert "ZeroDivisionError: sums" in report.read_text(encoding="utf-8")
        report.unlink()

    def test_interruption_ends_with_its_own_code(self) -> None:
        application = with_records()
        application.interrupted = True
        application.taken = [(Path("扫描 1.pdf"), ScanId("scan-a"))]

        result = call(application, "ingest", "扫描 1.pdf")

        assert result.exit_code == ExitCode.INTERRUPTED
        assert "Nothing is lost" in result.stderr

    @pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
    def test_completion_script_names_the_command(self, shell: str) -> None:
        result = call(with_records(), "completion", shell)

        assert "_GUIDANG_COMPLETE" in result.stdout

    def test_missing_configuration_says_how_to_make_one(self, tmp_path: Path) -> None:
        result = CliRunner().invoke(guidang, ["--config", str(tmp_path / "none.toml"), "status"])

        assert result.exit_code == ExitCode.CONFIGURATION
        assert "guidang init" in result.stderr
