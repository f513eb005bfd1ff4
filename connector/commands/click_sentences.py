"""Click's own sentences, so that help and usage errors are Chinese too; click asks `gettext`, which knows nothing of us.

Not all of them: those that a user of `guidang` can meet. A test checks that the installed click still says each of them.
"""

from __future__ import annotations

import importlib
from typing import Final

from connector import i18n
from ingest.message import N_

_MODULES: Final = ("core", "decorators", "exceptions", "formatting", "parser", "termui", "types")

SENTENCES: Final = (
    N_("Usage:"),
    N_("Options"),
    N_("Commands"),
    N_("Positional arguments"),
    N_("Error: {message}"),
    N_("Try '{command} {option}' for help."),
    N_("Invalid value: {message}"),
    N_("Invalid value for {param_hint}: {message}"),
    N_("Missing argument"),
    N_("Missing option"),
    N_("Missing command."),
    N_("No such option {name!r}."),
    N_("No such command {name!r}."),
    N_("Did you mean {possibility}?"),
    N_("(Did you mean one of: {possibilities}?)"),
    N_("Option {name!r} requires an argument."),
    N_("Option {name!r} does not take a value."),
    N_("Got unexpected extra argument ({args})"),
    N_("Got unexpected extra arguments ({args})"),
    N_("{value!r} is not {choice}."),
    N_("{value!r} is not one of {choices}."),
    N_("{value!r} is not a valid {number_type}."),
    N_("{value} is not in the range {range}."),
    N_("{name} {filename!r} does not exist."),
    N_("{name} {filename!r} is a file."),
    N_("{name} {filename!r} is a directory."),
    N_("{name} {filename!r} is not readable."),
    N_("file"),
    N_("directory"),
    N_("path"),
    N_("default: {default}"),
    N_("env var: {var}"),
    N_("required"),
    N_("Aborted!"),
    N_("Error: invalid input"),
    N_("%(prog)s, version %(version)s"),
    N_("Show the version and exit."),
    N_("Show this message and exit."),
)


def teach_click() -> None:
    """Let click look its sentences up in our catalogue; where a version of click keeps them elsewhere, they stay English."""
    for name in _MODULES:
        module = importlib.import_module(f"click.{name}")
        for asked, answer in (("_", _translated), ("ngettext", _translated_number)):
            if hasattr(module, asked):
                setattr(module, asked, answer)


def _translated(sentence: str) -> str:
    return i18n.translated(sentence, i18n.current_language())


def _translated_number(one: str, many: str, number: int) -> str:
    return _translated(one if number == 1 else many)
