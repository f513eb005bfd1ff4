"""What the folder store promises beyond the promises of all stores: its order, its names, and what a crash or a person does."""

from __future__ import annotations

import contextlib
import errno
import json
import os
import shutil
from pathlib import Path

import pytest

from connector.folder_store import FolderStore
from connector.i18n import Language
from connector.interfaces import Severity, StoreForbidden, StoreRefused, StoreUnreachable
from metadata.values import CustomerType, Reason, ReasonCode
from tests.stores.faulty_disk import Crash, crash_at, failing
from tests.stores.submissions import Paper, customer, example_scheme


@pytest.fixture
def archive(tmp_path: Path) -> Path:
    return tmp_path / "archive"


@pytest.fixture
def paper(tmp_path: Path) -> Paper:
    return Paper(tmp_path)


def opened(archive: Path, language: Language = Language.ZH) -> FolderStore:
    return FolderStore("folder", archive, example_scheme(), language)


def pdfs(archive: Path) -> list[str]:
    found = archive.rglob("*.pdf")
    return sorted(p.relative_to(archive).as_posix() for p in found if ".guidang-store" not in p.parts)


def sidecar(archive: Path) -> dict[str, object]:
    (only,) = pdfs(archive)
    found: dict[str, object] = json.loads((archive / only).with_suffix(".json").read_text(encoding="utf-8"))
    return found


CUSTOMER_FOLDER = "居民/和平里/12号楼/10023456 王小明"
STEM = "SV-2024-WX·00001 维修单 王小明 10023456 2024-11-13"


def test_residential_record_stands_in_the_archives_order(archive: Path, paper: Paper) -> None:
    opened(archive).file(paper.submission())

    assert pdfs(archive) == [f"{CUSTOMER_FOLDER}/4-供热服务记录/{STEM}.pdf"]


def test_non_residential_record_stands_under_trade_and_scale(archive: Path, paper: Paper) -> None:
    shop = customer(
        "10020001",
        "永和百货",
        customer_type=CustomerType.NON_RESIDENTIAL,
        trade="商业",
        scale="大型",
        area="",
        building="",
    )

    opened(archive).file(paper.but(customer=shop, numbers=("10020001",)).submission())

    (path,) = pdfs(archive)
    assert path.startswith("非居民/商业/大型/10020001 永和百货/4-供热服务记录/")


@pytest.mark.parametrize("record", ["held", "no customer"])
def test_record_that_waits_for_a_person_stands_under_held(archive: Path, paper: Paper, record: str) -> None:
    waiting = paper.held() if record == "held" else paper.but(customer=None, numbers=())

    opened(archive).file(waiting.submission())

    (path,) = pdfs(archive)
    assert path.startswith("待核验/")


def test_number_that_a_person_gave_and_nobody_knows_has_its_place(archive: Path, paper: Paper) -> None:
    opened(archive).file(paper.but(customer=None, numbers=("99",)).submission())

    (path,) = pdfs(archive)
    assert path.startswith("未登记客户/99/4-供热服务记录/")


def test_english_archive_has_english_folders(archive: Path, paper: Paper) -> None:
    opened(archive, Language.EN).file(paper.submission())

    (path,) = pdfs(archive)
    assert path.startswith("residential/和平里/12号楼/10023456 王小明/4-Service records/")


def test_stored_bytes_are_those_that_were_sent(archive: Path, paper: Paper) -> None:
    opened(archive).file(paper.submission())

    (path,) = pdfs(archive)
    assert (archive / path).read_bytes() == paper.content


def test_sidecar_says_everything_in_readable_chinese(archive: Path, paper: Paper) -> None:
    reasons = (Reason(ReasonCode.NUMBERS_RIVAL, {}, ("10023456", "10023457")),)

    opened(archive).file(paper.held(reasons).submission())

    said = sidecar(archive)
    (path,) = pdfs(archive)
    assert "维修" in (archive / path).with_suffix(".json").read_text(encoding="utf-8")
    assert said["schema"] == 1
    assert said["record"] == "r0001"
    assert said["held"] is True
    assert said["kind"] == "repair"
    assert said["fields"] == {"report_date": "2024-11-13", "fault": "暖气片不热", "room_temp_c": 14.5}
    assert said["sha256"] == paper.submission().digests.sha256
    reasons_said = said["reasons"]
    assert isinstance(reasons_said, list)
    assert reasons_said[0]["customer_numbers"] == ["10023456", "10023457"]
    assert "10023457" in reasons_said[0]["sentence"]


