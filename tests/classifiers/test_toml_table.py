"""One table of the configuration, read with sentences that name the key, the value and what to write instead."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from classifiers.interfaces import SchemeWrong
from classifiers.toml_table import Table, near_word, wrong_type, wrong_value
from connector.i18n import Language, say_error

KNOWN = ("name", "words", "flag", "share", "whole", "wholes", "parts", "inner")


def table(**content: Any) -> Table:
    return Table(content, "scheme.kinds[3]", KNOWN)


def said(action: Callable[[], object]) -> str:
    """Return the whole sentence of the error that this raises, in English."""
    with pytest.raises(SchemeWrong) as caught:
        action()
    return say_error(caught.value, Language.EN)


def test_values_come_out_as_they_are() -> None:
    full = table(name="热费", words=["一", "二"], flag=True, share=0.5, whole=11, wholes=[7, 3])

    assert full.text("name") == "热费"
    assert full.texts("words") == ("一", "二")
    assert full.flag("flag", False) is True
    assert full.share("share") == 0.5
    assert full.whole("whole") == 11
    assert full.wholes("wholes") == (7, 3)
    assert full.has("name")


def test_absent_values_are_the_default() -> None:
    empty = table()

    assert empty.text("name", "x") == "x"
    assert (empty.texts("words"), empty.wholes("wholes"), empty.tables("parts", ())) == ((), (), ())
    assert empty.flag("flag", True) is True
    assert empty.share("share") is None
    assert empty.table("inner", ()).texts("words") == ()
    assert not empty.has("name")


def test_unknown_key_is_named_with_the_near_one() -> None:
    assert said(lambda: table(wrods=[])) == (
        "Configuration: there is no key scheme.kinds[3].wrods. Did you mean 'words'?"
    )


def test_unknown_key_that_is_like_none_is_told_the_known_ones() -> None:
    assert "Use one of: name, words, flag" in said(lambda: table(xyzzy=1))


@pytest.mark.parametrize("missing", [{}, {"name": ""}])
def test_missing_or_empty_text_says_how_to_write_it(missing: dict[str, str]) -> None:
    sentence = said(lambda: table(**missing).text("name"))

    assert sentence == 'Configuration: scheme.kinds[3].name is missing. Write name = "…".'


@pytest.mark.parametrize(
    ("content", "read", "wanted"),
    [
        ({"name": 5}, lambda t: t.text("name"), '"text"'),
        ({"words": "一"}, lambda t: t.texts("words"), '["one", "two"]'),
        ({"words": ["一", " "]}, lambda t: t.texts("words"), '["one", "two"]'),
        ({"words": [1]}, lambda t: t.texts("words"), '["one", "two"]'),
        ({"flag": 1}, lambda t: t.flag("flag", False), "true or false"),
        ({"flag": "yes"}, lambda t: t.flag("flag", False), "true or false"),
        ({"share": 1.5}, lambda t: t.share("share"), "0.0 … 1.0"),
        ({"share": True}, lambda t: t.share("share"), "0.0 … 1.0"),
        ({"whole": 1.0}, lambda t: t.whole("whole"), "a whole number"),
        ({"whole": True}, lambda t: t.whole("whole"), "a whole number"),
        ({}, lambda t: t.whole("whole"), "a whole number"),
        ({"wholes": [1, True]}, lambda t: t.wholes("wholes"), "[7, 3, 1]"),
        ({"wholes": 7}, lambda t: t.wholes("wholes"), "[7, 3, 1]"),
        ({"parts": {}}, lambda t: t.tables("parts", ()), "[[scheme.kinds[3].parts]]"),
        ({"parts": [1]}, lambda t: t.tables("parts", ()), "[table]"),
        ({"inner": 1}, lambda t: t.table("inner", ()), "[table]"),
    ],
)
def test_wrong_type_names_the_key_and_what_to_write(
    content: dict[str, Any], read: Callable[[Table], object], wanted: str
) -> None:
    sentence = said(lambda: read(table(**content)))

    assert "Configuration: scheme.kinds[3]." in sentence
    assert f"Write it as {wanted}" in sentence


def test_tables_in_a_list_are_counted_from_one() -> None:
    parts = table(parts=[{"name": "一"}, {"name": "二"}]).tables("parts", ("name",))

    assert [(part.path, part.text("name")) for part in parts] == [
        ("scheme.kinds[3].parts[1]", "一"),
        ("scheme.kinds[3].parts[2]", "二"),
    ]


def test_value_outside_a_closed_list_is_told_the_near_one_or_all() -> None:
    near = said(lambda: table(name="recept").one_of("name", ["receipt", "repair"]))
    far = said(lambda: table(name="xyz").one_of("name", ["receipt", "repair"]))

    assert near == "Configuration: scheme.kinds[3].name has the unknown value 'recept'. Did you mean 'receipt'?"
    assert far.endswith("Use one of: receipt, repair.")


def test_value_of_a_closed_list_comes_out() -> None:
    assert table(name="repair").one_of("name", ["receipt", "repair"]) == "repair"
    assert table().one_of("name", ["receipt", "repair"], "receipt") == "receipt"


def test_long_wrong_values_are_cut_in_the_sentence() -> None:
    error = wrong_type("key", "x" * 500, "text")

    assert len(say_error(error, Language.EN)) < 200


def test_errors_are_said_in_chinese_too() -> None:
    assert "recept" in say_error(wrong_value("key", "recept", ["receipt"]), Language.ZH)
    assert say_error(wrong_value("key", "recept", ["receipt"]), Language.ZH).startswith("配置")


def test_nothing_near_is_no_word() -> None:
    assert near_word("xyz", ["receipt"]) == ""
