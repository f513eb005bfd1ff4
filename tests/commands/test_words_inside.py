"""Nothing that people read stays English in Chinese: reasons with all their facts, and the words inside other sentences."""

from __future__ import annotations

import ast
import errno
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from connector.folder_errors import told_as_store_errors
from connector.i18n import Language, say, say_error, translated
from connector.interfaces import OutcomeUnknown, StoreRefused, StoreUnreachable
from connector.paperless import errors
from connector.paperless.address import ServerAddress, Waiting
from connector.paperless.client import PaperlessClient
from connector.reasons import SENTENCES, say_reason
from ingest.message import N_, OS_REASONS, GuidangError, Message, os_reason
from metadata.values import Reason, ReasonCode
from tests.paperless_stand_in import StandIn
from tests.paperless_stand_in.server import TOKEN

ROOT = Path(__file__).parents[2]
PACKAGES = ("connector", "ingest", "classifiers", "metadata")
ENGLISH = re.compile(r"[A-Za-z]{2,}(?: [A-Za-z]+)+|[A-Za-z]{5,}")
"""Words, not a unit or a name of two signs."""

NAMES = re.compile(r"paperless|guidang|http://\S+|HTTP \d+|dpi")


def english_in(text: str) -> list[str]:
    """Return what of a text for people is English, beside names."""
    return ENGLISH.findall(NAMES.sub("", text))


def templates() -> list[tuple[ReasonCode, str]]:
    return [(code, template) for code, found in SENTENCES.items() for template in found]


@pytest.mark.parametrize(("code", "template"), templates())
def test_every_sentence_of_every_reason_is_chinese_with_its_facts(code: ReasonCode, template: str) -> None:
    facts = dict.fromkeys(re.findall(r"\{(\w+)\}", template), "1")

    said = say_reason(Reason(code, facts), Language.ZH)

    assert english_in(said) == []
    assert english_in(translated(template, Language.ZH).format_map(facts)) == []


def test_reason_without_chinese_is_found() -> None:
    """What the test above would say of a new reason that nobody has translated."""
    assert english_in(translated("The paper was folded.", Language.ZH)) == ["The paper was folded"]


@pytest.mark.parametrize("number", [*OS_REASONS, 9999])
def test_folder_in_trouble_is_told_in_chinese(number: int) -> None:
    with pytest.raises(GuidangError) as raised, told_as_store_errors(Path("/档案")):
        raise OSError(number, "未知错误" if number == 9999 else "Something in English")

    assert english_in(say_error(raised.value, Language.ZH)) == []


def test_words_of_the_system_that_nobody_translated_are_passed_on() -> None:
    assert say(os_reason(OSError(errno.ELOOP, "Too many symbolic links")), Language.ZH) == "Too many symbolic links"


@pytest.mark.parametrize("fault", ["500", "page", "gone"])
def test_server_in_trouble_is_told_in_chinese(fault: str) -> None:
    with StandIn() as stand_in:
        waiting = Waiting(connect_seconds=1.0, read_seconds=0.2, deadline_seconds=1.0)
        client = PaperlessClient(ServerAddress(stand_in.url), TOKEN, waiting, sleep=lambda _: None)
        path = "/api/tags/"
        if fault == "500":
            stand_in.faults.status_of[path] = [(500, {})] * 9
        elif fault == "page":
            path = "/api/nothing/"
        else:
            stand_in.faults.status_of[path] = [(404, {})] * 9

        with pytest.raises(GuidangError) as raised:
            client.write("POST", path, {"name": "x"})

        said = re.sub(r"/api/\S*", "", say_error(raised.value, Language.ZH))
        assert english_in(said) == []
        client.close()


def whys() -> Iterator[GuidangError]:
    why = Message(N_("the connection broke"))
    yield errors.away("http://s", why)
    yield errors.unknown("http://s", why)
    yield errors.refused("http://s", why)
    yield errors.broke_inside("http://s", why)


@pytest.mark.parametrize("error", tuple(whys()), ids=lambda error: type(error).__name__)
def test_why_is_translated_with_the_sentence_around_it(error: GuidangError) -> None:
    assert isinstance(error, StoreUnreachable | OutcomeUnknown | StoreRefused)
    assert "连接中断" in say(error.what, Language.ZH)
    assert "the connection broke" in say(error.what, Language.EN)
    assert "the connection broke" in str(error)


def literal_sentences() -> Iterator[str]:
    """Yield what the source gives to `Message` or to a server's error as it is, without N_."""
    for package in PACKAGES:
        for path in sorted((ROOT / package).rglob("*.py")):
            for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
                if isinstance(node, ast.Call) and node.args and _name(node.func) in ("Message", "ServerWords"):
                    for text in _literals(node.args[0]):
                        if english_in(re.sub(r"\{\w*\}", "", text)):
                            yield f"{path.relative_to(ROOT)}:{node.lineno}: {text}"


def _name(called: ast.expr) -> str:
    return called.attr if isinstance(called, ast.Attribute) else called.id if isinstance(called, ast.Name) else ""


def _literals(node: ast.expr) -> Iterator[str]:
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        yield node.value
    elif isinstance(node, ast.JoinedStr):
        yield " ".join(str(part.value) for part in node.values if isinstance(part, ast.Constant))
    elif isinstance(node, ast.BoolOp | ast.IfExp):
        for inner in ast.iter_child_nodes(node):
            if isinstance(inner, ast.expr):
                yield from _literals(inner)


def test_every_sentence_in_the_source_is_marked_for_translation() -> None:
    assert list(literal_sentences()) == []
