"""The pure steps: safe names, the archive's words, values that fit the server's types, and which changes are left."""

from __future__ import annotations

import math
import unicodedata
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from classifiers.values import FieldValue
from connector import store_words as words
from connector.i18n import Language
from connector.paperless.changes import Changes, WantedIds, to_fill
from connector.paperless.documents import Document, document_from, file_name_for, named_record, names_bytes
from connector.paperless.fields import (
    DataType,
    FieldDefinition,
    Own,
    ValueUnfit,
    fact_code,
    field_table,
    server_value,
)
from connector.paperless.json_values import ShapeWrong
from connector.safe_names import safe_name
from metadata.values import Digests, ReasonCode, RecordId
from tests.paperless_stand_in.state import CustomField
from tests.paperless_stand_in.values import value_fault
from tests.stores.submissions import Paper, example_scheme

TEXTS = st.text(st.characters(exclude_categories=()), max_size=300)
FORBIDDEN = set('<>:"/\\|?*')
DIGESTS = Digests("ab" * 32, "cd" * 16)


@given(TEXTS, st.integers(min_value=8, max_value=200))
def test_safe_name_is_one_component_that_every_file_system_takes(text: str, max_bytes: int) -> None:
    name = safe_name(text, max_bytes)

    assert name
    assert name not in (".", "..")
    assert len(name.encode("utf-8")) <= max_bytes
    assert not FORBIDDEN & set(name)
    assert not any(unicodedata.category(sign).startswith("C") for sign in name)
    assert not name.startswith((".", " ", "~"))
    assert not name.endswith((".", " "))
    assert Path(name).name == name


@given(TEXTS, st.integers(min_value=8, max_value=200))
def test_safe_name_of_a_safe_name_is_itself(text: str, max_bytes: int) -> None:
    once = safe_name(text, max_bytes)

    assert safe_name(once, max_bytes) == once


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("用户信息变更/过户申请表", "用户信息变更／过户申请表"),
        ("CON", "_CON"),
        ("nul.txt", "_nul.txt"),
        ("COM1 ", "_COM1"),
        ("..", "_"),
        (".hidden", "hidden"),
        ("a\nb\tc", "a b c"),
        ("ends with dots...", "ends with dots"),
        ("", "_"),
        ("\u202egpj.exe", "gpj.exe"),
        ("王小明 10023456", "王小明 10023456"),
    ],
)
def test_safe_names_stay_readable(text: str, name: str) -> None:
    assert safe_name(text) == name


def test_every_reason_has_a_tag_in_both_languages_and_no_two_share_one() -> None:
    names = [name for code in ReasonCode for name in words.every_name(words.REASON_TAGS[code])]
    names += [name for pair in words.TAGS.values() for name in words.every_name(pair)]

    assert set(words.REASON_TAGS) == set(ReasonCode)
    assert len(names) == len(set(names))


@pytest.mark.parametrize("language", list(Language))
def test_fields_have_names_of_their_own(language: Language) -> None:
    scheme = example_scheme()

    table = field_table(scheme, language)

    names = [definition.name for definition in table.values()]
    assert len(names) == len(set(names))
    assert {own.value for own in Own} | {fact_code(spec.name) for spec in scheme.field_specs} == table.keys()


def test_two_fields_of_one_name_are_told_apart_by_their_code() -> None:
    scheme = example_scheme()
    spec = scheme.kinds[0].fields[0]
    clash = replace(spec, names=replace(spec.names, zh="客户编号"))
    clashing = replace(scheme, kinds=(replace(scheme.kinds[0], fields=(clash,)),))

    table = field_table(clashing, Language.ZH)

    assert table[Own.CUSTOMER_NUMBER.value].name == "客户编号"
    assert table[fact_code(spec.name)].name == f"客户编号 ({fact_code(spec.name)})"


VALUES: st.SearchStrategy[FieldValue] = st.one_of(
    TEXTS, st.floats(), st.booleans(), st.dates(), st.lists(st.floats(), max_size=40).map(tuple)
)


@given(st.sampled_from([kind for kind in DataType if kind is not DataType.SELECT]), VALUES)
def test_value_fits_the_server_or_is_said_to_be_unfit(data_type: DataType, value: FieldValue) -> None:
    definition = FieldDefinition("code", "客户编号", data_type)
    try:
        fitting = server_value(definition, value)
    except ValueUnfit:
        return
    assert value_fault(CustomField(1, "客户编号", data_type.value, None), fitting) is None


