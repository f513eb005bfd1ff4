"""Every reason and every fault has its sentence, in both languages, whatever facts are known."""

from __future__ import annotations

import re

import pytest

from classifiers.values import FoundBy
from connector.i18n import Language
from connector.notes import note_for
from connector.reasons import SENTENCES, say_reason, say_rivals
from connector.words import CUSTOMER_TYPES, DECIDED_BY, FOUND_BY, STATES
from ingest.interfaces import Fault
from metadata.values import CustomerType, DecidedBy, Reason, ReasonCode, RecordState, ScanState
from tests.commands import examples


def test_every_reason_has_a_sentence() -> None:
    assert set(SENTENCES) == set(ReasonCode)


RIVALS = Reason(
    ReasonCode.NUMBERS_RIVAL,
    {
        "rival:10023456": "agrees agrees differs absent",
        "rival_name:10023456": "王小明",
        "rival:10023457": "absent absent absent absent",
    },
    ("10023456", "10023457", "unregistered"),
)


def test_rivals_are_said_with_what_agrees_and_what_does_not() -> None:
    assert say_rivals(RIVALS, Language.EN) == (
        "10023456 王小明: name, address agree; contract differ.",
        "10023457: nothing on the paper to compare.",
    )
    assert say_rivals(RIVALS, Language.ZH) == (
        "10023456 王小明：姓名、地址相符；合同号不符。",
        "10023457：纸上没有可比对的内容。",
    )


def test_reason_without_rivals_says_none() -> None:
    assert say_rivals(Reason(ReasonCode.NO_CUSTOMER), Language.EN) == ()


@pytest.mark.parametrize("code", ReasonCode)
@pytest.mark.parametrize("language", Language)
def test_reason_without_any_fact_is_still_a_sentence(code: ReasonCode, language: Language) -> None:
    sentence = say_reason(Reason(code), language)

    assert sentence
    assert "{" not in sentence
    assert (re.search("[\u4e00-\u9fff]", sentence) is not None) == (language is Language.ZH)


def test_last_sentence_of_every_reason_needs_no_fact() -> None:
    assert [code for code, sentences in SENTENCES.items() if "{" in sentences[-1]] == []


def test_reason_names_rivals_when_it_knows_them() -> None:
    reason = Reason(ReasonCode.NUMBER_CHECK_FAILS, {"number": "3644010280"}, ("3644010284", "3644010248"))

    sentence = say_reason(reason, Language.EN)

    assert sentence.endswith("Nearest: 3644010284, 3644010248.")
    assert "3644010280" in sentence


def test_reason_says_kinds_by_name_when_the_scheme_is_known() -> None:
    reason = Reason(ReasonCode.KIND_UNSURE, {"kinds": "receipt, repair"})

    assert "缴费收据, 维修单" in say_reason(reason, Language.ZH, examples.SCHEME)
    assert "Receipt, Repair slip" in say_reason(reason, Language.EN, examples.SCHEME)


def test_signs_in_facts_are_not_taken_for_placeholders() -> None:
    reason = Reason(ReasonCode.NAME_DIFFERS, {"name": "{numbers}", "registered": "{0}"})

    assert "{numbers}" in say_reason(reason, Language.EN)


@pytest.mark.parametrize("fault", Fault)
def test_note_says_what_happened_and_what_to_do(fault: Fault) -> None:
    entry = examples.scan(ScanState.QUARANTINED, name="合同.pdf", reason=fault, facts={"limit": "500 MB"})

    chinese, chinese_suffix = note_for(entry, Language.ZH)
    english, english_suffix = note_for(entry, Language.EN)

    assert (chinese_suffix, english_suffix) == (".说明.txt", ".note.txt")
    assert "合同.pdf" in chinese
    assert "合同.pdf" in english
    assert len(chinese.splitlines()) == 3
    assert chinese.endswith("\n")
    assert "{" not in chinese + english


@pytest.mark.parametrize("reason", ["blank", "no_archive_document"])
def test_note_of_a_rejected_scan_says_how_to_have_it_filed(reason: str) -> None:
    text, _suffix = note_for(examples.scan(ScanState.REJECTED, reason=reason), Language.EN)

    assert "put it back into the inbox" in text


def test_note_for_a_reason_nobody_knows_is_still_a_note() -> None:
    text, _suffix = note_for(examples.scan(ScanState.QUARANTINED, reason="from a plug-in"), Language.EN)

    assert "扫描 1.pdf was not filed." in text


def test_every_state_and_way_of_finding_has_its_word() -> None:
    assert set(STATES) == {state.value for state in (*ScanState, *RecordState)}
    assert set(FOUND_BY) == set(FoundBy)
    assert set(DECIDED_BY) == set(DecidedBy)
    assert set(CUSTOMER_TYPES) == set(CustomerType)
