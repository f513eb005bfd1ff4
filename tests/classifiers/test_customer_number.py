"""Which numbers on a page may be a customer's: labels compete, distractors are refused, boxes and groups are put together."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from zope.interface.verify import verifyObject

from classifiers.interfaces import INumberScheme
from classifiers.values import FoundBy, NumberCandidate, RecordText
from tests.classifiers.forms import record_of
from tests.classifiers.number_schemes import ten_digits, two_forms

GOOD, OTHER = "1136250642", "1178131418"
BAD = "1136250643"


def found(record: RecordText) -> list[NumberCandidate]:
    """Return the candidates of the example's scheme."""
    return list(ten_digits().candidates(record))


def only(record: RecordText) -> NumberCandidate:
    """Return the only candidate."""
    candidates = found(record)
    assert len(candidates) == 1
    return candidates[0]


def test_number_scheme_keeps_its_interface() -> None:
    assert verifyObject(INumberScheme, ten_digits())


class TestLabels:
    @pytest.mark.parametrize(
        "line",
        [
            f"客户编号：{GOOD}",
            f"户号 {GOOD}",
            f"热力户号  {GOOD}",
            f"用 户 编 号 ： {GOOD}",
            f"户 号：{GOOD}",
            f"户名：周明辉  用户号：{GOOD}  电话：12355803557",
            f"Customer No. {GOOD}  Name Zhou",
            f"ACCOUNT NO: {GOOD}",
            f"备注 用户编号：{GOOD} 东州市河湾区杏林苑25号楼3单元1103室",
        ],
    )
    def test_number_beside_its_label_is_labelled_and_surely_read(self, line: str) -> None:
        candidate = only(record_of(f"收据\n{line}"))

        assert candidate.number == GOOD
        assert candidate.labelled
        assert candidate.surely_read
        assert candidate.is_valid
        assert candidate.form == "standard"
        assert candidate.found_by is FoundBy.PRINTED
        assert candidate.evidence.text == GOOD

    @pytest.mark.parametrize(
        "line", [f"客户编号  户名  面积\n{GOOD}  周明辉  64.22", f"户名  客户编号\n周明辉  {GOOD}"]
    )
    def test_number_below_its_label_in_a_table_is_labelled(self, line: str) -> None:
        assert only(record_of(f"收据\n{line}")).labelled

    @pytest.mark.parametrize(
        "text",
        [
            f"Customer  {GOOD}  Name  Zhou\nID\nTelephone  12355803557",
            f"Account\nNo.  {GOOD}",
            f"客户  {GOOD}  户名  周明辉\n编号",
        ],
    )
    def test_label_that_fills_its_cell_in_two_rows_is_known(self, text: str) -> None:
        assert only(record_of(f"收据\n{text}")).labelled

    def test_anothers_label_in_two_rows_refuses(self) -> None:
        assert found(record_of(f"Repair Slip\nHeat meter  {GOOD}\nNo.")) == []

    def test_label_with_a_sign_misread_is_known(self) -> None:
        assert only(record_of(f"收据\n客尸编号：{GOOD}")).labelled

    def test_number_under_an_unknown_label_is_not_labelled(self) -> None:
        candidate = only(record_of(f"收据\n会员标识：{GOOD}"))

        assert candidate.number == GOOD
        assert not candidate.labelled

    def test_unknown_label_behind_an_empty_one_takes_the_number(self) -> None:
        assert not only(record_of(f"收据\n户号：  会员标识：{GOOD}")).labelled

    def test_unknown_word_around_a_label_leaves_it_unlabelled(self) -> None:
        assert not only(record_of(f"收据\n某某用户编号：{GOOD}")).labelled

    def test_labelled_numbers_come_first(self) -> None:
        numbers = [c.number for c in found(record_of(f"收据\n标识 {OTHER}\n户号：{GOOD}"))]

        assert numbers == [GOOD, OTHER]


