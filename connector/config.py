"""The configuration file, read once, checked whole, and turned into values that cannot change.

Every path in it is relative to the file itself, so that a folder with its configuration can be moved. Unknown keys are
errors with a suggestion, never ignored: a misspelt threshold that silently keeps its default files records wrongly.
Not for secrets: tokens come from the environment or a `token_file` (`connector.credentials`), and no section holds one.
"""

from __future__ import annotations

import os
import tomllib
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, ValidationError, ValidationInfo

from classifiers.interfaces import SchemeWrong
from classifiers.scheme import Names, Scheme, scheme_from
from connector.config_checks import check_whole
from connector.config_errors import (
    file_missing,
    file_unreadable,
    from_scheme,
    from_validation,
    key_wrong,
    not_toml,
    unknown_name,
)
from connector.duties import DEFAULT_DUTIES, EVERY, Access, Duty, known_duties
from ingest.message import N_, Message
from ingest.values import BatchMode

DATABASE_NAME = "guidang.sqlite"
_SQLITE = "sqlite:///"


def _beside_the_file(path: Path, info: ValidationInfo) -> Path:
    base: Path = info.context["base"] if info.context else Path()
    return Path(os.path.normpath(base / path.expanduser()))


_PORT = r"([1-9]\d{0,3}|[1-5]\d{4}|6[0-4]\d{3}|65[0-4]\d{2}|655[0-2]\d|6553[0-5])"
_LISTEN = rf"^((\[[0-9A-Fa-f:.]+\]|[A-Za-z0-9.-]+):{_PORT})?$"
"""HOST:PORT; an IPv6 address stands in brackets."""

PathKey = Annotated[Path, AfterValidator(_beside_the_file)]
Whole = Annotated[int, Field(strict=True)]
Number = Annotated[float, Field(strict=True)]
Share = Annotated[float, Field(strict=True, ge=0.0, le=1.0)]
NotNegative = Annotated[float, Field(strict=True, ge=0.0)]
YesNo = Annotated[bool, Field(strict=True)]
Name = Annotated[str, Field(min_length=1)]


class Section(BaseModel):
    """A table of the file: unknown keys are refused, values never change."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class DataSection(Section):
    """Where our own data stands: journal, index, lock, log."""

    path: PathKey


class DatabaseSection(Section):
    """Which database; "" = SQLite in the data path."""

    url: str = ""


class InboxSection(Section):
    """One watched folder and what is given with everything that arrives in it; "" = nothing given."""

    name: Name
    path: PathKey
    department: str = ""
    kind: str = ""
    language: str = ""
    tags: tuple[str, ...] = ()
    watch: Literal["events", "polling"] = "events"
    poll_seconds: Annotated[float, Field(strict=True, gt=0.0)] = 60.0
    quiet_seconds: Annotated[float, Field(strict=True, ge=0.0)] = 2.0
    patience_seconds: Annotated[float, Field(strict=True, ge=0.0)] = 600.0
    batch: Literal["sheets", "blank", "single"] = "sheets"

    @property
    def batch_mode(self) -> BatchMode:
        """Return how scans are cut."""
        return BatchMode(self.batch)


class ReadingSection(Section):
    """How pages are read. `workers` 0 = as many as the machine has cores."""

    recogniser: Name = "ppocr"
    languages: Annotated[tuple[Literal["zh", "en", "de"], ...], Field(min_length=1)] = ("zh", "en")
    workers: Annotated[int, Field(strict=True, ge=0)] = 0
    max_pages: Annotated[int, Field(strict=True, ge=1)] = 1000
    max_megabytes: Annotated[int, Field(strict=True, ge=1)] = 500
    page_timeout_seconds: Annotated[float, Field(strict=True, gt=0.0)] = 120.0
    separator_codes: tuple[Name, ...] = ("GUIDANG-SEP", "PATCH-T")

    @property
    def worker_count(self) -> int:
        """Return how many pages are read at once."""
        return self.workers or os.cpu_count() or 1


class QualitySection(Section):
    """What a scanned page must have, or its record is held to be scanned again."""

    least_dpi: NotNegative = 200.0
    least_line_px: NotNegative = 20.0
    most_tilt_degrees: Annotated[float, Field(strict=True, ge=0.0, le=90.0)] = 10.0
    least_paper: Share = 0.5
    least_contrast: Share = 0.2
    whole_pages: YesNo = True
    all_pages: YesNo = True


class ClassifyingSection(Section):
    """Which components say what a record is; other names come from plug-ins."""

    splitter: Name = "content"
    classifier: Name = "vote"
    extractor: Name = "rules"


class LearningSection(Section):
    """Whether new models are taught beside the scans."""

    in_background: YesNo = True


class ThresholdsSection(Section):
    """From which confidence on something is done without asking a person."""

    kind: Share = 0.6
    reject: Share = 0.9
    surely_read: Share = 0.8


class NumberFormSection(Section):
    """One form of customer number: what it looks like, and its check."""

    name: Name
    pattern: Name
    separators: str = ""
    check: str = "none"
    check_signs: Literal["all", "digits"] = "all"
    modulus: Annotated[int, Field(strict=True, ge=2)] | None = None
    alphabet: str = ""
    weights: tuple[Whole, ...] = ()


class CustomerNumberSection(Section):
    """How this company's customer numbers look, and what they are called on paper."""

    labels: tuple[Name, ...]
    not_labels: tuple[Name, ...] = ()
    barcode_prefixes: tuple[str, ...] = ()
    forms: Annotated[tuple[NumberFormSection, ...], Field(min_length=1)]


