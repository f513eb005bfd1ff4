"""Second looks at the image: where they are asked for, and what they do to what was read."""

from __future__ import annotations

from dataclasses import replace

import pytest

from classifiers.values import FoundBy, NumberCandidate, NumberRole, Reading, RecordText, RereadRequest
from ingest.values import UNREAD, Barcode, Box, TextSource
from tests.classifiers.forms import page_of, placed, record_of
from tests.classifiers.number_schemes import ten_digits, two_forms

GOOD, OTHER = "1136250642", "1178131418"


def looked(record: RecordText, *texts: str, confidence: float = 0.9) -> NumberCandidate:
    """Return the first candidate after one look a request, each reading the next of these texts."""
    requests = ten_digits().rereads(record)
    assert len(requests) == len(texts)
    looks = tuple(
        (request, Reading(text, confidence, "second look")) for request, text in zip(requests, texts, strict=True)
    )
    return ten_digits().candidates(record, looks)[0]


class TestRequests:
    def test_nothing_is_asked_where_all_is_surely_read(self) -> None:
        assert ten_digits().rereads(record_of(f"收据\n户号：{GOOD}  燃气户号：{OTHER}")) == ()

    def test_doubtful_number_is_asked_for_at_its_own_place(self) -> None:
        record = record_of(f"收据\n户号：{GOOD}", confidence=0.5)
        number = record.pages[0].lines[1].words[0].box

        (request,) = ten_digits().rereads(record)

        assert (request.page_number, request.role, request.label) == (1, NumberRole.CUSTOMER, "户号")
        assert number.left < request.box.left < request.box.right < number.right + 20
        assert request.box.top < number.top
        assert request.box.bottom > number.bottom

    def test_number_that_fails_its_check_is_asked_for_though_surely_read(self) -> None:
        (request,) = ten_digits().rereads(record_of("收据\n户号：1136250643"))

        assert request.label == "户号"

    def test_number_of_a_form_without_a_check_is_asked_for_though_surely_read(self) -> None:
        requests = two_forms().rereads(record_of("Beleg\nHeizkonto: R12345678"))

        assert [request.label for request in requests] == ["Heizkonto"]

    def test_files_own_text_is_not_looked_at_again(self) -> None:
        page = replace(page_of("Beleg\nHeizkonto: R12345678"), source=TextSource.OWN)

        assert two_forms().rereads(RecordText((page,))) == ()

    def test_behind_leaders_the_look_begins_where_the_values_of_other_rows_do(self) -> None:
        record = placed(
            ("供暖费通知", 900, 200),
            ("户名....", 200, 300), ("周明辉", 1000, 300),
            ("户号....", 200, 370),
            ("用热地址....", 200, 440), ("杏林苑25号楼3单元1103室", 1000, 440),
        )  # fmt: skip

        (request,) = ten_digits().rereads(record)

        assert request.label == "户号"
        assert 950 < request.box.left < 1000
        assert request.box.right > 1400

    def test_without_leaders_the_look_begins_beside_the_label(self) -> None:
        record = placed(
            ("户名", 200, 300), ("周明辉", 1000, 300), ("户号", 200, 370), ("用热地址", 200, 440), ("杏林苑", 1000, 440)
        )

        (request,) = ten_digits().rereads(record)

        assert request.box.left < 300

    def test_label_without_a_number_is_asked_for_up_to_the_next_label(self) -> None:
        record = record_of("收据\n户号：          户名：周明辉")
        label, following = (word.box for word in record.pages[0].lines[1].words)

        (request,) = ten_digits().rereads(record)

        assert request.box.left == pytest.approx(label.right - 20)
        assert request.box.right == pytest.approx(following.left)

    def test_label_without_room_after_it_is_not_asked_for(self) -> None:
        assert ten_digits().rereads(record_of("收据\n户号：户名：周明辉")) == ()

    @pytest.mark.parametrize(
        "text",
        ["the customer shall state his customer number whenever he pays", "凭客户编号可在营业厅缴费或查询用热情况"],
    )
    def test_label_in_a_sentence_is_not_asked_for(self, text: str) -> None:
        assert ten_digits().rereads(record_of(f"合同\n{text}")) == ()

    def test_barcode_makes_looks_needless(self) -> None:
        code = Barcode(GOOD, "Code128", Box(100.0, 50.0, 500.0, 120.0))
        page = replace(page_of("收据\n户号：1136250643"), barcodes=(code,))

        assert ten_digits().rereads(RecordText((page,))) == ()

    def test_one_place_is_asked_for_once(self) -> None:
        requests = ten_digits().rereads(record_of("收据\n户号：11362 5 06\n客户编号：113625", confidence=0.4))

        assert len({request.box for request in requests}) == len(requests) == 2