class TestDistractors:
    @pytest.mark.parametrize(
        "line",
        [
            f"燃气户号：{GOOD}",
            f"电力户号 {GOOD}",
            f"水表户号：{GOOD}",
            f"联系电话：{GOOD}",
            f"合同编号：{GOOD}",
            f"热表号  {GOOD}",
            f"发票号码：{GOOD}",
            f"证件号码 {GOOD}",
            f"开户行及账号：东州市商业银行营业部 {GOOD}",
            f"Gas account {GOOD}",
            f"Meter No. {GOOD}",
            f"工单号：{GOOD}",
            f"电话：{OTHER} / {GOOD}",
            f"合同编号  户名\n{GOOD}  周明辉",
            f"燃ˇ气户号：{GOOD}",
        ],
    )
    def test_number_under_anothers_label_is_no_candidate(self, line: str) -> None:
        assert found(record_of(f"收据\n{line}")) == []

    def test_distractor_beside_the_number_changes_nothing(self) -> None:
        candidate = only(record_of(f"收据\n燃气户号：{OTHER}  户号：{GOOD}  电话：{OTHER}"))

        assert candidate.number == GOOD

    @pytest.mark.parametrize(
        "text", ["12355803557", "113625064", "11362506421", f"X{GOOD}", f"{GOOD}X", "2023-11-07 12:30"]
    )
    def test_signs_of_no_form_are_no_number_without_a_label(self, text: str) -> None:
        assert found(record_of(f"收据\n说明 {text}")) == []


class TestForms:
    @pytest.mark.parametrize(
        "text", ["11 3625 064 2", "11-3625-0642", "1136 2506 42", "１１３６２５０６４２", "11–3625–0642"]
    )
    def test_grouped_number_is_put_together(self, text: str) -> None:
        candidate = only(record_of(f"收据\n户号：{text}  面积：64.22"))

        assert candidate.number == GOOD
        assert candidate.surely_read

    def test_number_is_found_between_its_neighbours(self) -> None:
        candidate = only(record_of("收据\n户号：11 3625 0642 12355803557"))

        assert candidate.number == GOOD

    def test_bad_check_digit_is_a_candidate_all_the_same(self) -> None:
        candidate = only(record_of(f"收据\n户号：{BAD}"))

        assert candidate.number == BAD
        assert not candidate.is_valid
        assert candidate.surely_read

    @pytest.mark.parametrize(
        ("line", "number", "form", "is_valid"),
        [
            ("Heizkonto: R-1234/5678", "R12345678", "letter", True),
            ("Kundennr. 123 455", "123455", "short", True),
            ("Abnehmernummer 123 456", "123456", "short", False),
        ],
    )
    def test_several_forms_live_side_by_side(self, line: str, number: str, form: str, is_valid: bool) -> None:
        (candidate,) = two_forms().candidates(record_of(f"Beleg\n{line}"))

        assert (candidate.number, candidate.form, candidate.is_valid) == (number, form, is_valid)
        assert candidate.labelled

    def test_other_company_refuses_its_own_distractors(self) -> None:
        record = record_of("Beleg\nZähler 123455  Telefon: 123 455  Heizkonto R12345678")

        assert [c.number for c in two_forms().candidates(record)] == ["R12345678"]


class TestNumberWrittenBesideAStruckOutOne:
    @pytest.mark.parametrize("beside", [OTHER[1:], OTHER[:-3], f"/ {OTHER[2:]}"])
    def test_number_before_the_rest_of_another_is_not_surely_read(self, beside: str) -> None:
        """The number that stands there whole may be the one that was struck out."""
        candidate, rest = found(record_of(f"收据\n户号：{GOOD}  {beside}"))

        assert candidate.number == GOOD
        assert not candidate.surely_read
        assert (rest.number, rest.form, rest.labelled) == (beside.strip("/ "), None, True)

    @pytest.mark.parametrize(
        "beside",
        ["64.22", "2023-11-07", "12355803557", "2023", "户名：周明辉  1234567", "20231107年", "周明辉 1234567"],
    )
    def test_other_figures_beside_a_number_leave_it_sure(self, beside: str) -> None:
        (candidate, *_) = found(record_of(f"收据\n户号：{GOOD}  {beside}"))

        assert candidate.surely_read


