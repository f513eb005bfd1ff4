"""The words that an archive itself carries for people: names of its tags, folders and fields, in Chinese and in English.

Not translated by gettext: these names *are* the tags and folders of an archive that lives for decades, so a better
translation of a sentence must never rename them. The scheme's own words (kinds, categories, facts) stand in the
configuration. Changing a name here makes a second tag or folder beside the old one: that needs an upgrade step.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from classifiers.scheme import Category, Names, Scheme
from connector.i18n import Language
from metadata.values import CustomerType, Description, ReasonCode

HELD = "held"
REJECTED = "rejected"
NOTED = "noted"

TAGS: Mapping[str, Names] = MappingProxyType(
    {
        HELD: Names("待核验", "held"),
        REJECTED: Names("退回", "rejected"),
        NOTED: Names("备注", "noted"),
        CustomerType.RESIDENTIAL.value: Names("居民", "residential"),
        CustomerType.NON_RESIDENTIAL.value: Names("非居民", "non-residential"),
    }
)
"""Tags by code; a tag of a description that is one of these codes is said in the archive's language, any other as it stands."""

REASON_TAGS: Mapping[ReasonCode, Names] = MappingProxyType(
    {
        ReasonCode.KIND_UNSURE: Names("核验·文种不明", "kind unsure"),
        ReasonCode.NO_ARCHIVE_DOCUMENT: Names("核验·疑非档案", "no archive document"),
        ReasonCode.NO_CUSTOMER: Names("核验·无客户编号", "no customer"),
        ReasonCode.NUMBER_CHECK_FAILS: Names("核验·编号校验不符", "check digit wrong"),
        ReasonCode.NUMBER_UNREGISTERED: Names("核验·编号未登记", "number unregistered"),
        ReasonCode.NUMBER_DOUBTFUL: Names("核验·编号存疑", "number doubtful"),
        ReasonCode.NUMBERS_RIVAL: Names("核验·多个客户", "several customers"),
        ReasonCode.SIGNS_UNREADABLE: Names("核验·佐证不清", "details unreadable"),
        ReasonCode.SIGNS_DIFFER: Names("核验·佐证不符", "details differ"),
        ReasonCode.NAME_DIFFERS: Names("核验·姓名不符", "name differs"),
        ReasonCode.OTHER_CUSTOMER_SIGNS: Names("核验·指向他户", "details of another customer"),
        ReasonCode.NAME_SHARED: Names("核验·同名客户", "name shared"),
        ReasonCode.NAME_ALONE: Names("核验·仅有姓名", "name alone"),
        ReasonCode.ADDRESS_ALONE: Names("核验·仅有地址", "address alone"),
        ReasonCode.TRANSFER_INCOMPLETE: Names("核验·过户不全", "transfer incomplete"),
        ReasonCode.CUSTOMER_TRANSFERRED: Names("核验·客户已过户", "customer transferred"),
        ReasonCode.DELETED_BEFORE: Names("核验·曾被删除", "deleted before"),
        ReasonCode.STORE_REFUSED: Names("核验·系统拒收", "refused by the archive"),
        ReasonCode.BATCH_UNSURE: Names("核验·分件存疑", "batch unsure"),
        ReasonCode.REVIEW_ASKED: Names("核验·请再核验", "to be looked at again"),
        ReasonCode.CONFIRMED_TOO_EARLY: Names("核验·尚不能确认", "confirmed too early"),
        ReasonCode.SCAN_COARSE: Names("核验·分辨率低", "scan too coarse"),
        ReasonCode.SCAN_TILTED: Names("核验·页面歪斜", "scan tilted"),
        ReasonCode.SCAN_DARK: Names("核验·图像过暗", "scan too dark"),
        ReasonCode.SCAN_FAINT: Names("核验·图像过淡", "scan too faint"),
        ReasonCode.SCAN_CUT_OFF: Names("核验·页面不全", "page cut off"),
        ReasonCode.PAGES_MISSING: Names("核验·缺页", "pages missing"),
        ReasonCode.PAGES_DOUBLED: Names("核验·重页", "pages doubled"),
        ReasonCode.SCAN_GREW: Names("核验·扫描未完", "scan not ended"),
        ReasonCode.NAME_DIFFERS_NOTED: Names("备注·姓名不同", "other name noted"),
        ReasonCode.REPAIRED: Names("备注·编号已修复", "number repaired"),
        ReasonCode.FOUND_IN_REGISTER: Names("备注·按登记查得", "found in the register"),
        ReasonCode.SECOND_SCAN: Names("备注·重复扫描", "second scan"),
        ReasonCode.GIVEN_NUMBER_UNCHECKED: Names("备注·编号未核对", "given number unchecked"),
    }
)
"""The tag under which archivists list the records of a reason (核验) or note (备注).

A reason's stands below HELD and a note's below NOTED where the archive has nested tags: it puts the upper one on whatever
bears the lower one, and takes the lower ones away with the upper.
"""