class TestWhatLooksDo:
    def test_same_signs_read_surely_make_a_number_sure(self) -> None:
        candidate = looked(record_of(f"收据\n户号：{GOOD}", confidence=0.5), GOOD)

        assert candidate.surely_read
        assert candidate.doubtful == ()
        assert candidate.readings == (Reading(GOOD, 0.9, "page"),)

    def test_same_signs_read_badly_again_leave_it_doubtful(self) -> None:
        candidate = looked(record_of(f"收据\n户号：{GOOD}", confidence=0.5), GOOD, confidence=0.4)

        assert not candidate.surely_read

    def test_other_signs_are_doubtful_and_both_readings_are_kept(self) -> None:
        candidate = looked(record_of("收据\n户号：1186250642"), GOOD)

        assert candidate.number == GOOD  # passes its check
        assert [reading.text for reading in candidate.readings] == [GOOD, "1186250642"]
        assert candidate.doubtful == (2,)
        assert not candidate.surely_read
        assert candidate.evidence.text == "1186250642"

    def test_unsure_look_says_nothing_against_signs_that_the_page_surely_read(self) -> None:
        candidate = looked(record_of("收据\n户号：1186250642"), GOOD, confidence=0.3)

        assert candidate.number == "1186250642"
        assert candidate.surely_read
        assert not candidate.is_valid

    def test_look_at_a_number_without_a_check_counts_from_a_third_on(self) -> None:
        record = record_of("Beleg\nHeizkonto: R12345678")
        (request,) = two_forms().rereads(record)

        candidates = [
            two_forms().candidates(record, ((request, Reading("R12845678", confidence, "second look")),))[0]
            for confidence in (0.2, 0.4)
        ]

        assert [candidate.surely_read for candidate in candidates] == [True, False]
        assert candidates[1].doubtful == (3,)

    def test_several_looks_at_one_place_are_all_kept(self) -> None:
        record = record_of("收据\n户号：1186250642", confidence=0.5)
        (request,) = ten_digits().rereads(record)
        looks = tuple((request, Reading(text, 0.3, "second look")) for text in ("1786250642", GOOD, "113625064"))

        (candidate,) = ten_digits().candidates(record, looks)

        assert {reading.text for reading in candidate.readings} == {GOOD, "1186250642", "1786250642", "113625064"}
        assert candidate.number == GOOD

    def test_look_that_lost_a_sign_is_kept_as_it_is(self) -> None:
        candidate = looked(record_of("收据\n户号：11362506422"), GOOD, confidence=0.3)

        assert candidate.number == GOOD
        assert not candidate.surely_read

    def test_whole_number_wins_over_some_signs(self) -> None:
        candidate = looked(record_of("收据\n户号：1136 25", confidence=0.5), GOOD)

        assert candidate.number == GOOD
        assert candidate.form == "standard"
        assert candidate.doubtful == tuple(range(10))

    def test_number_that_only_a_look_read_is_handwritten_and_doubtful_everywhere(self) -> None:
        record = record_of("收据\n户号：          户名：周明辉")

        candidate = looked(record, "11 3625 0642")

        assert candidate.number == GOOD
        assert candidate.labelled
        assert candidate.found_by is FoundBy.HANDWRITTEN
        assert not candidate.surely_read
        assert candidate.doubtful == tuple(range(10))
        assert candidate.evidence.text == "户号："[:2]

    def test_writing_that_no_look_could_read_is_a_candidate_without_signs(self) -> None:
        record = record_of("收据\n户号：          户名：周明辉")
        (request,) = ten_digits().rereads(record)

        (candidate,) = ten_digits().candidates(record, ((request, Reading(UNREAD, 0.0, "second look")),))

        assert candidate.number == UNREAD
        assert candidate.labelled
        assert not candidate.surely_read
        assert candidate.form is None

    def test_unread_look_at_a_number_changes_nothing(self) -> None:
        record = record_of(f"收据\n户号：{GOOD}", confidence=0.5)
        (request,) = ten_digits().rereads(record)

        (candidate,) = ten_digits().candidates(record, ((request, Reading(UNREAD, 0.0, "second look")),))

        assert [reading.text for reading in candidate.readings] == [GOOD]

    def test_look_at_another_place_is_not_taken(self) -> None:
        record = record_of(f"收据\n户号：{GOOD}", confidence=0.5)
        elsewhere = RereadRequest(1, Box(2000.0, 3000.0, 2200.0, 3040.0), NumberRole.CUSTOMER, "户号")

        (candidate,) = ten_digits().candidates(record, ((elsewhere, Reading(OTHER, 0.99, "second look")),))

        assert [reading.text for reading in candidate.readings] == [GOOD]