class RegisterSection(Section):
    """Where the customers come from, a file or a view of a database, and which of its headings is which of ours."""

    path: PathKey | None = None
    url: str = ""
    view: str = ""
    changed: str = ""
    refresh_seconds: Annotated[float, Field(strict=True, gt=0.0)] = 600.0
    columns: dict[str, str] = {}


class FolderStoreSection(Section):
    """The archive as a tree of folders."""

    path: PathKey


class PaperlessSection(Section):
    """A paperless-ngx server; its token is read from the environment or a file that only we may read."""

    url: Annotated[str, Field(pattern=r"^https?://\S+$")]
    token_env: str = "GUIDANG_PAPERLESS_TOKEN"  # noqa: S105 - the name of a variable
    token_file: PathKey | None = None
    verify: bool | PathKey = True
    allow_plain_http: YesNo = False
    trust_environment: YesNo = False
    timeout_seconds: Annotated[float, Field(strict=True, gt=0.0)] = 30.0
    task_timeout_seconds: Annotated[float, Field(strict=True, gt=0.0)] = 600.0
    lost_after_seconds: Annotated[float, Field(strict=True, gt=0.0)] = 5400.0


class SyncSection(Section):
    """How a store that people change is followed. `webhook_listen` "" = by polling only."""

    poll_seconds: Annotated[float, Field(strict=True, gt=0.0)] = 15.0
    sweep_hours: Annotated[float, Field(strict=True, gt=0.0)] = 24.0
    webhook_listen: Annotated[str, Field(pattern=_LISTEN)] = ""
    webhook_url: Annotated[str, Field(pattern=r"^(https?://\S+)?$")] = ""
    webhook_key_env: str = "GUIDANG_WEBHOOK_KEY"
    webhook_key_file: PathKey | None = None

    @property
    def webhook_address(self) -> tuple[str, int] | None:
        """Return host and port to listen at, None where nothing is listened for."""
        host, _, port = self.webhook_listen.rpartition(":")
        return (host.strip("[]"), int(port)) if self.webhook_listen else None


class StoreSection(Section):
    """Where records are filed."""

    use: Name = "folder"
    folder: FolderStoreSection | None = None
    paperless: PaperlessSection | None = None


class DutySection(Section):
    """A group of people, and the categories that they may see and change; "*" = all."""

    code: Name
    zh: Name
    en: Name
    see: tuple[Name, ...] = ()
    change: tuple[Name, ...] = ()
    held: Literal["none", "see", "change"] = "none"


class ReferenceCodeSection(Section):
    """How reference codes (档号) are put together."""

    pattern: Name