NOTES = frozenset(
    {
        ReasonCode.NAME_DIFFERS_NOTED,
        ReasonCode.REPAIRED,
        ReasonCode.FOUND_IN_REGISTER,
        ReasonCode.SECOND_SCAN,
        ReasonCode.GIVEN_NUMBER_UNCHECKED,
    }
)
"""The codes that are said beside a record and do not hold it."""

RESIDENTIAL_ROOT = TAGS[CustomerType.RESIDENTIAL.value]
NON_RESIDENTIAL_ROOT = TAGS[CustomerType.NON_RESIDENTIAL.value]
HELD_ROOT = TAGS[HELD]
REJECTED_ROOT = TAGS[REJECTED]
UNREGISTERED_ROOT = Names("未登记客户", "unregistered customers")
NO_CUSTOMER_ROOT = Names("综合", "general")
NOT_STATED = Names("未注明", "not stated")
UNCLASSIFIED_FOLDER = Names("0-未分类", "0-unclassified")


def tag_name(code: str, language: str) -> str:
    """Return the name of a tag that we know by code, and any other text as it stands."""
    names = TAGS.get(code)
    return names.in_language(language) if names else code


def reason_tag(code: ReasonCode, language: str) -> str:
    """Return the tag of a reason or note."""
    return REASON_TAGS[code].in_language(language)


def is_rejected(description: Description) -> bool:
    """Return whether a person said that this is no record of the archive (退回)."""
    return REJECTED in description.tags


def is_held(description: Description) -> bool:
    """Return whether the record is to be marked as waiting for a person."""
    return description.is_held and not is_rejected(description)


def tags_of(description: Description, scheme: Scheme, language: Language) -> tuple[str, ...]:
    """Return the names of all tags that the record is to bear, each once."""
    kind, category = scheme.kind(description.kind), scheme.category(description.category)
    customer = description.identification.customer
    names = [tag_name(code, language) for code in description.tags]
    if is_held(description):
        names += [tag_name(HELD, language), *(reason_tag(reason.code, language) for reason in description.reasons)]
    if category:
        names.append(category_tag(category, language))
    if kind:
        names += kind.tags
    if customer:
        names.append(tag_name(customer.customer_type.value, language))
    if description.department:
        names.append(description.department)
    notes = [reason_tag(note.code, language) for note in description.identification.notes]
    if description.second_scan_of:
        notes.append(reason_tag(ReasonCode.SECOND_SCAN, language))
    names += [tag_name(NOTED, language), *notes] if notes else []
    return tuple(dict.fromkeys(name.strip() for name in names if name.strip()))


def category_tag(category: Category, language: str) -> str:
    """Return the category's tag: the configured one in Chinese, the English name in English."""
    return category.tag if language.startswith("zh") else category.names.en


def every_name(names: Names) -> frozenset[str]:
    """Return the names in all languages: an archive begun in the other language is understood, too."""
    return frozenset((names.zh, names.en))
