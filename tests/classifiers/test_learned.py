"""The model: learned from few examples, honest about kinds it does not know, kept in a file that cannot run anything."""

from __future__ import annotations

import hashlib
import io
import json
import pickle
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from classifiers import grams
from classifiers.grams import grams_of
from classifiers.knowledge import HEADING, NOTHING, Knowledge, KnowledgeUnusable, from_bytes, to_bytes
from classifiers.learned import Model, opinion_of_margins
from classifiers.memory import FormMemory
from classifiers.opinion import Calibration, best_of, choices_of
from classifiers.teaching import fitted
from tests.classifiers.lessons import FORMS, examples, scheme_of, text_of

CHOICES = choices_of(scheme_of())


def model_of(count: int, kinds: tuple[str | None, ...] = tuple(FORMS)) -> Model:
    taught = examples(count, kinds)
    model = fitted([grams_of(one.text) for one in taught], [one.kind for one in taught])
    assert model is not None
    return model


@pytest.mark.parametrize("count", [5, 10, 100])
def test_model_of_few_or_many_examples_knows_the_kinds(count: int) -> None:
    model = model_of(count)

    found = {kind: best_of(opinion_of_margins(model.margins(grams_of(text_of(kind, 900))), CHOICES)) for kind in FORMS}

    assert {kind: said for kind, (said, _) in found.items()} == {kind: kind for kind in FORMS}
    assert all(probability > 0.5 for _, probability in found.values())


def test_two_kinds_are_enough() -> None:
    model = model_of(6, ("repair", None))

    assert model.kinds == (None, "repair")
    assert (
        model.margins(grams_of(text_of("repair", 50)))["repair"]
        > 0
        > model.margins(grams_of(text_of(None, 50)))["repair"]
    )


def test_model_is_not_sure_of_a_form_that_it_has_not_seen() -> None:
    model = model_of(20, ("repair", "receipt"))

    found = opinion_of_margins(model.margins(grams_of(text_of("contract", 1))), CHOICES)

    assert best_of(found)[1] < 0.6


@pytest.mark.parametrize("kinds", [(), ("repair",)])
def test_one_kind_teaches_no_model(kinds: tuple[str | None, ...]) -> None:
    taught = examples(5, kinds) if kinds else ()

    assert fitted([grams_of(one.text) for one in taught], [one.kind for one in taught]) is None


def test_texts_without_letters_teach_no_model() -> None:
    assert fitted([grams_of("123"), grams_of("45")], ["repair", None]) is None


def test_same_examples_give_the_same_model() -> None:
    one, other = model_of(15), model_of(15)

    assert np.array_equal(one.weights, other.weights)


def test_large_model_keeps_the_runs_that_tell_most() -> None:
    taught = examples(40)
    whole = model_of(40)
    spread = whole.weights.max(axis=1) - whole.weights.min(axis=1)

    small = fitted([grams_of(one.text) for one in taught], [one.kind for one in taught], most_runs=100)

    assert small is not None
    assert set(small.hashes.tolist()) == set(whole.hashes[np.argsort(-spread)[:100]].tolist())
    assert (np.diff(small.hashes.astype(np.int64)) > 0).all()


def test_empty_text_leaves_all_choices_equal() -> None:
    found = opinion_of_margins(model_of(10).margins(grams_of("")), CHOICES)

    assert set(found.values()) == {1 / len(CHOICES)}


@pytest.mark.parametrize(
    ("hashes", "weights", "bias"),
    [
        (np.zeros(2, np.uint32), np.zeros((3, 1), np.float32), np.zeros(1, np.float32)),
        (np.zeros(2, np.uint32), np.zeros((2, 1), np.float32), np.zeros(2, np.float32)),
        (np.zeros(1, np.uint32), np.full((1, 1), np.nan, np.float32), np.zeros(1, np.float32)),
    ],
)
def test_model_whose_parts_do_not_fit_is_refused(hashes: Any, weights: Any, bias: Any) -> None:
    with pytest.raises(ValueError):
        Model(("repair",), hashes, weights, bias)


def knowledge() -> Knowledge:
    memory = FormMemory()
    memory.learn(examples(12), lambda example: f"{example.kind}?")
    return Knowledge(42, model_of(12), memory.remembered, Calibration(0.25, 0.9))