class TestBoxes:
    @pytest.mark.parametrize(
        "text",
        [
            "1  1  3  6  2  5  0  6  4  2",
            "|1|1|3|6|2|5|0|6|4|2|",
            "[1][1][3][6][2][5][0][6][4][2]",
            "1|1|3  6|25|0|6|4|2",
            "口1 1 3 6 2 5 0 6 4 2",
        ],
    )
    def test_signs_in_boxes_are_one_handwritten_number(self, text: str) -> None:
        candidate = only(record_of(f"收据\n户号：{text}  户名：周明辉"))

        assert candidate.number == GOOD
        assert candidate.labelled
        assert candidate.found_by is FoundBy.HANDWRITTEN

    def test_boxes_stop_at_the_next_label(self) -> None:
        candidate = only(record_of("收据\n户号：1 1 3 6 2 5 0 6 4 2  面积 64.22"))

        assert candidate.number == GOOD

    def test_some_signs_of_a_number_are_a_candidate_without_a_form(self) -> None:
        candidate = only(record_of("收据\n户号：1 1 3 6 2  户名：周明辉", confidence=0.5))

        assert candidate.number == "11362"
        assert candidate.form is None
        assert not candidate.surely_read
        assert not candidate.is_valid

    def test_empty_boxes_are_no_candidate(self) -> None:
        assert found(record_of("收据\n户号：口口口口口口口口口口  户名：周明辉")) == []


class TestDoubt:
    def test_signs_of_little_confidence_are_doubtful(self) -> None:
        candidate = only(record_of(f"收据\n户号：{GOOD}", confidence=0.5))

        assert not candidate.surely_read
        assert candidate.doubtful == tuple(range(10))
        assert candidate.readings[0].confidence == 0.5
        assert candidate.found_by is FoundBy.HANDWRITTEN

    def test_letter_that_looks_like_a_digit_is_a_second_reading_and_doubtful(self) -> None:
        candidate = only(record_of("收据\n户号：11362SO642"))

        assert candidate.number == GOOD
        assert [reading.text for reading in candidate.readings] == [GOOD, "11362SO642"]
        assert candidate.doubtful == (5, 6)
        assert not candidate.surely_read
        assert candidate.evidence.text == "11362SO642"

    @pytest.mark.parametrize(
        ("line", "number"), [("Heizkonto: 812345678", "B12345678"), ("Heizkonto: RI2345678", "R12345678")]
    )
    def test_look_alikes_are_taken_for_what_the_form_wants(self, line: str, number: str) -> None:
        (candidate,) = two_forms().candidates(record_of(f"Beleg\n{line}"))

        assert candidate.number == number
        assert not candidate.surely_read

    def test_look_alikes_that_leave_a_choice_are_not_taken(self) -> None:
        (candidate,) = two_forms().candidates(record_of("Beleg\nHeizkonto: 012345678"))

        assert candidate.form is None


class TestCorrections:
    def test_of_a_wrong_number_and_the_right_one_beside_it_the_right_one_is_left(self) -> None:
        candidate = only(record_of(f"收据\n户号：{BAD}  {GOOD}  户名：周明辉"))

        assert candidate.number == GOOD
        assert not candidate.surely_read
        assert candidate.found_by is FoundBy.HANDWRITTEN

    def test_numbers_that_touch_each_other_are_two(self) -> None:
        candidate = only(record_of(f"收据\n户号：{BAD}{GOOD}  户名：周明辉"))

        assert candidate.number == GOOD
        assert not candidate.surely_read
        assert candidate.evidence.text == GOOD

    def test_two_good_numbers_of_one_label_are_both_left(self) -> None:
        assert {c.number for c in found(record_of(f"收据\n户号：{OTHER}  {GOOD}"))} == {GOOD, OTHER}

    def test_wrong_number_that_is_quite_another_is_left_too(self) -> None:
        assert {c.number for c in found(record_of(f"收据\n户号：9988776655  {GOOD}"))} == {GOOD, "9988776655"}


@given(st.text(max_size=200))
def test_any_text_gives_candidates_that_stand_in_it(text: str) -> None:
    record = record_of("题名\n" + text)

    for candidate in ten_digits().candidates(record):
        assert candidate.readings
        assert candidate.surely_read == (candidate.form is not None and not candidate.doubtful)
        assert all(0 <= place < len(candidate.number) for place in candidate.doubtful)
        assert 0.0 <= candidate.readings[0].confidence <= 1.0


@given(st.from_regex(r"[0-9]{10}", fullmatch=True), st.lists(st.integers(1, 9), max_size=3), st.sampled_from(" -"))
def test_number_grouped_anyhow_reads_the_same(number: str, cuts: list[int], separator: str) -> None:
    grouped = "".join(sign + (separator if index + 1 in cuts else "") for index, sign in enumerate(number))

    candidates = ten_digits().candidates(record_of(f"题名\n户号：{grouped}"))

    assert [candidate.number for candidate in candidates] == [number]
    assert ten_digits().normal(grouped) == number
