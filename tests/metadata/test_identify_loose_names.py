"""A name under a label that nobody knows: it counts where it is, sign by sign, that of the one customer at the page's address."""

from __future__ import annotations

from dataclasses import replace

import pytest

from classifiers.values import CustomerSigns, Fact
from metadata.identify import Identifier
from metadata.values import Identification, ReasonCode
from tests.metadata.found_signs import DOUBTFUL, SURE, evidence, signs, sure

ZHOU, ZHOU_ADDRESS = "1136250642", "杏林苑25号楼3单元1103室"
LIU_YING = "柳营里4号楼1单元502室"
UNREGISTERED = "1999000002"


def page(address: str | None, *words: str, surely: bool = True) -> CustomerSigns:
    """Return a page with this address and, under labels that nobody knows, these words."""
    names = tuple(Fact("name", word, SURE if surely else DOUBTFUL, surely, evidence(word)) for word in words)
    return replace(signs(address=address), loose_names=names)


def reasons(found: Identification) -> list[ReasonCode]:
    """Return the codes of the reasons."""
    return [reason.code for reason in found.reasons]


@pytest.mark.parametrize("word", ["周明辉", "周明輝", "受热人周明辉"], ids=["alone", "traditional", "grown together"])
def test_customer_of_the_address_under_an_unknown_label_is_filed(identifier: Identifier, word: str) -> None:
    found = identifier.identify("repair", (), page(ZHOU_ADDRESS, "付款途径", word), ())

    assert found.numbers == (ZHOU,)
    assert reasons(found) == []


@pytest.mark.parametrize(
    ("address", "words", "surely"),
    [
        (ZHOU_ADDRESS, ("何晓燕",), True),
        (ZHOU_ADDRESS, ("周明",), True),
        (ZHOU_ADDRESS, ("周明辉之家的邻居",), True),
        (ZHOU_ADDRESS, ("我周明辉",), True),
        (ZHOU_ADDRESS, ("周明辉",), False),
        (ZHOU_ADDRESS, (), True),
    ],
    ids=["the neighbour", "a part", "more after it", "one sign before it", "doubtful", "none"],
)
def test_other_words_leave_the_address_alone(
    identifier: Identifier, address: str, words: tuple[str, ...], surely: bool
) -> None:
    found = identifier.identify("repair", (), page(address, *words, surely=surely), ())

    assert reasons(found) == [ReasonCode.ADDRESS_ALONE]


def test_name_without_an_address_is_nobody(identifier: Identifier) -> None:
    found = identifier.identify("repair", (), page(None, "周明辉"), ())

    assert reasons(found) == [ReasonCode.NO_CUSTOMER]


def test_closed_account_is_never_chosen(identifier: Identifier) -> None:
    found = identifier.identify("repair", (), page(LIU_YING, "赵大年"), ())

    assert reasons(found) == [ReasonCode.CUSTOMER_TRANSFERRED]


def test_both_accounts_of_an_address_are_not_guessed_between(identifier: Identifier) -> None:
    found = identifier.identify("repair", (), page(LIU_YING, "赵大年", "汪志强"), ())

    assert reasons(found) == [ReasonCode.ADDRESS_ALONE]


@pytest.mark.parametrize("name", ["周明辉", None], ids=["labelled name", "loose name"])
def test_whole_number_that_nobody_has_holds_it_whatever_its_label(identifier: Identifier, name: str | None) -> None:
    stranger = sure(UNREGISTERED, labelled=False)
    given = page(ZHOU_ADDRESS, "周明辉") if name is None else signs(name, ZHOU_ADDRESS)

    found = identifier.identify("repair", (stranger,), given, ())

    assert reasons(found) == [ReasonCode.NUMBER_DOUBTFUL]
