"""Puts the connector together from the configuration: the only module that names concrete classes.

Whatever a configuration chooses by name goes through the registry, so that a plug-in's component is chosen like our own. Not for
deciding anything about a scan. What is built here is let go of by `Connector.close`.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Mapping
from contextlib import closing
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import TypeVar

from sqlalchemy import Engine

from classifiers.customer_number import NumberScheme
from classifiers.fields import RulesExtractor
from classifiers.interfaces import IExamples, INumberScheme, ISplitter, SchemeWrong
from classifiers.latest_labels import LatestLabels
from classifiers.number_forms import NumberForms, forms_from
from classifiers.rules import RulesClassifier
from classifiers.split import ContentSplitter
from classifiers.trial_values import Judged, Lesson, Taught
from classifiers.vote import VoteClassifier
from connector.config import Config, InboxSection, PaperlessSection, RegisterSection
from connector.config_checks import check_components
from connector.config_errors import from_scheme
from connector.connector_app import Connector, Outfit
from connector.credentials import read_key, read_token
from connector.durable_files import copy_beside, flush_folder, make_folder
from connector.events import Events
from connector.folder_store import FolderStore
from connector.i18n import Language, chosen_language
from connector.interfaces import CheckFinding, IKeepsFiles, IRecordStore, ISetupProfile, ITellsOfChanges
from connector.learning import Learner, School, TeachingFailed
from connector.lease import CHANGE_WAIT_SECONDS, turn_at_changes
from connector.logs import start_logging, stop_logging
from connector.model_shelf import ModelShelf
from connector.paperless.address import ServerAddress, Waiting
from connector.paperless.client import PaperlessClient
from connector.paperless.contract import contract_findings
from connector.paperless.hook_check import hook_findings
from connector.paperless.profile.hook import webhook_workflow
from connector.paperless.profile.setup import SetupProfile
from connector.paperless.profile.wanted import Catalogue, ProfileSource, catalogue_of
from connector.paperless.store import PaperlessStore
from connector.parts import Desk, Parts, QualityLimits, Thresholds
from connector.registry import Registry, load_plugins
from connector.searching import page_text
from connector.webhook import PATH, Webhook
from ingest import recognisers
from ingest.children import ChildDied, Children, ChildrenEnded, ChildTooSlow, outcome
from ingest.clock import SystemClock
from ingest.confine import ChildLimits
from ingest.cutter import SheetCutter
from ingest.inbox import Inbox, InboxPlace
from ingest.interfaces import IClock, IRecogniser
from ingest.reader import ReaderLimits, ScanReader
from ingest.settle import SettleRule
from ingest.values import BatchMode, ReadingOptions, Scan
from ingest.work import WorkFolder, work_path
from metadata.database import open_database
from metadata.describe import Describer
from metadata.examples import ArchiveExamples
from metadata.identify import Identifier
from metadata.index import Index
from metadata.interfaces import IJournal, IStoreMemory
from metadata.journal import Journal
from metadata.reference_code import ReferenceScheme
from metadata.register import Register
from metadata.register_view import CustomerView
from metadata.register_watch import FileWatch, ViewWatch
from metadata.store_memory import StoreMemory
from metadata.values import Given

MEGABYTE = 1_000_000
TEACHING_LIMITS = ChildLimits(memory_bytes=3 << 30)
TEACHING_SECONDS = 3600.0
"""10,000 examples take two minutes of an idle core; beside busy ones, at the lowest priority, many times that."""

CONFIGURED = "configured"
"""The name of a component of which the configuration makes exactly one."""

T = TypeVar("T")


def build(config: Config, environment: Mapping[str, str] | None = None) -> Connector:
    """Return the connector of this configuration, ready to look and work; raises GuidangError where it cannot be built."""
    handler = start_logging(config.data_path)
    clock = SystemClock()
    engine = open_database(config.database_url)
    language = chosen_language(config.language)
    registry = filled_registry(config, engine, clock, language)
    check_components(config, registry)
    environment = os.environ if environment is None else environment
    memory = StoreMemory(engine)
    store = _store(config, registry, language, memory, environment)
    numbers = registry.number_schemes.named(CONFIGURED)
    reader = _reader(config)
    thresholds = Thresholds(config.thresholds.kind, config.thresholds.reject)
    teacher = ChildTeacher()
    shelf = ModelShelf(config.data_path)
    taught = _taught_labels(config, engine)
    school = School(ArchiveExamples(engine, page_text), shelf, teacher, config.scheme, thresholds, clock, taught)
    learner = Learner(school)
    customer_file = _customer_file(engine, config.register, numbers, clock)
    outfit = Outfit(
        customer_file=customer_file,
        memory=memory,
        source=store.changes() if ITellsOfChanges.providedBy(store) else None,
        recogniser=registry.recognisers.named(config.reading.recogniser),
        profile=partial(_profile, config, language, environment),
        ask_store=partial(_asked_store, config, language, environment),
        school=school,
        webhook=_webhook(config, environment),
        check_hints=partial(_hints_checked, config, environment),
        archive=_archive(config, registry),
        chores=(learner.tick,) if config.learning.in_background and config.classifying.classifier == "vote" else (),
        closing=(
            teacher.close,
            learner.close,
            customer_file.close,
            reader.close,
            store.close,
            engine.dispose,
            partial(stop_logging, handler),
        ),
    )
    parts = Parts(
        scheme=config.scheme,
        reading=_reading(config),
        thresholds=thresholds,
        quality=QualityLimits(**config.quality.model_dump()),
        language=language,
        clock=clock,
        reader=reader,
        classifier=registry.classifiers.named(config.classifying.classifier),
        extractor=registry.extractors.named(config.classifying.extractor),
        numbers=numbers,
        identifier=Identifier(registry.registers.named(CONFIGURED), numbers, config.scheme),
        describer=Describer(config.scheme, language),
        register=registry.registers.named(CONFIGURED),
        journal=registry.journals.named(CONFIGURED),
        index=registry.indexes.named(CONFIGURED),
        store=store,
        desks={
            section.name: _desk(config, section, reader, clock, registry.splitters.named(config.classifying.splitter))
            for section in config.inboxes
        },
        work_folder=_work_folder,
        events=Events(registry.components),
        turn=partial(turn_at_changes, config.data_path, CHANGE_WAIT_SECONDS),
    )
    return Connector(config, parts, outfit)


def filled_registry(config: Config, engine: Engine, clock: IClock, language: Language) -> Registry:
    """Return the registry with our own components, then those of the plug-ins that the configuration names."""
    registry = Registry()
    for name in recognisers.RECOGNISERS:
        registry.recognisers.register(name, recognisers.OnDemand(name))
    registry.clocks.register("system", clock)
    numbers = NumberScheme(_forms(config), config.thresholds.surely_read, config.scheme)
    registry.number_schemes.register(CONFIGURED, numbers)
    registry.splitters.register("content", ContentSplitter(config.scheme, numbers))
    rules = RulesClassifier(config.scheme)
    registry.classifiers.register("rules", rules)
    examples: IExamples = ArchiveExamples(engine, page_text)
    registry.classifiers.register("vote", VoteClassifier(config.scheme, rules, examples, ModelShelf(config.data_path)))
    labels = (*config.customer_number.labels, *config.customer_number.not_labels)
    extractor = RulesExtractor(config.scheme, config.thresholds.surely_read, labels, _taught_labels(config, engine))
    registry.extractors.register("rules", extractor)
    registry.registers.register(CONFIGURED, Register(engine))
    journal = Journal(engine, ReferenceScheme(config.reference_code.pattern), clock)
    registry.journals.register(CONFIGURED, journal)
    registry.indexes.register(CONFIGURED, Index(engine))
    if config.store.folder is not None:
        folder = FolderStore("folder", config.store.folder.path, config.scheme, language, partial(_has_filed, journal))
        registry.stores.register("folder", folder)
    load_plugins(registry, config.plugins)
    return registry


def _taught_labels(config: Config, engine: Engine) -> LatestLabels:
    labels = (*config.customer_number.labels, *config.customer_number.not_labels)
    return LatestLabels(ArchiveExamples(engine, page_text), config.scheme, labels)


def _has_filed(journal: IJournal) -> bool:
    """Return whether the archive in the folder ever took a record."""
    return any(record.store == "folder" for record in journal.records())


@dataclass(frozen=True)
class PluggedRecogniser:
    """Makes a recogniser inside a reading child, plug-ins included; equal ones make equal recognisers, so it stays warm."""

    plugins: tuple[str, ...]

    def __call__(self, name: str) -> IRecogniser:
        """Return the recogniser of this name; raises ComponentUnknown and what the plug-ins raise."""
        registry = Registry()
        for own, factory in recognisers.RECOGNISERS.items():
            registry.recognisers.register(own, factory())
        load_plugins(registry, self.plugins)
        return registry.recognisers.named(name)


class ChildTeacher:
    """Carries out lessons in a child process of their own, which ends with each: scikit-learn stays out of our memory."""

    def __init__(self) -> None:
        self._children = Children(1, TEACHING_LIMITS)
        self._is_closed = False

    def teach(self, lesson: Lesson) -> Taught:
        """Return what was learned; raises TeachingFailed."""
        from classifiers.trial import teach_patiently

        return self._carried_out(teach_patiently, lesson)

    def cross_check(self, lesson: Lesson) -> tuple[Judged, ...]:
        """Return what would be said of each example by what the others taught; raises TeachingFailed."""
        from classifiers.trial import cross_check

        return self._carried_out(cross_check, lesson)

    def close(self) -> None:
        """End a lesson that is under way, and begin no other; nothing was changed by it."""
        self._is_closed = True
        self._children.close()

    def _carried_out(self, task: Callable[[Lesson], T], lesson: Lesson) -> T:
        try:
            under_way = self._children.start(TEACHING_SECONDS, task, lesson)
            if self._is_closed:  # looked at after the start: `close` came before it, or ends it
                self._children.close()
            return outcome(under_way)
        except (ChildDied, ChildTooSlow, ChildrenEnded) as error:
            raise TeachingFailed(type(error).__name__) from error
        finally:
            self._children.close()


def _customer_file(
    engine: Engine, section: RegisterSection, numbers: INumberScheme, clock: IClock
) -> FileWatch | ViewWatch:
    if section.url:
        view = CustomerView(section.url, section.view, section.changed)
        return ViewWatch(engine, view, section.columns, numbers, clock, every_seconds=section.refresh_seconds)
    return FileWatch(engine, section.path or Path(), section.columns, numbers, clock, keep_copy=_keep_copy)


def _keep_copy(source: Path, target: Path) -> None:
    """Put a copy of a file to its place, whole or not at all."""
    make_folder(target.parent)
    beside = target.with_name(f".{target.name}.part")
    copy_beside(source, beside)
    beside.replace(target)
    flush_folder(target.parent)


def _forms(config: Config) -> NumberForms:
    try:
        return forms_from(config.customer_number.model_dump())
    except SchemeWrong as error:
        raise from_scheme(config.path, error) from error


def _store(
    config: Config, registry: Registry, language: Language, memory: IStoreMemory, environment: Mapping[str, str]
) -> IRecordStore:
    """Return the chosen store; the paperless client is made only when it is chosen, for only then is there a token."""
    if config.store.use == "paperless" and config.store.paperless is not None:
        return _paperless(config, config.store.paperless, language, memory, environment)
    return registry.stores.named(config.store.use)


def _archive(config: Config, registry: Registry) -> IKeepsFiles | None:
    """Return the configured archive of files, whether or not it is the store."""
    found = registry.stores.named("folder") if config.store.folder is not None else None
    return found if found is not None and IKeepsFiles.providedBy(found) else None


def _paperless(
    config: Config,
    section: PaperlessSection,
    language: Language,
    memory: IStoreMemory,
    environment: Mapping[str, str],
) -> IRecordStore:
    client = _client(section, read_token(section.token_env, section.token_file, environment))
    return PaperlessStore(
        "paperless",
        client,
        config.scheme,
        language,
        memory,
        duties=config.duties,
        catalogue=_catalogue(config, language, environment),
        task_timeout_seconds=section.task_timeout_seconds,
        lost_after_seconds=section.lost_after_seconds,
    )


def _profile(
    config: Config, language: Language, environment: Mapping[str, str], token_env: str | None
) -> ISetupProfile | None:
    """Return the setup profile of the chosen store, None where it needs none; with the token that stands in this variable."""
    section = config.store.paperless
    if config.store.use != "paperless" or section is None:
        return None
    if token_env is None:
        token = read_token(section.token_env, section.token_file, environment)
    else:
        token = read_token(token_env, None, environment)
    return SetupProfile(_client(section, token), _catalogue(config, language, environment))


def _asked_store(config: Config, language: Language, environment: Mapping[str, str]) -> tuple[CheckFinding, ...]:
    """Return how the server answers the questions that filing and sync rely on; nothing for a store that is no server."""
    section = config.store.paperless
    if config.store.use != "paperless" or section is None:
        return ()
    client = _client(section, read_token(section.token_env, section.token_file, environment))
    with closing(client):
        return contract_findings(client, _catalogue(config, language, environment))


def _client(section: PaperlessSection, token: str) -> PaperlessClient:
    return PaperlessClient(_address(section), token, Waiting(read_seconds=section.timeout_seconds))


def _address(section: PaperlessSection) -> ServerAddress:
    return ServerAddress(section.url, section.verify, section.allow_plain_http, section.trust_environment)


def _webhook(config: Config, environment: Mapping[str, str]) -> Webhook | None:
    """Return where the server's hints are listened for, None where they are not wanted; raises TokenMissing."""
    section, address = config.sync, config.sync.webhook_address
    if address is None or config.store.use != "paperless":
        return None
    key = read_key(section.webhook_key_env, section.webhook_key_file, environment)
    return Webhook(*address, section.webhook_url or f"http://{section.webhook_listen}{PATH}", key)