def test_knowledge_comes_back_from_its_file_as_it_was() -> None:
    kept = knowledge()

    found = from_bytes(to_bytes(kept))

    assert found.model is not None
    assert kept.model is not None
    assert (found.cursor, found.calibration, found.model.kinds) == (42, kept.calibration, kept.model.kinds)
    assert np.array_equal(found.model.weights, kept.model.weights)
    assert [(one.key, one.kind, one.ruled) for one in found.remembered] == [
        (one.key, one.kind, one.ruled) for one in kept.remembered
    ]
    assert all(np.array_equal(a.hashes, b.hashes) for a, b in zip(found.remembered, kept.remembered, strict=True))


def test_knowledge_without_a_model_comes_back_too() -> None:
    found = from_bytes(to_bytes(NOTHING))

    assert (found.cursor, found.model, found.remembered, found.calibration) == (0, None, (), Calibration())


class Harm:
    """Would be run by pickle."""

    done: list[str] = []  # noqa: RUF012 - the same list for the unpickled one

    def __reduce__(self) -> tuple[Any, tuple[str]]:
        return (self.done.append, ("harm",))


def test_file_that_wants_to_run_something_is_refused_and_runs_nothing() -> None:
    written = io.BytesIO()
    np.savez(written, about=np.array([Harm()], dtype=object), allow_pickle=True)

    for content in (written.getvalue(), pickle.dumps(Harm()), sealed(pickle.dumps(Harm()))):
        with pytest.raises(KnowledgeUnusable):
            from_bytes(content)

    assert Harm.done == []


def sealed(rest: bytes) -> bytes:
    """Return a file whose digest is right."""
    return HEADING + hashlib.sha256(rest).digest() + rest


WHOLE = to_bytes(knowledge())


@settings(max_examples=60)
@given(st.integers(0, len(WHOLE) - 1), st.integers(1, 255))
def test_damaged_file_is_refused(place: int, change: int) -> None:
    damaged = bytearray(WHOLE)
    damaged[place] ^= change

    with pytest.raises(KnowledgeUnusable):
        from_bytes(bytes(damaged))


@settings(max_examples=20)
@given(st.integers(0, len(WHOLE) - 1))
def test_half_a_file_is_refused(length: int) -> None:
    with pytest.raises(KnowledgeUnusable):
        from_bytes(WHOLE[:length])


@settings(max_examples=60)
@given(st.binary(max_size=200))
def test_whatever_stands_behind_a_right_digest_is_refused(rest: bytes) -> None:
    with pytest.raises(KnowledgeUnusable):
        from_bytes(sealed(rest))


GOOD = {"grams": grams.VERSION, "cursor": 1, "calibration": [0.0, 1.0], "kinds": None, "runs": 0, "remembered": []}


def file_saying(numbers: bytes = b"", **said: Any) -> bytes:
    about = json.dumps(GOOD | said).encode()
    return sealed(len(about).to_bytes(4, "little") + about + numbers)


def test_smallest_file_is_read() -> None:
    assert from_bytes(file_saying()).cursor == 1


@pytest.mark.parametrize(
    ("numbers", "said"),
    [
        (b"", {"grams": 99}),
        (b"", {"cursor": "x"}),
        (b"", {"cursor": [[]]}),
        (b"", {"calibration": [0.0]}),
        (b"", {"calibration": [0.0, -1.0]}),
        (b"", {"calibration": [float("nan"), 1.0]}),
        (b"", {"kinds": 7}),
        (b"", {"kinds": [7], "runs": 0}),
        (bytes(4), {}),
        (b"", {"remembered": [["r1", "repair", "", 3]]}),
        (b"", {"remembered": [["r1", "repair", "", -3]]}),
        (b"", {"remembered": [["r1", "repair", "", 10**30]]}),
        (bytes(8), {"remembered": [["r1", "repair", "", 2]]}),
        (bytes(4), {"remembered": [["r1", ["repair"], "", 1]]}),
        (bytes(16), {"kinds": ["repair"], "runs": 2}),
        (b"\xff" * 12, {"kinds": ["repair"], "runs": 1}),
    ],
)
def test_file_of_another_make_is_refused(numbers: bytes, said: dict[str, Any]) -> None:
    with pytest.raises(KnowledgeUnusable):
        from_bytes(file_saying(numbers, **said))
