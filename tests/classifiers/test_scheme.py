"""The scheme as data: the example one is whole, and a wrong one says what is wrong and what to write."""

from __future__ import annotations

from typing import Any

import pytest

from classifiers.interfaces import SchemeWrong
from classifiers.scheme import Choice, FieldType, Names, Retention, Scheme, scheme_from
from connector.i18n import Language, say_error
from tests.classifiers.schemes import example_scheme, field, kind, mapping, small_scheme

FACTS = {
    "open_account": "apply_date area_m2 heating_form contract_no meter_no",
    "change_transfer": "apply_date change_reason old_name new_name area_m2 contract_no",
    "id_copy": "copy_date doc_shown deed_no",
    "acceptance": "accept_date accept_result builder pipe_diameter area_m2 meter_no technician",
    "connection": "register_date station pipe_diameter heating_form area_m2 contract_no meter_no technician",
    "receipt": "pay_date amount amount_cn fee late_fee pay_method season receipt_no area_m2 contract_no",
    "invoice": "invoice_date invoice_code invoice_no amount amount_cn tax season area_m2",
    "dunning": "notice_date deadline arrears late_fee area_m2",
    "repair": "report_date done_date fault technician room_temp_c satisfaction work_order meter_no",
    "complaint": "complaint_date close_date complaint_no complaint_reason complaint_result technician",
    "room_temp": "measure_date room_temp_c room_temps_c temp_ok area_m2 technician",
    "revisit": "revisit_date satisfaction",
    "contract": "sign_date contract_no amount area_m2 meter_no",
    "suspend": "sign_date action base_fee area_m2 contract_no meter_no technician",
    "special_note": "note_date note_reason contract_no",
    "archive_view": "apply_date applicant use_mode",
    "archive_borrow": "borrow_date return_date borrower",
}
KINDS = list(FACTS)


def wrong(table: dict[str, Any]) -> str:
    """Return what is said of a wrong scheme."""
    with pytest.raises(SchemeWrong) as caught:
        scheme_from(table)
    return say_error(caught.value, Language.EN)


class TestTheExampleScheme:
    """What ships with the example configuration: the archive's policy in data."""

    def test_has_the_six_categories_in_the_order_of_a_file(self) -> None:
        categories = example_scheme().categories

        assert [c.code for c in categories] == ["basic", "facility", "payment", "service", "other", "use"]
        assert [c.folder for c in categories] == sorted(c.folder for c in categories)
        assert [c.tag for c in categories] == [c.names.zh for c in categories]

    def test_has_the_kinds_of_the_policy(self) -> None:
        assert [k.code for k in example_scheme().kinds] == KINDS

    @pytest.mark.parametrize("code", KINDS)
    def test_kind_carries_the_facts_of_the_policy_and_those_of_every_kind(self, code: str) -> None:
        found = example_scheme().kind(code)

        assert found is not None
        expected = [*FACTS[code].split(), "address_as_printed", "other_utility_no"]
        assert [spec.name for spec in found.fields] == expected

    @pytest.mark.parametrize("code", KINDS)
    def test_every_kind_needs_a_customer_has_one_date_and_is_kept_thirty_years(self, code: str) -> None:
        found = example_scheme().kind(code)

        assert found is not None
        assert found.needs_customer
        assert sum(spec.date_of_paper for spec in found.fields) == 1
        assert found.retention is Retention.D30

    def test_only_a_transfer_has_two_customers(self) -> None:
        assert [k.code for k in example_scheme().kinds if k.two_customers] == ["change_transfer"]

    def test_no_title_and_no_word_of_a_kind_stands_there_twice(self) -> None:
        for found in example_scheme().kinds:
            assert len(set(found.titles)) == len(found.titles), found.code
            assert len(set(found.words_for)) == len(found.words_for), found.code
            assert not set(found.words_for) & set(found.words_against), found.code

    def test_names_differ_so_that_folders_and_types_do(self) -> None:
        kinds = example_scheme().kinds

        assert len({k.names.zh for k in kinds}) == len({k.names.en for k in kinds}) == len(kinds)


def test_what_is_left_out_is_the_default() -> None:
    (found,) = small_scheme(kind("paper")).kinds

    assert (found.titles, found.words_for, found.words_against, found.fields, found.tags) == ((), (), (), (), ())
    assert (found.retention, found.needs_customer, found.two_customers, found.threshold) == (
        Retention.D30,
        True,
        False,
        None,
    )


def test_everything_that_is_given_comes_out() -> None:
    given = kind(
        "paper",
        titles=["题"], words_for=["词"], words_against=["反"], retention="Y", needs_customer=False,
        two_customers=True, threshold=0.8, tags=["标签"], fields=["day"],
    )  # fmt: skip
    spec = field("day", "date", "日期", date_of_paper=True)

    (found,) = small_scheme(given, fields=(spec,)).kinds

    assert (found.titles, found.words_for, found.words_against) == (("题",), ("词",), ("反",))
    assert (found.retention, found.threshold, found.tags) == (Retention.Y, 0.8, ("标签",))
    assert (found.needs_customer, found.two_customers) == (False, True)
    assert found.fields[0].type is FieldType.DATE
    assert found.fields[0].date_of_paper


