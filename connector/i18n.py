"""Chinese and English for everything people read: commands, notes, tags, reasons.

Not for logs (English always) and not for words of the scheme, which the configuration gives in both languages.
The catalogue is the `.po` in the repository, compiled in memory when it is first needed: a compiled copy on disk could be
older than the sentences beside it, and nobody would notice until a clerk read the wrong one (ADR 0005).
"""

from __future__ import annotations

import gettext
import io
import os
from collections.abc import Mapping
from enum import StrEnum
from functools import lru_cache
from pathlib import Path

from ingest.message import GuidangError, Message

LOCALE_PATH = Path(__file__).parent / "locale"
_LOCALE_VARIABLES = ("LANGUAGE", "LC_ALL", "LC_MESSAGES", "LANG")  # the order in which gettext asks them


class Language(StrEnum):
    """The languages that people are spoken to in; the words of the configuration."""

    ZH = "zh"
    EN = "en"


_current = Language.EN


def catalogue_path(language: Language) -> Path:
    """Return where the translations of this language stand."""
    return LOCALE_PATH / {Language.ZH: "zh_CN", Language.EN: "en"}[language] / "LC_MESSAGES" / "guidang.po"


def chosen_language(configured: str = "auto", environ: Mapping[str, str] | None = None) -> Language:
    """Return the language that the configuration names or, where it says "auto", the first set locale variable.

    Anything that is not Chinese is spoken to in English.
    """
    if configured in set(Language):
        return Language(configured)
    variables = os.environ if environ is None else environ
    first = next((variables[name] for name in _LOCALE_VARIABLES if variables.get(name)), "")
    return Language.ZH if first.casefold().startswith("zh") else Language.EN


def set_language(configured: str = "auto") -> Language:
    """Speak to people in this language from now on ("auto", "zh", "en"); return which one it became."""
    global _current  # noqa: PLW0603 - one process speaks one language, as with every gettext
    _current = chosen_language(configured)
    return _current


def current_language() -> Language:
    """Return the language that people are spoken to in now."""
    return _current


def _(template: str) -> str:
    """Return the sentence's template in the current language, its `{placeholders}` still open."""
    return translated(template, _current)


def translated(template: str, language: Language) -> str:
    """Return the template in this language; the English one where no translation stands."""
    if language is Language.EN or not template:
        return template
    return _catalogue(language).gettext(template)


def say(message: Message, language: Language | None = None) -> str:
    """Return the whole sentence, its facts filled in, in the given or the current language."""
    inner = {name: say(one, language) for name, one in message.inner.items()}
    return translated(message.template, language or _current).format_map({**message.facts, **inner})


def say_error(error: GuidangError, language: Language | None = None) -> str:
    """Return what happened and what to do next, in the given or the current language."""
    apart = "" if (language or _current) is Language.ZH else " "
    return apart.join((say(error.what, language), say(error.remedy, language)))


@lru_cache(maxsize=len(Language))
def _catalogue(language: Language) -> gettext.NullTranslations:
    from babel.messages.mofile import write_mo  # needed for Chinese only, and not quick to import
    from babel.messages.pofile import read_po

    with catalogue_path(language).open("rb") as source:
        catalogue = read_po(source, locale="zh_CN")
    compiled = io.BytesIO()
    write_mo(compiled, catalogue)
    compiled.seek(0)
    return gettext.GNUTranslations(compiled)