def _hints_checked(config: Config, environment: Mapping[str, str]) -> Iterator[CheckFinding]:
    """Yield how the way from the server to the webhook stands, nothing where there is none."""
    webhook, section = _webhook(config, environment), config.store.paperless
    if webhook is not None and section is not None:
        yield from hook_findings(webhook, _address(section))


def _catalogue(config: Config, language: Language, environment: Mapping[str, str]) -> Catalogue:
    """Return what is wanted on the server: one catalogue for filing and for the profile. Raises TokenMissing."""
    webhook = _webhook(config, environment)
    return catalogue_of(
        ProfileSource(
            scheme=config.scheme,
            language=language,
            duties=config.duties,
            departments=tuple(section.department for section in config.inboxes),
            tags=tuple(tag for section in config.inboxes for tag in section.tags),
            more=() if webhook is None else (webhook_workflow(webhook, language),),
        )
    )


def _reading(config: Config) -> ReadingOptions:
    section = config.reading
    return ReadingOptions(section.recogniser, section.languages, section.max_pages, section.page_timeout_seconds)


def _reader(config: Config) -> ScanReader:
    factory = PluggedRecogniser(config.plugins) if config.plugins else recognisers.named
    limits = ReaderLimits(scan_bytes=config.reading.max_megabytes * MEGABYTE)
    return ScanReader(Children(config.reading.worker_count), config.reading.recogniser, factory, limits)


def _desk(config: Config, section: InboxSection, reader: ScanReader, clock: IClock, splitter: ISplitter) -> Desk:
    """Return an inbox with what is given there; what the configuration leaves empty is not given."""
    rule = SettleRule(section.quiet_seconds, section.patience_seconds)
    inbox = Inbox(InboxPlace(section.name, section.path, section.watch == "polling", rule), clock, reader.find_fault)
    given = Given(
        kind=section.kind or None,
        language=section.language or None,
        department=section.department or None,
        tags=section.tags,
    )
    by_content = None if section.batch_mode is BatchMode.SINGLE else splitter
    return Desk(inbox, SheetCutter(section.batch_mode, config.reading.separator_codes), given, by_content)


def _work_folder(scan: Scan) -> WorkFolder:
    return WorkFolder(work_path(scan))
