"""Compares our classifiers with a plain one of words, as paperless-ngx has it, on the same labelled texts: `make bench-kinds CORPUS=…`.

The corpus is a file of JSON lines (.gz or not) with `text`, `kind`, `category_code` (null: no archive document) and, where forms come in
variants, `variant` and `title`. Two questions: forms that were seen before, and forms that were not: then all papers of one variant of
every kind are kept from teaching, and its titles are struck from the scheme, so that the rules do not know them either. The plain classifier
is paperless-ngx's own arrangement (words and pairs of words in at least 1 % of the texts, a neural net, tolerance 0.01, no threshold).
Figures of one run compare with each other only.
"""

from __future__ import annotations

import argparse
import gzip
import json
import os
import platform
import random
import re
import sys
import time
import warnings
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

for _name in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS"):
    os.environ.setdefault(_name, "1")

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from sklearn.feature_extraction.text import CountVectorizer  # noqa: E402
from sklearn.neural_network import MLPClassifier  # noqa: E402

from classifiers.grams import grams_of  # noqa: E402
from classifiers.hearing import Lessons, answer, hear  # noqa: E402
from classifiers.learned import opinion_of_margins  # noqa: E402
from classifiers.memory import FormMemory  # noqa: E402
from classifiers.opinion import Calibration, best_of, choices_of, word_of  # noqa: E402
from classifiers.plain_text import record_of_text  # noqa: E402
from classifiers.rules import RulesClassifier  # noqa: E402
from classifiers.scheme import Scheme  # noqa: E402
from classifiers.teaching import fitted  # noqa: E402
from classifiers.trial import calibration_error  # noqa: E402
from classifiers.values import Classification, Example, Verdict  # noqa: E402
from connector.config import load  # noqa: E402

REPORT_PATH = ROOT / "docs" / "benchmarks.md"
BEGIN, END = "<!-- kinds:begin -->", "<!-- kinds:end -->"
NONE = "-"
FILED_FROM = 0.6


@dataclass(frozen=True)
class Text:
    """One labelled text; `kind` None = no archive document, `form` what it was printed from."""

    text: str
    kind: str | None
    variant: str
    title: str


@dataclass
class Tally:
    """Answers of one classifier, over all rounds."""

    count: int = 0
    right: int = 0
    filed: int = 0
    filed_wrong: int = 0
    answers: list[tuple[float, bool]] = field(default_factory=list)
    seconds: float = 0.0

    def add(self, told: str | None, said: str | None, confidence: float | None, *, is_unsure: bool = False) -> None:
        is_right = said == told and not is_unsure
        self.count += 1
        self.right += is_right
        if confidence is not None:
            self.answers.append((confidence, is_right))
        if said is not None and not is_unsure and (confidence is None or confidence >= FILED_FROM):
            self.filed += 1
            self.filed_wrong += not is_right


def main() -> int:
    """Run all rounds and print the table."""
    asked = _arguments()
    texts = list(_texts(Path(asked.corpus)))
    scheme = load(ROOT / "config.example.toml").scheme
    lines = [
        f"{datetime.now(UTC):%Y-%m-%d}, {platform.machine()}, Python {platform.python_version()}; {len(texts)} texts, "
        f"{asked.tested} tested a round, {asked.rounds} rounds; filed by itself from a confidence of {FILED_FROM} on, the plain "
        "classifier always.",
        "",
        "| forms | examples | classifier | right | filed by itself | of these wrong | calibration error | teaching, CPU s |",
        "|---|---|---|---|---|---|---|---|",
    ]
    for is_seen in (True, False):
        for size in asked.sizes:
            lines += _rounds(texts, scheme, size, is_seen, asked)
            print(lines[-1], flush=True)
    report = "\n".join(lines)
    print(report)
    if asked.write:
        _write(report)
    return 0


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--corpus", required=True, help="JSON lines of labelled texts, .gz or not")
    parser.add_argument(
        "--sizes", type=int, nargs="+", default=[0, 100, 500, 2000], help="how many examples are taught"
    )
    parser.add_argument("--rounds", type=int, default=3, help="rounds a size, each with other examples")
    parser.add_argument("--tested", type=int, default=300, help="texts tested a round")
    parser.add_argument("--no-plain", action="store_true", help="leave the plain classifier out")
    parser.add_argument("--write", action="store_true", help=f"write the figures into {REPORT_PATH.relative_to(ROOT)}")
    return parser.parse_args()


def _texts(path: Path) -> Iterable[Text]:
    opened: Callable[..., Any] = gzip.open if path.suffix == ".gz" else open
    with opened(path, "rt", encoding="utf-8") as source:
        for line in filter(str.strip, source):
            said = json.loads(line)
            kind = said["kind"] if said.get("category_code") else None
            yield Text(said["text"], kind, said.get("variant") or "", said.get("title") or "")