class _File(Section):
    """The file as a whole. `scheme` is checked by `classifiers.scheme`."""

    language: Literal["auto", "zh", "en"] = "auto"
    plugins: tuple[Name, ...] = ()
    data: DataSection
    database: DatabaseSection = DatabaseSection()
    inboxes: Annotated[tuple[InboxSection, ...], Field(min_length=1)]
    reading: ReadingSection = ReadingSection()
    quality: QualitySection = QualitySection()
    classifying: ClassifyingSection = ClassifyingSection()
    learning: LearningSection = LearningSection()
    customer_number: CustomerNumberSection
    register_: RegisterSection = Field(alias="register")
    store: StoreSection
    sync: SyncSection = SyncSection()
    reference_code: ReferenceCodeSection
    thresholds: ThresholdsSection = ThresholdsSection()
    duties: tuple[DutySection, ...] | None = None
    scheme: dict[str, Any]


@dataclass(frozen=True)
class Config:
    """The whole configuration, checked; paths absolute."""

    path: Path
    language: str
    plugins: tuple[str, ...]
    data_path: Path
    database_url: str
    inboxes: tuple[InboxSection, ...]
    reading: ReadingSection
    quality: QualitySection
    classifying: ClassifyingSection
    learning: LearningSection
    customer_number: CustomerNumberSection
    register: RegisterSection
    store: StoreSection
    sync: SyncSection
    reference_code: ReferenceCodeSection
    thresholds: ThresholdsSection
    duties: tuple[Duty, ...]
    scheme: Scheme

    def inbox(self, name: str) -> InboxSection:
        """Return the inbox of this name; raises ConfigWrong."""
        for section in self.inboxes:
            if section.name == name:
                return section
        raise unknown_name(self.path, "inboxes.name", name, [section.name for section in self.inboxes])


def load(path: Path) -> Config:
    """Return the configuration that stands in this file; raises ConfigWrong."""
    path = Path.cwd() / path
    try:
        raw = tomllib.loads(path.read_bytes().decode("utf-8-sig"))
    except FileNotFoundError as error:
        raise file_missing(path) from error
    except OSError as error:
        raise file_unreadable(path, error) from error
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise not_toml(path, error) from error
    try:
        file = _File.model_validate(raw, context={"base": path.parent})
    except ValidationError as error:
        raise from_validation(path, _File, error) from error
    config = _config(path, file)
    check_whole(config)
    return config


def _config(path: Path, file: _File) -> Config:
    try:
        scheme = scheme_from(file.scheme)
    except SchemeWrong as error:
        raise from_scheme(path, error) from error
    return Config(
        path=path,
        language=file.language,
        plugins=file.plugins,
        data_path=file.data.path,
        database_url=_database_url(path, file),
        inboxes=file.inboxes,
        reading=file.reading,
        quality=file.quality,
        classifying=file.classifying,
        learning=file.learning,
        customer_number=file.customer_number,
        register=file.register_.model_copy(update={"url": _beside(path, file.register_.url)}),
        store=file.store,
        sync=file.sync,
        reference_code=file.reference_code,
        thresholds=file.thresholds,
        duties=_duties(path, file, scheme),
        scheme=scheme,
    )


def _duties(path: Path, file: _File, scheme: Scheme) -> tuple[Duty, ...]:
    """Return the duties of the file, each category known; without any the usual ones, as far as the scheme has their categories."""
    if file.duties is None:
        return known_duties(DEFAULT_DUTIES, scheme)
    known = [EVERY, *(category.code for category in scheme.categories)]
    seen: set[str] = set()
    for index, section in enumerate(file.duties, start=1):
        for key, codes in (("see", section.see), ("change", section.change)):
            for code in codes:
                if code not in known:
                    raise unknown_name(path, f"duties[{index}].{key}", code, known)
        for key, name in (("code", section.code), ("zh", section.zh), ("en", section.en)):
            if f"{key} {name}" in seen:
                remedy = Message(N_("Give each duty a code and names of its own."))
                raise key_wrong(path, f"duties[{index}].{key}", name, remedy)
            seen.add(f"{key} {name}")
    return tuple(Duty(one.code, Names(one.zh, one.en), one.see, one.change, Access(one.held)) for one in file.duties)


def _database_url(path: Path, file: _File) -> str:
    """Return the URL; a relative SQLite path is relative to the configuration like every other."""
    url = file.database.url
    if not url:
        return f"{_SQLITE}{file.data.path / DATABASE_NAME}"
    return _beside(path, url)


def _beside(path: Path, url: str) -> str:
    """Return the URL, a relative SQLite path made relative to the configuration."""
    return f"{_SQLITE}{path.parent / url.removeprefix(_SQLITE)}" if url.startswith(_SQLITE) else url
