"""What `guidang check` looks at: recogniser and its languages, folders and rights, store, register, room on the disks.

Each finding that is not well says what to do. Nothing here raises or changes anything but a probe file that it takes away.
"""

from __future__ import annotations

import shutil
import uuid
from collections.abc import Callable, Iterator
from pathlib import Path

from connector.config import Config
from connector.interfaces import CheckFinding, Severity
from connector.model_shelf import ModelShelf
from connector.parts import Parts
from ingest.interfaces import IRecogniser
from ingest.message import N_, GuidangError, Message, os_reason
from metadata.interfaces import IRegister

LITTLE_ROOM_BYTES = 2 * 1024**3
"""Below this a day's scans of a busy office may fill the disk."""


def check_all(
    config: Config,
    parts: Parts,
    recogniser: IRecogniser | None,
    refresh_register: Callable[[], None],
    shelf: ModelShelf,
) -> Iterator[CheckFinding]:
    """Yield how everything stands, in the order in which a person would put it right; never raises."""
    yield from check_recogniser(recogniser, config.reading.languages)
    for inbox in config.inboxes:
        yield from check_folder(inbox.path, inbox.name)
    yield from check_folder(config.data_path, "data")
    yield from parts.store.check()
    yield from check_register(parts.register, refresh_register)
    yield from check_models(shelf)
    yield from check_room({inbox.path for inbox in config.inboxes} | {config.data_path})


def check_recogniser(recogniser: IRecogniser | None, languages: tuple[str, ...]) -> Iterator[CheckFinding]:
    """Yield whether pages can be read in the configured languages."""
    if recogniser is None:
        return
    missing = recogniser.missing(languages)
    facts = {"name": recogniser.name, "languages": ", ".join(languages), "packages": " ".join(missing)}
    if missing:
        yield _error(
            Message(N_("The recogniser {name} cannot read all of: {languages}."), facts),
            Message(N_("Install what is missing: apt-get install {packages}"), facts),
        )
    else:
        yield _ok(Message(N_("The recogniser {name} reads: {languages}."), facts))


def check_folder(path: Path, name: str) -> Iterator[CheckFinding]:
    """Yield whether files can be made, moved and taken away in a folder, and whether its own folder is on the same disk."""
    facts = {"name": name, "folder": str(path)}
    if not path.is_dir():
        yield _error(
            Message(N_("The folder of {name} is not there: {folder}."), facts),
            Message(N_("Make it, or correct its path in the configuration; a network share must be mounted."), facts),
        )
        return
    probe = path / f".guidang-check-{uuid.uuid4().hex}"
    try:
        probe.mkdir()
        probe.rmdir()
    except OSError as error:
        yield _error(
            Message(N_("Cannot write into {folder}: {reason}."), facts, {"reason": os_reason(error)}),
            Message(N_("Give the user who runs guidang the right to write there."), facts),
        )
        return
    work = path / ".guidang"
    if work.exists() and work.stat().st_dev != path.stat().st_dev:
        yield CheckFinding(
            Severity.WARNING,
            Message(N_("{folder}/.guidang stands on another file system: scans are copied, not moved."), facts),
            Message(N_("Put it onto the inbox's own file system."), facts),
        )
        return
    yield _ok(Message(N_("The folder of {name} can be used: {folder}."), facts))


def check_register(register: IRegister, refresh: Callable[[], None]) -> Iterator[CheckFinding]:
    """Yield how many customers are known; without any, nothing is filed by itself."""
    try:
        refresh()
        count = register.count()
    except GuidangError as error:
        yield _error(error.what, error.remedy)
        return
    if count == 0:
        yield CheckFinding(
            Severity.WARNING,
            Message(N_("The register knows no customers: every record will be held.")),
            Message(N_("Import them: guidang customers import FILE.csv")),
        )
    else:
        yield _ok(Message(N_("The register knows {count} customers."), {"count": str(count)}))


def check_models(shelf: ModelShelf) -> Iterator[CheckFinding]:
    """Yield how the learned model stands; nothing where none was taught yet."""
    versions = {version.number: version for version in shelf.versions()}
    number = shelf.in_use().number
    facts = {"number": str(number)}
    if number is not None and (number not in versions or shelf.content() is None):
        yield CheckFinding(
            Severity.WARNING,
            Message(N_("The model in use, {number}, cannot be read; rules and corrections count."), facts),
            Message(N_("Choose another: guidang models use latest")),
        )
    elif number is not None:
        count = str(sum(versions[number].report.examples.values()))
        facts |= {"count": count}
        yield _ok(Message(N_("Model {number} is in use, learned from {count} decided records."), facts))
    last = max(versions.values(), key=lambda version: version.number, default=None)
    if last is not None and not last.report.accepted:
        count = str(len(last.report.wrong))
        yield CheckFinding(
            Severity.WARNING,
            Message(N_("The last model was refused: {count} decided records would be done wrongly."), {"count": count}),
            Message(N_("See which, and put them right: guidang models train")),
        )


def check_room(paths: set[Path]) -> Iterator[CheckFinding]:
    """Yield a warning for each folder whose disk is nearly full."""
    for path in sorted(paths):
        try:
            free = shutil.disk_usage(path).free
        except OSError:
            continue  # said already: the folder is not there
        if free < LITTLE_ROOM_BYTES:
            facts = {"folder": str(path), "free": f"{free // 1024**2}"}
            yield CheckFinding(
                Severity.WARNING,
                Message(N_("Only {free} MB are free where {folder} stands."), facts),
                Message(N_("Make room before scans cannot be taken any more."), facts),
            )


def _ok(subject: Message) -> CheckFinding:
    return CheckFinding(Severity.OK, subject, None)


def _error(subject: Message, remedy: Message) -> CheckFinding:
    return CheckFinding(Severity.ERROR, subject, remedy)
