"""What an inbox and a separator sheet give with a record, and what is guessed where nothing was given."""

from __future__ import annotations

from connector.describing import given_by_sheet
from metadata.values import Given

INBOX = Given(kind="receipt", language="zh", department="财务部", tags=("热费",), customer_numbers=())


def test_sheet_that_gives_nothing_leaves_what_the_inbox_gave() -> None:
    given = given_by_sheet(INBOX, ())

    assert given == INBOX


def test_word_of_a_separator_sheet_wins_over_the_inbox() -> None:
    said = (("kind", "contract"), ("language", "en"), ("department", "客户服务部"), ("customer", "0312345617"))

    given = given_by_sheet(INBOX, said)

    assert given == Given("contract", "en", "客户服务部", ("热费",), ("0312345617",))


def test_tags_of_inbox_and_sheet_add_up_each_once() -> None:
    given = given_by_sheet(INBOX, (("tag", "加急"), ("tag", "热费"), ("tag", "2024")))

    assert given.tags == ("热费", "加急", "2024")
