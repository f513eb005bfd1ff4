"""A document as flat values, and the changes that carry writes out: what was written stands there, everything else as before."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from functools import cache

from hypothesis import given
from hypothesis import strategies as st

from connector.agreement import established, is_same, to_write
from connector.duties import DEFAULT_DUTIES, AccessOfRecord
from connector.i18n import Language
from connector.paperless.changes import Changes, WantedIds
from connector.paperless.documents import Document, Permissions
from connector.paperless.flat import ServerWords, changes_from, standing_values, wanted_values
from connector.paperless.profile.values import ObjectKind
from connector.paperless.profile.wanted import Catalogue, ProfileSource, catalogue_of
from connector.paperless.vocabulary import Vocabulary
from connector.paperless.wanted import Wanted
from metadata.copies import StoreValue
from tests.stores.submissions import example_scheme

TAGS = ("待核验", "核验·无客户编号", "居民", "工程技术", "重要")
TYPES = ("维修(报修)单", "缴费收据", "别的")
PATHS = ("居民", "待核验", "别处")
GROUPS = ("档案管理员", "财务", "外人")
CODES = ("customer_number", "fact_fault", "category")
CATEGORIES = {"供热服务记录": "o1", "供热缴费信息": "o2"}


@cache
def catalogue() -> Catalogue:
    return catalogue_of(ProfileSource(example_scheme(), Language.ZH, DEFAULT_DUTIES))


@cache
def words() -> ServerWords:
    """Return a server whose names have the ids of their places in the lists above, from 1."""
    lists = {
        ObjectKind.TAG: TAGS,
        ObjectKind.DOCUMENT_TYPE: TYPES,
        ObjectKind.STORAGE_PATH: PATHS,
        ObjectKind.GROUP: GROUPS,
    }
    vocabulary = Vocabulary(catalogue(), example_scheme())
    return ServerWords(
        vocabulary=vocabulary,
        meanings={
            kind: {number: vocabulary.meaning(kind, name) for number, name in enumerate(names, start=1)}
            for kind, names in lists.items()
        },
        codes=dict(enumerate(CODES, start=1)),
        options={3: {option: vocabulary.category(label) for label, option in CATEGORIES.items()}},
        parents={"@reason/no_customer": "@held"},
    )


NO_ACCESS = AccessOfRecord(frozenset(), frozenset())


def some(names: tuple[str, ...]) -> st.SearchStrategy[frozenset[str]]:
    return st.frozensets(st.sampled_from(names))


def ids(names: tuple[str, ...]) -> st.SearchStrategy[frozenset[int]]:
    return st.frozensets(st.integers(1, len(names)))


DOCUMENTS = st.builds(
    Document,
    document_id=st.just(1),
    title=st.sampled_from(["t", "u"]),
    created=st.sampled_from(["2024-11-13", "2024-11-14"]),
    type_id=st.sampled_from([None, 1, 2, 3]),
    tag_ids=ids(TAGS),
    fields=st.fixed_dictionaries(
        {},
        optional={
            1: st.sampled_from(["10023456", ""]),
            2: st.sampled_from(["漏水", None]),
            3: st.sampled_from(["o1", "o2", "o9"]),
            9: st.just("柜号 B-12"),
        },
    ),
    file_name=st.just("x.pdf"),
    checksum=st.none(),
    path_id=st.sampled_from([None, 1, 2, 3]),
    permissions=st.one_of(
        st.none(),
        st.builds(Permissions, st.just(frozenset({7})), ids(GROUPS), st.just(frozenset[int]()), ids(GROUPS)),
    ),
)
WANTED = st.builds(
    Wanted,
    title=st.sampled_from(["t", "u", "v"]),
    created=st.sampled_from([date(2024, 11, 13), date(2024, 11, 15)]),
    type_name=st.sampled_from([None, "维修(报修)单", "缴费收据"]),
    path_name=st.sampled_from(["居民", "待核验"]),
    tags=some(("待核验", "核验·无客户编号", "居民", "工程技术")),
    access=st.builds(AccessOfRecord, some(("档案管理员", "财务")), some(("档案管理员",))),
    fields=st.fixed_dictionaries(
        {},
        optional={
            "customer_number": st.sampled_from(["10023456", "10029999"]),
            "fact_fault": st.just("不热"),
            "category": st.sampled_from(list(CATEGORIES)),
        },
    ),
    unfit=st.just(()),
)


def ids_of(wanted: Wanted) -> WantedIds:
    """Return the server's ids of what is wanted, as the resolver would."""
    return WantedIds(
        title=wanted.title,
        created=wanted.created,
        type_id=TYPES.index(wanted.type_name) + 1 if wanted.type_name else None,
        tag_ids=frozenset(TAGS.index(name) + 1 for name in wanted.tags),
        fields={
            CODES.index(code) + 1: CATEGORIES[str(value)] if code == "category" else value
            for code, value in wanted.fields.items()
        },
        path_id=PATHS.index(wanted.path_name) + 1,
        see_groups=frozenset(GROUPS.index(name) + 1 for name in wanted.access.see),
        change_groups=frozenset(GROUPS.index(name) + 1 for name in wanted.access.change),
    )