def test_names_that_a_file_system_refuses_are_made_safe(archive: Path, paper: Paper) -> None:
    hostile = customer("10023456", "../../etc/passwd\x00\n", area="CON", building="..", room="")

    opened(archive).file(paper.but(customer=hostile, title='a/b\\c:d*e?f"g<h>i|j. ' + "长" * 300).submission())

    (path,) = pdfs(archive)
    assert (archive / path).resolve().is_relative_to(archive.resolve())
    assert all(len(part.encode()) <= 255 for part in Path(path).parts)
    assert not any(set('\\:*?"<>|\n') & set(part) for part in Path(path).parts)


def test_two_records_of_one_name_stand_beside_each_other(archive: Path, paper: Paper) -> None:
    store = opened(archive)
    for number in range(3):
        store.file(paper.but(record_id=f"r{number}", content=b"%PDF-1.4 " + bytes([number])).held().submission())

    title = "待核验/维修单 王小明 10023456 2024-11-13"
    assert pdfs(archive) == [f"{title} (2).pdf", f"{title} (3).pdf", f"{title}.pdf"]


def test_file_that_a_person_put_there_is_never_written_over(archive: Path, paper: Paper) -> None:
    mine = archive / CUSTOMER_FOLDER / "4-供热服务记录" / f"{STEM}.pdf"
    mine.parent.mkdir(parents=True)
    mine.write_text("mine")

    opened(archive).file(paper.submission())

    assert mine.read_text() == "mine"
    assert len(pdfs(archive)) == 2


def test_confirmed_record_moves_with_its_sidecar_and_leaves_no_empty_folder(archive: Path, paper: Paper) -> None:
    store = opened(archive)
    store_id = store.file(paper.held().submission())

    store.amend(store_id, paper.submission())

    assert pdfs(archive) == [f"{CUSTOMER_FOLDER}/4-供热服务记录/{STEM}.pdf"]
    assert sidecar(archive)["reference_code"] == "SV-2024-WX·00001"
    assert not (archive / "待核验").exists()
    assert len(list((archive / CUSTOMER_FOLDER).rglob("*.json"))) == 1


def test_corrected_record_that_stays_keeps_its_place(archive: Path, paper: Paper) -> None:
    store = opened(archive)
    store_id = store.file(paper.submission())
    place = pdfs(archive)

    store.amend(store_id, paper.but(facts=(("fault", "漏水"),)).submission())

    assert pdfs(archive) == place
    assert sidecar(archive)["fields"] == {"fault": "漏水"}


def test_rejected_record_is_kept_under_rejected(archive: Path, paper: Paper) -> None:
    store = opened(archive)
    store_id = store.file(paper.held().submission())

    store.amend(store_id, paper.held().but(tags=("rejected",)).submission())

    (path,) = pdfs(archive)
    assert path.startswith("退回/")


def test_keys_that_somebody_added_to_the_sidecar_survive(archive: Path, paper: Paper) -> None:
    store = opened(archive)
    store_id = store.file(paper.held().submission())
    (path,) = pdfs(archive)
    beside = (archive / path).with_suffix(".json")
    beside.write_text(json.dumps({**json.loads(beside.read_text()), "柜号": "B-12"}))

    store.amend(store_id, paper.submission())

    assert sidecar(archive)["柜号"] == "B-12"


def test_sidecar_that_an_editor_spoilt_is_kept_and_written_anew(archive: Path, paper: Paper) -> None:
    store = opened(archive)
    submission = paper.submission()
    store_id = store.file(submission)
    (path,) = pdfs(archive)
    (archive / path).with_suffix(".json").write_text("{ spoilt")

    store.complete(store_id, submission)

    assert sidecar(archive)["record"] == "r0001"
    (kept,) = (archive / path).parent.glob("*.damaged.json")
    assert kept.read_text() == "{ spoilt"