def _rounds(texts: Sequence[Text], scheme: Scheme, size: int, is_seen: bool, asked: argparse.Namespace) -> list[str]:
    tallies: dict[str, Tally] = {}
    variants = sorted({text.variant for text in texts if text.variant})
    for number in range(asked.rounds):
        chance = random.Random(f"{size} {is_seen} {number}")
        left_out = "" if is_seen else variants[number % len(variants)]
        tested = chance.sample([t for t in texts if not left_out or t.variant in (left_out, "")], asked.tested)
        chosen = set(map(id, tested))
        pool = [t for t in texts if id(t) not in chosen and (not left_out or t.variant != left_out)]
        taught = chance.sample(pool, min(size, len(pool)))
        own = scheme if is_seen else _without_titles(scheme, [t for t in texts if t.variant == left_out])
        _our_answers(tallies, own, taught, tested)
        if size and not asked.no_plain:
            _plain_answers(tallies, taught, tested)
    return [_row("seen" if is_seen else "not seen", size, name, tally) for name, tally in tallies.items()]


def _without_titles(scheme: Scheme, texts: Sequence[Text]) -> Scheme:
    """Return the scheme without the titles that these papers bear."""
    borne: dict[str | None, str] = {}
    for text in texts:
        borne[text.kind] = borne.get(text.kind, "") + "|" + _letters(text.title)
    kinds = (
        replace(kind, titles=tuple(t for t in kind.titles if _letters(t) not in borne.get(kind.code, "")))
        for kind in scheme.kinds
    )
    return replace(scheme, kinds=tuple(kinds))


def _letters(text: str) -> str:
    return re.sub(r"\W", "", text).casefold()


def _our_answers(tallies: dict[str, Tally], scheme: Scheme, taught: Sequence[Text], tested: Sequence[Text]) -> None:
    choices = choices_of(scheme)
    rules = RulesClassifier(scheme)
    begun = time.process_time()
    model = fitted([grams_of(one.text) for one in taught], [one.kind for one in taught])
    memory = FormMemory()
    given = [Example(str(number), one.kind, one.text) for number, one in enumerate(taught)]
    memory.learn(given, lambda example: word_of(rules.classify(record_of_text(example.text))))
    seconds = time.process_time() - begun
    lessons = Lessons(memory, model)
    names = ("rules", "learned (runs of signs)", "vote (rules, memory, learned)")
    for name in names if taught else names[:1]:
        tallies.setdefault(name, Tally()).seconds += 0.0 if name == "rules" else seconds
    for one in tested:
        grams = grams_of(one.text)
        said = rules.classify(record_of_text(one.text))
        _tally(tallies["rules"], one, said)
        if model is None:
            continue
        kind, probability = best_of(opinion_of_margins(model.margins(grams), choices))
        tallies[names[1]].add(one.kind, kind, probability)
        _tally(tallies[names[2]], one, answer(hear(said, grams, lessons, choices), Calibration()))


def _tally(tally: Tally, one: Text, said: Classification) -> None:
    tally.add(one.kind, said.kind, said.confidence, is_unsure=said.verdict is Verdict.UNSURE)


def _plain_answers(tallies: dict[str, Tally], taught: Sequence[Text], tested: Sequence[Text]) -> None:
    tally = tallies.setdefault("plain (words, neural net, no threshold)", Tally())
    begun = time.process_time()
    vectorizer = CountVectorizer(analyzer="word", ngram_range=(1, 2), min_df=0.01)
    classifier = MLPClassifier(tol=0.01, random_state=0)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        classifier.fit(vectorizer.fit_transform(_simple(t.text) for t in taught), [t.kind or NONE for t in taught])
    tally.seconds += time.process_time() - begun
    for one, said in zip(
        tested, classifier.predict(vectorizer.transform(_simple(t.text) for t in tested)), strict=True
    ):
        tally.add(one.kind, None if said == NONE else said, None)


def _simple(text: str) -> str:
    """Return the text as paperless-ngx prepares it: lower case, white space and what is no word as one blank."""
    return re.sub(r"\s+", " ", re.sub(r"\W+", " ", text.lower())).strip()


def _row(forms: str, size: int, name: str, tally: Tally) -> str:
    error = calibration_error(tally.answers)
    return (
        f"| {forms} | {size} | {name} | {tally.right / tally.count:.1%} | {tally.filed / tally.count:.1%} | "
        f"{tally.filed_wrong / max(1, tally.filed):.2%} | {'–' if error is None else f'{error:.3f}'} | {tally.seconds:.1f} |"
    )


def _write(report: str) -> None:
    text = REPORT_PATH.read_text(encoding="utf-8")
    before, _, rest = text.partition(BEGIN)
    after = rest.partition(END)[2]
    REPORT_PATH.write_text(f"{before}{BEGIN}\n{report}\n{END}{after}", encoding="utf-8")


if __name__ == "__main__":
    sys.exit(main())