@pytest.mark.parametrize(
    ("data_type", "value", "expected"),
    [
        (DataType.MONETARY, 145.5, "CNY145.50"),
        (DataType.MONETARY, 0.005, "CNY0.01"),
        (DataType.MONETARY, -12.0, "CNY-12.00"),
        (DataType.DATE, date(2024, 2, 29), "2024-02-29"),
        (DataType.STRING, (18.5, 19.0), "18.5, 19"),
        (DataType.STRING, "  DN25 ", "DN25"),
        (DataType.STRING, "长" * 128, "长" * 128),
        (DataType.LONGTEXT, "长" * 999, "长" * 999),
        (DataType.FLOAT, 89.5, 89.5),
        (DataType.BOOLEAN, False, False),
    ],
)
def test_values_are_written_as_the_server_wants_them(data_type: DataType, value: FieldValue, expected: object) -> None:
    assert server_value(FieldDefinition("code", "name", data_type), value) == expected


@pytest.mark.parametrize(
    ("data_type", "value"),
    [
        (DataType.STRING, "长" * 129),
        (DataType.MONETARY, "145元"),
        (DataType.MONETARY, math.inf),
        (DataType.MONETARY, 1e15),
        (DataType.FLOAT, math.nan),
        (DataType.DATE, "2024-11-13"),
        (DataType.BOOLEAN, "maybe"),
        (DataType.SELECT, "none of them"),
    ],
)
def test_values_that_do_not_fit_are_never_bent(data_type: DataType, value: FieldValue) -> None:
    with pytest.raises(ValueUnfit):
        server_value(FieldDefinition("code", "name", data_type, ("one of them",)), value)


def test_file_name_says_record_and_bytes() -> None:
    name = file_name_for(RecordId("01J-abc_9"), DIGESTS)

    assert named_record(name) == "01J-abc_9"
    assert names_bytes(name, DIGESTS)
    assert not names_bytes(name, Digests("00" * 32, "cd" * 16))


@given(TEXTS)
def test_file_name_needs_no_quoting_whatever_the_record_is_called(text: str) -> None:
    name = file_name_for(RecordId(text), DIGESTS)

    assert name.isascii()
    assert not set(name) & set('"\\/\r\n')
    assert names_bytes(name, DIGESTS)


IDS = st.integers(min_value=1, max_value=6)
SOME = st.frozensets(IDS)
FIELDS = st.dictionaries(IDS, st.sampled_from(["a", "b", "CNY1.00"]))
DOCUMENTS = st.builds(
    Document,
    document_id=st.just(1),
    title=st.sampled_from(["t", "u"]),
    created=st.sampled_from(["2024-11-13", "2024-11-14"]),
    type_id=st.one_of(st.none(), IDS),
    tag_ids=SOME,
    fields=FIELDS,
    file_name=st.just("x.pdf"),
    checksum=st.none(),
)
WANTED = st.builds(
    WantedIds,
    title=st.sampled_from(["t", "u"]),
    created=st.sampled_from([date(2024, 11, 13), date(2024, 11, 14)]),
    type_id=st.one_of(st.none(), IDS),
    tag_ids=SOME,
    fields=FIELDS,
)


def changed(document: Document, changes: Changes) -> Document:
    """Return the document as a server makes it."""
    fields = {key: value for key, value in document.fields.items() if key not in changes.remove_fields}
    properties = changes.properties
    type_id = properties.get("document_type", document.type_id)
    assert type_id is None or isinstance(type_id, int)
    return replace(
        document,
        title=str(properties.get("title", document.title)),
        created=str(properties.get("created", document.created)),
        type_id=type_id,
        tag_ids=(document.tag_ids - changes.remove_tags) | changes.add_tags,
        fields={**fields, **changes.add_fields},
    )


@given(DOCUMENTS, WANTED)
def test_nothing_is_left_to_do_after_the_changes(document: Document, wanted: WantedIds) -> None:
    assert not to_fill(changed(document, to_fill(document, wanted)), wanted)


@given(DOCUMENTS, WANTED)
def test_filling_takes_nothing_away_and_changes_no_value(document: Document, wanted: WantedIds) -> None:
    after = changed(document, to_fill(document, wanted))

    assert document.tag_ids <= after.tag_ids
    assert document.fields.items() <= after.fields.items()
    assert (after.title, after.created) == (document.title, document.created)


@pytest.mark.parametrize("body", [{}, {"id": "x", "tags": []}, {"id": 1, "tags": "no", "custom_fields": []}])
def test_document_of_another_shape_is_no_document(body: dict[str, str | int]) -> None:
    with pytest.raises(ShapeWrong):
        document_from({**body})


def test_tags_of_a_description_are_said_in_the_archives_language(tmp_path: Path) -> None:
    said = Paper(tmp_path).but(tags=("rejected", "加急")).description()

    assert {"退回", "加急", "居民"} <= set(words.tags_of(said, example_scheme(), Language.ZH))
    assert {"rejected", "加急", "residential"} <= set(words.tags_of(said, example_scheme(), Language.EN))