@pytest.mark.parametrize("with_sidecar", [True, False])
def test_pdf_that_a_person_moved_is_found_by_its_bytes(archive: Path, paper: Paper, with_sidecar: bool) -> None:
    store = opened(archive)
    submission = paper.submission()
    store_id = store.file(submission)
    (path,) = pdfs(archive)
    elsewhere = archive / "王工的柜子"
    elsewhere.mkdir()
    (archive / path).rename(elsewhere / "renamed.pdf")
    if with_sidecar:
        (archive / path).with_suffix(".json").rename(elsewhere / "renamed.json")

    stored = store.read_back(store_id, submission.digests)

    assert stored is not None
    assert stored.digests_agree
    assert store.file(submission) == store_id
    assert len(pdfs(archive)) == 1


def test_pdf_that_a_person_altered_does_not_agree_and_is_not_found_by_the_old_bytes(
    archive: Path, paper: Paper
) -> None:
    store = opened(archive)
    submission = paper.submission()
    store_id = store.file(submission)
    (path,) = pdfs(archive)
    (archive / path).write_bytes(b"%PDF-1.4 altered")

    stored = store.read_back(store_id, submission.digests)

    assert stored is not None
    assert not stored.digests_agree
    assert store.find(submission.digests) == ()


def test_lost_pointers_are_made_again_from_the_sidecars(archive: Path, paper: Paper) -> None:
    submission = paper.submission()
    opened(archive).file(submission)
    shutil.rmtree(archive / ".guidang-store")

    (found,) = opened(archive).find(submission.digests)

    assert found.record_id == "r0001"
    assert opened(archive).file(submission) == "r0001"
    assert len(pdfs(archive)) == 1


class TestArchiveWhoseDiskIsNotMounted:
    """The bare folder on which the disk is mounted stands there, empty: nothing may be made in it, and no record counts as deleted."""

    def test_while_guidang_runs_it_is_away_and_back_again(self, archive: Path, paper: Paper) -> None:
        submission = paper.submission()
        store = opened(archive)
        store_id = store.file(submission)
        archive.rename(archive.with_name("disk"))
        archive.mkdir()

        with pytest.raises(StoreUnreachable, match="though records were filed there"):
            store.read_back(store_id, submission.digests)
        with pytest.raises(StoreUnreachable):
            store.file(submission)
        (finding,) = store.check()
        bare = list(archive.iterdir())
        archive.rmdir()
        archive.with_name("disk").rename(archive)

        assert finding.severity is Severity.ERROR
        assert bare == []
        assert store.find(submission.digests) != ()

    def test_when_guidang_starts_the_journal_knows_of_its_records(self, archive: Path, paper: Paper) -> None:
        store = FolderStore("folder", archive, example_scheme(), Language.ZH, has_records=lambda: True)

        with pytest.raises(StoreUnreachable, match="though records were filed there"):
            store.file(paper.submission())

        assert not archive.exists()

    def test_person_may_begin_it_anew(self, archive: Path, paper: Paper) -> None:
        (archive / ".guidang-store").mkdir(parents=True)
        store = FolderStore("folder", archive, example_scheme(), Language.ZH, has_records=lambda: True)

        assert store.file(paper.submission()) == "r0001"


def test_two_records_with_the_same_bytes_are_told_apart(archive: Path, paper: Paper) -> None:
    store = opened(archive)
    store.file(paper.submission())
    store.file(paper.but(record_id="r0002").submission())

    found = store.find(paper.submission().digests)

    assert [record.record_id for record in found] == ["r0001", "r0002"]


def test_work_copy_that_changed_since_it_was_digested_is_refused(archive: Path, paper: Paper) -> None:
    submission = paper.submission()
    submission.pdf_path.write_bytes(b"%PDF-1.4 other bytes")

    with pytest.raises(StoreRefused, match="digest"):
        opened(archive).file(submission)

    assert pdfs(archive) == []


def test_amending_what_is_gone_is_refused(archive: Path, paper: Paper) -> None:
    store = opened(archive)
    store_id = store.file(paper.submission())
    (path,) = pdfs(archive)
    (archive / path).unlink()

    with pytest.raises(StoreRefused, match="any more"):
        store.amend(store_id, paper.submission())