class TestBarcodes:
    @pytest.mark.parametrize(
        "text",
        [GOOD, f"HN:{GOOD}", f"kh:{GOOD}", "11 3625 0642", f"HN:{GOOD};T:12355803557", f"ID=77|CUST:{GOOD}"],
    )
    def test_number_in_a_barcode_is_surely_read(self, text: str) -> None:
        code = Barcode(text, "QRCode", Box(100.0, 50.0, 300.0, 250.0))
        record = RecordText((replace(page_of("收据"), barcodes=(code,)),))

        (candidate,) = ten_digits().candidates(record)

        assert candidate.number == GOOD
        assert candidate.surely_read
        assert candidate.labelled
        assert candidate.found_by is FoundBy.BARCODE
        assert candidate.evidence.text == text
        assert candidate.evidence.source.value == "barcode"

    @pytest.mark.parametrize("text", ["", "GUIDANG-SEP", "01,32,0100048,25507140,2024", "https://example.org/pay"])
    def test_other_barcodes_are_no_candidates(self, text: str) -> None:
        code = Barcode(text, "QRCode", Box(100.0, 50.0, 300.0, 250.0))
        record = RecordText((replace(page_of("收据"), barcodes=(code,)),))

        assert ten_digits().candidates(record) == ()

    def test_ten_digits_that_fail_the_check_are_not_announced_by_a_bare_code(self) -> None:
        code = Barcode("1136250643", "Code128", Box(100.0, 50.0, 300.0, 250.0))
        record = RecordText((replace(page_of("收据"), barcodes=(code,)),))

        (candidate,) = ten_digits().candidates(record)

        assert not candidate.labelled

    def test_page_number_counts_in_the_record(self) -> None:
        code = Barcode(GOOD, "Code128", Box(100.0, 50.0, 300.0, 250.0))
        record = RecordText((page_of("合同"), replace(page_of("附页"), barcodes=(code,))))

        assert ten_digits().candidates(record)[0].evidence.page_number == 2


class TestLooksThatLostASign:
    WRONG = "1136250643"  # fails its check, and so is looked at though surely read

    def several(self, *looks: tuple[str, float], confidence: float = 0.95) -> NumberCandidate:
        record = record_of(f"收据\n户号：{self.WRONG}", confidence=confidence)
        (request,) = ten_digits().rereads(record)
        readings = tuple((request, Reading(text, sure, "second look")) for text, sure in looks)
        return ten_digits().candidates(record, readings)[0]

    def test_unsure_one_does_not_contest_what_page_and_a_confident_look_read(self) -> None:
        candidate = self.several((self.WRONG, 0.83), (self.WRONG[1:], 0.13))

        assert (candidate.surely_read, candidate.is_valid) == (True, False)

    def test_unsure_one_contests_what_no_confident_look_read(self) -> None:
        assert not self.several((self.WRONG, 0.5), (self.WRONG[1:], 0.13)).surely_read

    def test_unsure_one_contests_what_the_page_did_not_surely_read(self) -> None:
        assert not self.several((self.WRONG, 0.6), (self.WRONG[1:], 0.13), confidence=0.5).surely_read

    def test_confident_one_contests_the_page(self) -> None:
        assert not self.several((self.WRONG, 0.83), (self.WRONG[1:], 0.9)).surely_read
