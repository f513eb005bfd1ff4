"""Opens the application for a verb: finds the configuration, sets the language, assembles, and closes in the end.

Not for parsing options. A test hands in an application of its own; everything else goes through `connector.assembly`.
"""

from __future__ import annotations

import os
import sys
import tomllib
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import click

from connector import i18n
from connector.application import Application
from connector.commands.failures import log_bug

CONFIG_VARIABLE = "GUIDANG_CONFIG"
DEFAULT_NAMES = ("guidang.toml", "config.toml")


@dataclass(frozen=True, slots=True)
class Session:
    """One call of `guidang`: which configuration was named, or the application that a test hands in."""

    config_path: Path | None = None
    application: Application | None = None

    @contextmanager
    def opened(self) -> Iterator[Application]:
        """Give the assembled application and close it afterwards; raises ConfigWrong and what the parts raise."""
        if self.application is not None:
            yield self.application
            return
        from connector.assembly import build
        from connector.config import load

        application = build(load(found_config(self.config_path)))
        try:
            yield application
        finally:
            log_bug(sys.exception())  # while the application's log is still open
            application.close()


def found_config(named: Path | None) -> Path:
    """Return the named configuration, else GUIDANG_CONFIG's, else ./guidang.toml or ./config.toml."""
    if named is None and os.environ.get(CONFIG_VARIABLE):
        named = Path(os.environ[CONFIG_VARIABLE])
    if named is not None:
        return named
    return next((Path(name) for name in DEFAULT_NAMES if Path(name).is_file()), Path(DEFAULT_NAMES[0]))


def speak_as_configured(arguments: Sequence[str]) -> None:
    """Set the language before anything is said, help included: the configuration's word, else the locale's."""
    i18n.set_language(_configured_language(found_config(_named_in(arguments))))


def session_of(context: click.Context) -> Session:
    """Return the session that the group made."""
    session = context.find_object(Session)
    return session or Session()


def _named_in(arguments: Sequence[str]) -> Path | None:
    for index, argument in enumerate(arguments):
        if argument == "--config" and index + 1 < len(arguments):
            return Path(arguments[index + 1])
        if argument.startswith("--config="):
            return Path(argument.removeprefix("--config="))
    return None


def _configured_language(path: Path) -> str:
    """Read nothing but the language; whatever is wrong with the file is said later, by the one who needs the rest."""
    try:
        language = tomllib.loads(path.read_bytes().decode("utf-8-sig")).get("language", "auto")
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError):
        return "auto"
    return language if isinstance(language, str) else "auto"
