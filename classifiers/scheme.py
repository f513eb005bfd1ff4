"""The classification scheme (分类方案) as data: categories, kinds, their titles, words and fields, all from configuration.

Not for deciding anything: `rules` classifies and `fields` extracts by this data. It exists so that another trade or company
replaces the whole scheme in its configuration without touching code. Other packages may import this module.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from classifiers.interfaces import SchemeWrong
from classifiers.toml_table import Table, wrong_type, wrong_value
from ingest.message import N_, Message


class Retention(StrEnum):
    """How long a kind is kept: for ever, 30 or 10 years (DA/T 22)."""

    Y = "Y"
    D30 = "D30"
    D10 = "D10"


class FieldType(StrEnum):
    """How the value of a field is read and what comes out."""

    DATE = "date"  # datetime.date
    AMOUNT = "amount"  # money, float
    AMOUNT_WORDS = "amount_words"  # 大写, text; checked against the amount in digits
    AREA = "area"  # m², float
    TEMPERATURE = "temperature"  # °C, float
    TEMPERATURES = "temperatures"  # a column of °C in a table, tuple of floats
    CODE = "code"  # a number of letters and digits, by `pattern`, text
    NAME = "name"  # a person or company, text
    ADDRESS = "address"  # text
    TEXT = "text"  # as printed
    CHOICE = "choice"  # one ticked box, or the one choice that stands there, text
    CLASS = "class"  # a class chosen by words anywhere in the text, text
    BOOL = "bool"  # a ticked yes or no


@dataclass(frozen=True, slots=True)
class Names:
    """What people see, in both languages."""

    zh: str
    en: str

    def in_language(self, language: str) -> str:
        """Return the Chinese name for "zh…", the English one for everything else."""
        return self.zh if language.startswith("zh") else self.en


@dataclass(frozen=True, slots=True)
class Choice:
    """One possible value of a field, and the words on paper that mean it (the value itself is one of them)."""

    value: str
    words: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class FieldSpec:
    """One fact of a kind: what it is called, how it is labelled on paper and how it is read.

    `pattern` is a regular expression the value must fit ("" = any). `date_of_paper` marks the date the record bears.
    """

    name: str
    names: Names
    type: FieldType
    labels: tuple[str, ...]
    pattern: str
    choices: tuple[Choice, ...]
    date_of_paper: bool


@dataclass(frozen=True, slots=True)
class Category:
    """The upper level of the scheme; `folder` orders a customer's file."""

    code: str
    names: Names
    folder: str
    tag: str


@dataclass(frozen=True, slots=True)
class Kind:
    """The lower level: one kind of document (文种). `threshold` None means the configuration's general one."""

    code: str
    category: str
    names: Names
    titles: tuple[str, ...]
    words_for: tuple[str, ...]
    words_against: tuple[str, ...]
    fields: tuple[FieldSpec, ...]
    retention: Retention
    needs_customer: bool
    two_customers: bool
    threshold: float | None
    tags: tuple[str, ...]

    def field(self, name: str) -> FieldSpec | None:
        """Return the field of this name."""
        return next((spec for spec in self.fields if spec.name == name), None)


@dataclass(frozen=True, slots=True)
class WordGroup:
    """Words of one sort of paper that is no archive document, such as flyers."""

    name: str
    words: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class SignLabels:
    """How a customer's own facts are labelled, whatever the kind. `other` are labels that only end the value before them."""

    number: tuple[str, ...]
    name: tuple[str, ...]
    old_name: tuple[str, ...]
    new_name: tuple[str, ...]
    address: tuple[str, ...]
    contract_no: tuple[str, ...]
    meter_no: tuple[str, ...]
    phone: tuple[str, ...]
    other: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Scheme:
    """The whole scheme, in the order of the configuration."""

    categories: tuple[Category, ...]
    kinds: tuple[Kind, ...]
    none_of_them: tuple[WordGroup, ...]
    signs: SignLabels

    def kind(self, code: str | None) -> Kind | None:
        """Return the kind of this code."""
        return next((kind for kind in self.kinds if kind.code == code), None)

    def category(self, code: str | None) -> Category | None:
        """Return the category of this code."""
        return next((category for category in self.categories if category.code == code), None)

    def category_of(self, kind: str | None) -> Category | None:
        """Return the category that a kind belongs to."""
        found = self.kind(kind)
        return self.category(found.category) if found else None

    @property
    def field_specs(self) -> tuple[FieldSpec, ...]:
        """Return every field of any kind once, by name, in order of first use."""
        by_name: dict[str, FieldSpec] = {}
        for kind in self.kinds:
            for spec in kind.fields:
                by_name.setdefault(spec.name, spec)
        return tuple(by_name.values())


_SCHEME_KEYS = ("categories", "kinds", "fields", "everywhere", "none_of_them", "signs")
_CATEGORY_KEYS = ("code", "zh", "en", "folder", "tag")
_KIND_KEYS = (
    "code",
    "category",
    "zh",
    "en",
    "titles",
    "words_for",
    "words_against",
    "fields",
    "retention",
    "needs_customer",
    "two_customers",
    "threshold",
    "tags",
)
_FIELD_KEYS = ("name", "kinds", "zh", "en", "type", "labels", "pattern", "choices", "date_of_paper")
_SIGN_KEYS = ("number", "name", "old_name", "new_name", "address", "contract_no", "meter_no", "phone", "other")
_CODE = re.compile(r"[a-z][a-z0-9_]*")