def test_kinds_categories_and_fields_are_found_by_code() -> None:
    scheme = small_scheme(kind("paper", fields=["day"]), fields=(field("day", "date"),))

    found, category = scheme.kind("paper"), scheme.category("papers")
    assert found is not None
    assert category is not None
    assert found.field("day") is found.fields[0]
    assert (found.field("no"), scheme.kind("no"), scheme.kind(None), scheme.category(None)) == (None, None, None, None)
    assert scheme.category_of("paper") is category
    assert scheme.category_of("no") is None


def test_fields_of_every_kind_come_after_its_own_and_once() -> None:
    fields = (field("day", "date"), field("where", "address"))

    scheme = small_scheme(kind("a", fields=["day"]), kind("b", fields=["where"]), fields=fields, everywhere=["where"])

    assert [[spec.name for spec in k.fields] for k in scheme.kinds] == [["day", "where"], ["where"]]
    assert [spec.name for spec in scheme.field_specs] == ["day", "where"]


def test_field_may_be_labelled_otherwise_for_some_kinds() -> None:
    scheme = small_scheme(
        kind("a", fields=["who"]),
        kind("b", fields=["who"]),
        fields=(field("who", "name", "经办人"), field("who", "name", "验收人", kinds=["b"])),
    )

    assert [k.fields[0].labels for k in scheme.kinds] == [("经办人",), ("验收人",)]


def test_value_of_a_choice_is_one_of_its_words() -> None:
    spec = field("ok", "choice", choices=[{"value": "现金", "words": ["付现", "现金"]}, {"value": "转账"}])

    scheme = small_scheme(kind("paper", fields=["ok"]), fields=(spec,))

    assert scheme.field_specs[0].choices == (Choice("现金", ("现金", "付现")), Choice("转账", ("转账",)))


@pytest.mark.parametrize(
    ("language", "name"), [("zh", "收据"), ("zh_CN", "收据"), ("en", "Receipt"), ("de", "Receipt")]
)
def test_names_are_chinese_for_chinese_and_english_for_everybody_else(language: str, name: str) -> None:
    assert Names("收据", "Receipt").in_language(language) == name


def test_scheme_without_kinds_says_where_to_copy_them_from() -> None:
    assert "# === scheme ===" in wrong(mapping())


@pytest.mark.parametrize(
    ("table", "sentence"),
    [
        (
            mapping(kind("paper", category="paper")),
            "scheme.kinds[1].category has the unknown value 'paper'. Did you mean 'papers'?",
        ),
        (
            mapping(kind("paper", fields=["dya"]), fields=(field("day", "date"),)),
            "scheme.kinds[1].fields has the unknown value 'dya'. Did you mean 'day'?",
        ),
        (
            mapping(kind("paper"), fields=(field("day", "dat"),)),
            "scheme.fields[1].type has the unknown value 'dat'. Did you mean 'date'?",
        ),
        (
            mapping(kind("paper"), fields=(field("day", "date", kinds=["papr"]),)),
            "scheme.fields.day.kinds has the unknown value 'papr'. Did you mean 'paper'?",
        ),
        (mapping(kind("paper", retention="D3")), "scheme.kinds[1].retention has the unknown value 'D3'."),
        (mapping(kind("paper", title=["题"])), "there is no key scheme.kinds[1].title. Did you mean 'titles'?"),
        (mapping(kind("paper"), kind("paper")), "scheme.kinds has 'paper' twice."),
        (
            mapping(kind("paper", fields=["d", "d"]), fields=(field("d", "date"),)),
            "scheme.kinds[1].fields has 'd' twice.",
        ),
        (mapping(kind("Paper")), "scheme.kinds[1].code cannot be 'Paper'."),
        (mapping(kind("paper", threshold=60)), "scheme.kinds[1].threshold cannot be 60."),
        (mapping(kind("paper"), fields=(field("d", "code", pattern="["),)), "scheme.fields[1].pattern cannot be"),
        (mapping(kind("paper"), fields=(field("d", "choice"),)), "scheme.fields[1].choices cannot be ''."),
        (
            mapping(kind("paper"), fields=(field("d", "date"), field("d", "text", kinds=["paper"]))),
            "the field d has two types.",
        ),
        (mapping(kind("paper"), signs={"names": ["户名"]}), "there is no key scheme.signs.names. Did you mean 'name'?"),
        (mapping(kind("paper"), none_of_them=[{"words": ["一"]}]), "scheme.none_of_them[1].name is missing."),
        (mapping({"code": "paper", "category": "papers", "zh": "单"}), "scheme.kinds[1].en is missing."),
    ],
)
def test_wrong_scheme_names_key_value_and_remedy(table: dict[str, Any], sentence: str) -> None:
    assert sentence in wrong(table)


def test_categories_with_one_code_are_refused() -> None:
    table = mapping(kind("paper"))
    table["categories"] *= 2

    assert "scheme.categories has 'papers' twice." in wrong(table)


def test_signs_left_out_are_no_labels() -> None:
    scheme: Scheme = small_scheme(kind("paper"))

    assert scheme.signs.name == scheme.signs.other == ()