@pytest.mark.parametrize("at", range(1, 31))
def test_crash_while_filing_is_repaired_by_finding_and_completing(archive: Path, paper: Paper, at: int) -> None:
    submission = paper.submission()
    with crash_at(at) as acts:
        try:
            opened(archive).file(submission)
        except Crash:
            pass
        else:
            assert acts() < at

    store = opened(archive)
    found = store.find(submission.digests)
    if found:
        store.complete(found[0].store_id, submission)
    else:
        store.file(submission)

    assert pdfs(archive) == [f"{CUSTOMER_FOLDER}/4-供热服务记录/{STEM}.pdf"]
    assert sidecar(archive)["record"] == "r0001"
    assert list((archive / ".guidang-store").rglob("*.pdf")) == []


@pytest.mark.parametrize("at", range(1, 31))
def test_crash_while_filing_is_repaired_by_filing_again(archive: Path, paper: Paper, at: int) -> None:
    submission = paper.submission()
    with crash_at(at), contextlib.suppress(Crash):
        opened(archive).file(submission)

    opened(archive).file(submission)

    assert pdfs(archive) == [f"{CUSTOMER_FOLDER}/4-供热服务记录/{STEM}.pdf"]
    assert list((archive / ".guidang-store").rglob("*.pdf")) == []


def test_no_more_acts_than_the_crash_tests_try(archive: Path, paper: Paper) -> None:
    with crash_at(0) as filing:
        store_id = opened(archive).file(paper.held().submission())
    with crash_at(0) as moving:
        opened(archive).amend(store_id, paper.submission())

    assert 10 < filing() <= 30
    assert 10 < moving() <= 30


@pytest.mark.parametrize("at", range(1, 31))
def test_crash_while_moving_loses_nothing_and_is_repaired_by_amending_again(
    archive: Path, paper: Paper, at: int
) -> None:
    held, confirmed = paper.held().submission(), paper.submission()
    store_id = opened(archive).file(held)
    with crash_at(at):
        try:
            opened(archive).amend(store_id, confirmed)
        except Crash:
            is_crashed = True
        else:
            is_crashed = False

    if is_crashed:
        assert opened(archive).read_back(store_id, held.digests) is not None
    opened(archive).amend(store_id, confirmed)

    assert pdfs(archive) == [f"{CUSTOMER_FOLDER}/4-供热服务记录/{STEM}.pdf"]
    assert sidecar(archive)["held"] is False
    assert [p.name for p in archive.rglob("*.json") if ".guidang-store" not in p.parts] == [f"{STEM}.json"]


def test_file_system_without_links_is_served_too(archive: Path, paper: Paper) -> None:
    store = opened(archive)
    with failing(errno.EPERM, "os.link"):
        store_id = store.file(paper.held().submission())
        store.amend(store_id, paper.submission())

    assert pdfs(archive) == [f"{CUSTOMER_FOLDER}/4-供热服务记录/{STEM}.pdf"]


@pytest.mark.parametrize(
    ("number", "error"),
    [(errno.ENOSPC, StoreUnreachable), (errno.EIO, StoreUnreachable), (errno.EACCES, StoreForbidden)],
)
def test_full_broken_and_closed_disks_are_told_apart(
    archive: Path, paper: Paper, number: int, error: type[Exception]
) -> None:
    submission = paper.submission()

    with failing(number, "open"), pytest.raises(error, match=str(archive)):
        opened(archive).file(submission)


def test_folder_that_cannot_be_made_is_found_by_check(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way")

    (finding,) = opened(tmp_path / "file" / "archive").check()

    assert finding.severity is Severity.ERROR
    assert finding.remedy is not None


def test_everything_is_flushed_before_it_counts(archive: Path, paper: Paper, monkeypatch: pytest.MonkeyPatch) -> None:
    """After a power cut a name without flushed bytes is an empty file, and an unflushed folder has no name."""
    flushed: set[Path] = set()
    fsync = os.fsync

    def watching(handle: int) -> None:
        flushed.add(Path(f"/proc/self/fd/{handle}").readlink())
        fsync(handle)

    monkeypatch.setattr(os, "fsync", watching)
    opened(archive).file(paper.submission())

    folder = archive / CUSTOMER_FOLDER / "4-供热服务记录"
    assert {folder, *(parent for parent in folder.parents if parent.is_relative_to(archive))} <= flushed
    assert archive / ".guidang-store" / "temporary" / "r0001.pdf" in flushed
