"""What names in the archive mean to us, whichever language they are in: a type is a kind, a tag a mark, an option a category.

Pure, made from the catalogue. Meanings begin with "@" ("@repair", "@held"), so that no name that a person chose can be taken for
one; any other name means itself. Comparing by meaning, an archive begun in Chinese and gone on with in English is still the same.
"""

from __future__ import annotations

from classifiers.scheme import Scheme
from connector.paperless.profile.values import ObjectKind
from connector.paperless.profile.wanted import Catalogue
from connector.store_words import every_name

MEANT = "@"
"""As in `connector.store_keys.MARKS`."""

_WORD = "tag/word/"
"""Tags that are a word of the configuration's own: they mean themselves."""


class Vocabulary:
    """The meanings of names."""

    def __init__(self, catalogue: Catalogue, scheme: Scheme) -> None:
        self._meanings: dict[tuple[ObjectKind, str], str] = {}
        for wanted in catalogue.objects:
            if not wanted.code.startswith(_WORD):
                meaning = MEANT + wanted.code.partition("/")[2]
                for name in (wanted.name, *sorted(wanted.other_names)):
                    self._meanings.setdefault((wanted.kind, name), meaning)
        self._categories = {
            name: MEANT + category.code for category in scheme.categories for name in every_name(category.names)
        }

    def meaning(self, kind: ObjectKind, name: str) -> str:
        """Return what a name of this sort means: "@" and our code, or itself."""
        return self._meanings.get((kind, name), name)

    def category(self, label: str) -> str:
        """Return what an option of the category field means."""
        return self._categories.get(label, label)


def code_of(meaning: str) -> str | None:
    """Return our code of a meaning, None where it is a name of somebody's own."""
    return meaning.removeprefix(MEANT) if meaning.startswith(MEANT) else None