def changed(document: Document, changes: Changes) -> Document:
    """Return the document as a server makes it; the tags above a tag come by themselves."""
    said = changes.properties
    fields = {key: value for key, value in document.fields.items() if key not in changes.remove_fields}
    tags = (document.tag_ids - changes.remove_tags) | changes.add_tags
    permissions = document.permissions
    if "set_permissions" in said and permissions is not None:
        aimed: Mapping[str, Mapping[str, list[int]]] = said["set_permissions"]  # type: ignore[assignment]
        view, change = frozenset(aimed["view"]["groups"]), frozenset(aimed["change"]["groups"])
        permissions = replace(permissions, view_groups=view, change_groups=change)
    return replace(
        document,
        title=str(said.get("title", document.title)),
        created=str(said.get("created", document.created)),
        type_id=said.get("document_type", document.type_id),  # type: ignore[arg-type]  # an id
        path_id=said.get("storage_path", document.path_id),  # type: ignore[arg-type]  # an id
        tag_ids=tags | ({1} if changes.add_tags & {2} else set()),
        fields={**fields, **changes.add_fields},
        permissions=permissions,
    )


@given(DOCUMENTS, WANTED, WANTED)
def test_what_was_written_stands_there_and_everything_else_as_before(
    document: Document, before: Wanted, wanted: Wanted
) -> None:
    stands, ours = standing_values(document, words()), wanted_values(wanted, words())
    agreed = established(stands, wanted_values(before, words()))
    writes = to_write(agreed, stands, ours, frozenset())

    after = standing_values(changed(document, changes_from(writes, document, ids_of(wanted), words())), words())

    aimed = {**stands, **writes}
    for key in aimed.keys() | after.keys():
        if document.permissions is not None or not key.startswith(("see:", "change:")):
            assert is_same(after.get(key), aimed.get(key)), key


def test_tag_that_was_nested_after_it_was_put_on_gets_the_tag_above_it() -> None:
    document = Document(1, "t", "2024-11-13", None, frozenset({2}), {}, "x.pdf", None, 1, None)
    wanted = Wanted("t", date(2024, 11, 13), None, "居民", frozenset({"核验·无客户编号"}), NO_ACCESS, {}, ())
    stands = standing_values(document, words())
    writes = to_write(established(stands, {}), stands, wanted_values(wanted, words()), frozenset())

    changes = changes_from(writes, document, ids_of(wanted), words())

    assert changes.add_tags == {1}


@given(DOCUMENTS, WANTED)
def test_fields_that_are_not_ours_are_never_touched(document: Document, wanted: Wanted) -> None:
    writes: dict[str, StoreValue | None] = dict.fromkeys(standing_values(document, words()))

    changes = changes_from(writes, document, ids_of(wanted), words())

    assert 9 not in changes.remove_fields
    assert changed(document, changes).fields.get(9) == document.fields.get(9)


@given(WANTED)
def test_what_is_wanted_is_the_same_in_both_languages(wanted: Wanted) -> None:
    names = {kind.names.zh: kind.names.en for kind in example_scheme().kinds}
    english = replace(wanted, type_name=names.get(wanted.type_name or ""))

    assert wanted_values(english, words()).get("type") == wanted_values(wanted, words()).get("type")


def test_names_of_other_people_mean_themselves_and_ours_their_code() -> None:
    vocabulary = words().vocabulary

    assert vocabulary.meaning(ObjectKind.TAG, "待核验") == vocabulary.meaning(ObjectKind.TAG, "held") == "@held"
    assert vocabulary.meaning(ObjectKind.TAG, "重要") == "重要"
    assert vocabulary.meaning(ObjectKind.DOCUMENT_TYPE, "维修(报修)单") == "@repair"
    assert vocabulary.category("供热服务记录") == "@service"
    for name in ("客户编号", "Customer number"):
        assert vocabulary.meaning(ObjectKind.FIELD, name) == "@customer_number"
    assert vocabulary.meaning(ObjectKind.FIELD, "柜号") == "柜号"