def scheme_from(mapping: Mapping[str, object]) -> Scheme:
    """Return the scheme of the configuration's `[scheme]` table; raises SchemeWrong naming key, value and the near word."""
    root = Table(mapping, "scheme", _SCHEME_KEYS)
    categories = tuple(_category(table) for table in root.tables("categories", _CATEGORY_KEYS))
    _check_once("scheme.categories", [category.code for category in categories])
    fields = _fields(root)
    kinds = tuple(
        _kind(table, [c.code for c in categories], fields, root.texts("everywhere"))
        for table in root.tables("kinds", _KIND_KEYS)
    )
    if not kinds:
        raise SchemeWrong(
            Message(N_("Configuration: the scheme has no kinds."), {}),
            Message(N_("Copy the part below the line {line} from config.example.toml."), {"line": "# === scheme ==="}),
        )
    codes = [kind.code for kind in kinds]
    _check_once("scheme.kinds", codes)
    for spec in fields:
        for code in spec.kinds:
            if code not in codes:
                raise wrong_value(f"scheme.fields.{spec.spec.name}.kinds", code, codes)
    groups = tuple(
        WordGroup(table.text("name"), table.texts("words")) for table in root.tables("none_of_them", ("name", "words"))
    )
    signs = root.table("signs", _SIGN_KEYS)
    return Scheme(categories, kinds, groups, SignLabels(**{key: signs.texts(key) for key in _SIGN_KEYS}))


@dataclass(frozen=True, slots=True)
class _FieldEntry:
    """A field as configured: `kinds` () means it stands for every kind that has no entry of its own."""

    spec: FieldSpec
    kinds: tuple[str, ...]


def _code(table: Table, name: str = "code") -> str:
    code = table.text(name)
    if not _CODE.fullmatch(code):
        raise wrong_type(table.key(name), code, '"small_letters_and_digits"')
    return code


def _check_once(path: str, codes: Sequence[str]) -> None:
    for code in codes:
        if codes.count(code) > 1:
            raise SchemeWrong(
                Message(N_("Configuration: {key} has {code} twice."), {"key": path, "code": repr(code)}),
                Message(N_("Give each its own code."), {}),
            )


def _category(table: Table) -> Category:
    names = Names(table.text("zh"), table.text("en"))
    return Category(_code(table), names, table.text("folder"), table.text("tag", names.zh))


def _kind(table: Table, categories: Sequence[str], fields: Sequence[_FieldEntry], everywhere: tuple[str, ...]) -> Kind:
    code = _code(table)
    wanted = table.texts("fields")
    _check_once(table.key("fields"), wanted)
    names = tuple(dict.fromkeys((*wanted, *everywhere)))
    return Kind(
        code=code,
        category=table.one_of("category", categories),
        names=Names(table.text("zh"), table.text("en")),
        titles=table.texts("titles"),
        words_for=table.texts("words_for"),
        words_against=table.texts("words_against"),
        fields=tuple(_field_of(name, code, fields, table.key("fields")) for name in names),
        retention=Retention(table.one_of("retention", [r.value for r in Retention], "D30")),
        needs_customer=table.flag("needs_customer", True),
        two_customers=table.flag("two_customers", False),
        threshold=table.share("threshold"),
        tags=table.texts("tags"),
    )


def _field_of(name: str, kind: str, fields: Sequence[_FieldEntry], key: str) -> FieldSpec:
    named = [entry for entry in fields if entry.spec.name == name]
    own = [entry for entry in named if kind in entry.kinds]
    general = [entry for entry in named if not entry.kinds]
    if not own and not general:
        raise wrong_value(key, name, sorted({entry.spec.name for entry in fields}))
    return (own or general)[0].spec


def _fields(root: Table) -> tuple[_FieldEntry, ...]:
    entries = tuple(_FieldEntry(_field(table), table.texts("kinds")) for table in root.tables("fields", _FIELD_KEYS))
    types: dict[str, FieldType] = {}
    for entry in entries:
        if types.setdefault(entry.spec.name, entry.spec.type) is not entry.spec.type:
            raise SchemeWrong(
                Message(N_("Configuration: the field {name} has two types."), {"name": entry.spec.name}),
                Message(N_("Give every entry of this field the same type."), {}),
            )
    return entries


def _field(table: Table) -> FieldSpec:
    pattern = table.text("pattern", "")
    try:
        re.compile(pattern)
    except re.error as error:
        raise wrong_type(table.key("pattern"), f"{pattern} ({error})", "a regular expression") from error
    choices = tuple(_choice(choice) for choice in table.tables("choices", ("value", "words")))
    field_type = FieldType(table.one_of("type", [t.value for t in FieldType]))
    if field_type in (FieldType.CHOICE, FieldType.CLASS, FieldType.BOOL) and not choices:
        raise wrong_type(table.key("choices"), "", '[{ value = "…", words = ["…"] }]')
    names = Names(table.text("zh"), table.text("en"))
    return FieldSpec(
        _code(table, "name"),
        names,
        field_type,
        table.texts("labels"),
        pattern,
        choices,
        table.flag("date_of_paper", False),
    )


def _choice(table: Table) -> Choice:
    value = table.text("value")
    return Choice(value, tuple(dict.fromkeys((value, *table.texts("words")))))
