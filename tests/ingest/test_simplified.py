"""Traditional forms folded for comparing: sign by sign, once and for all, and never in what was read."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from opencc import OpenCC

from classifiers.plain_text import record_of_text
from ingest.normalise import simplified, squeezed

HAN = st.characters(min_codepoint=0x3400, max_codepoint=0x9FFF)
ANY = st.text(st.one_of(HAN, st.characters()))


@given(ANY)
def test_folding_keeps_every_place(text: str) -> None:
    assert len(simplified(text)) == len(text)


@given(ANY)
def test_folding_twice_is_folding_once(text: str) -> None:
    assert simplified(simplified(text)) == simplified(text)


@given(ANY, ANY)
def test_folding_looks_at_no_neighbours(one: str, other: str) -> None:
    assert simplified(one + other) == simplified(one) + simplified(other)


def test_every_usual_sign_and_its_traditional_form_fold_to_the_same() -> None:
    usual = [bytes((row, column)) for row in range(0xB0, 0xD8) for column in range(0xA1, 0xFF)]
    signs = [sign for pair in usual if (sign := pair.decode("gb2312", "ignore"))]
    traditional = OpenCC("s2t").convert

    apart = [sign for sign in signs if simplified(traditional(sign)) != simplified(sign)]

    assert len(signs) == 3755  # level 1 of GB 2312
    assert apart == []


@given(st.text(st.characters(max_codepoint=0x7F)))
def test_plain_ascii_stays(text: str) -> None:
    assert simplified(text) == text


@pytest.mark.parametrize(
    ("traditional", "simple"),
    [
        ("熱力用戶檔案歸檔", "热力用户档案归档"),
        ("雲州市高新區百合園21號樓3單元104室", "云州市高新区百合园21号楼3单元104室"),
        ("貳仟零參拾伍圓", "贰仟零参拾伍圆"),
        ("後裏裡乾薴", "后里里干苎"),
        ("Grüße 12,5 m²", "Grüße 12,5 m²"),
    ],
)
def test_usual_words(traditional: str, simple: str) -> None:
    assert simplified(traditional) == simple


def test_words_of_forms_are_compared_in_simplified_forms() -> None:
    assert squeezed(" 客 戶 編 號 ") == squeezed("客户编号")


def test_what_was_read_is_kept_as_it_was_read() -> None:
    assert record_of_text("熱費繳費收據\n戶名：張偉").text == "熱費繳費收據\n戶名:張偉"
