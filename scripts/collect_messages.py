"""Collects every sentence of the source tree into the Chinese catalogue, and says which still want a translation.

Not for translating, and not `pybabel update`: that guesses translations from similar sentences (fuzzy), keeps dead ones and
writes the time of day into the file. Here nothing changes but what the sources changed.
"""

from __future__ import annotations

import io
import sys
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.extract import extract_from_dir
from babel.messages.pofile import read_po, write_po

ROOT = Path(__file__).resolve().parents[1]
CATALOGUE_PATH = ROOT / "connector" / "locale" / "zh_CN" / "LC_MESSAGES" / "guidang.po"
PACKAGES = ("connector", "ingest", "classifiers", "metadata")
HEADER = """# Chinese sentences of guidang; `make messages` collects what is missing.
msgid ""
msgstr ""
"Project-Id-Version: guidang\\n"
"Language: zh_CN\\n"
"MIME-Version: 1.0\\n"
"Content-Type: text/plain; charset=utf-8\\n"
"Content-Transfer-Encoding: 8bit\\n"
"Plural-Forms: nplurals=1; plural=0;\\n"
"""


def main() -> int:
    """Write the catalogue anew; return 1 where a sentence has no translation yet."""
    catalogue = collected()
    CATALOGUE_PATH.write_text(as_text(catalogue), encoding="utf-8")
    missing = [message.id for message in catalogue if message.id and not message.string]
    for sentence in missing:
        print(f"no translation yet: {sentence}")
    return 1 if missing else 0


def collected() -> Catalog:
    """Return the sentences of the sources with the translations that stand in the catalogue now."""
    with CATALOGUE_PATH.open("rb") as source:
        known = {message.id: message.string for message in read_po(source, locale="zh_CN") if message.id}
    catalogue = Catalog(locale="zh_CN")
    for sentence in sorted(sentences()):
        catalogue.add(sentence, known.get(sentence, ""))
    return catalogue


def as_text(catalogue: Catalog) -> str:
    """Return the catalogue as it stands in the repository."""
    written = io.BytesIO()
    write_po(written, catalogue, width=0, sort_output=True, omit_header=True)
    return f"{HEADER}\n{written.getvalue().decode().strip()}\n"


def sentences() -> set[str]:
    """Return every sentence marked with N_ or _."""
    found: set[str] = set()
    for package in PACKAGES:
        for _path, _line, sentence, _comments, _context in extract_from_dir(
            ROOT / package, keywords={"N_": None, "_": None}
        ):
            found.add(sentence if isinstance(sentence, str) else sentence[0])
    return found


if __name__ == "__main__":
    sys.exit(main())
