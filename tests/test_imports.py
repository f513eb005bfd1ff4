"""The floors and the promises between them, checked as `make check` does, and that a breach would be seen."""

from __future__ import annotations

import subprocess
import sys
from configparser import ConfigParser
from importlib.util import find_spec
from pathlib import Path

from grimp import ImportGraph

from tests.import_contract import PromisesContract

TOP = Path(__file__).parents[1]


def _contract() -> PromisesContract:
    settings = ConfigParser()
    settings.read(TOP / "setup.cfg", encoding="utf-8")
    options = dict(settings["importlinter:contract:promises"])
    lists = {name: options[name].split() for name in ("packages", "promised")}
    return PromisesContract("promises", {}, {"assembly": options["assembly"], **lists})


def _broken(*imports: tuple[str, str]) -> list[str]:
    graph = ImportGraph()
    for importer, imported in imports:
        graph.add_module(importer)
        graph.add_module(imported)
        graph.add_import(importer=importer, imported=imported, line_number=1, line_contents="")
    broken: list[str] = _contract().check(graph, verbose=False).metadata["broken"]
    return broken


def test_floors_and_promises_are_kept() -> None:
    command = [str(Path(sys.executable).parent / "lint-imports"), "--no-cache"]

    run = subprocess.run(command, capture_output=True, text=True, check=False, cwd=TOP)

    assert run.returncode == 0, run.stdout


def test_import_of_a_concrete_module_is_seen() -> None:
    assert _broken(("connector.pipeline", "ingest.inbox")) == ["connector.pipeline -> ingest.inbox (line 1)"]


def test_promised_modules_own_package_and_the_assembly_are_free() -> None:
    assert not _broken(
        ("connector.pipeline", "ingest.values"),
        ("connector.pipeline", "connector.filing"),
        ("connector.assembly", "ingest.inbox"),
    )


def test_every_promised_module_is_there() -> None:
    """A module that was renamed would leave a hole that nobody sees."""
    assert [name for name in (*_contract().promised, _contract().assembly) if find_spec(name) is None] == []
