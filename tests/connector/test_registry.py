"""Components come out as they went in; plug-ins are loaded only when named, and a broken one is reported with its makers."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from importlib.metadata import EntryPoint
from types import ModuleType, SimpleNamespace
from typing import Any

import pytest
from zope.interface import directlyProvides, implementer

from classifiers.interfaces import IClassifier
from classifiers.values import Classification, RecordText, Verdict
from connector.registry import (
    PLUGIN_GROUP,
    ComponentUnknown,
    ComponentWrong,
    PluginBroken,
    PluginUnknown,
    Registry,
    load_plugins,
)


@implementer(IClassifier)
class Unsure:
    """A classifier that never knows."""

    name = "unsure"

    def classify(self, record: RecordText) -> Classification:
        """Say so."""
        return Classification(Verdict.UNSURE, None, 0.0, self.name, (), ())


def unfinished() -> Any:
    """Return something that says it is a classifier, and is none."""
    component = SimpleNamespace(name="unfinished")
    directlyProvides(component, IClassifier)
    return component


PLUGIN = "guidang_test_plugin"


@pytest.fixture
def plugin() -> Iterator[ModuleType]:
    """A module as a third party's distribution would bring it."""
    module = ModuleType(PLUGIN)
    sys.modules[PLUGIN] = module
    yield module
    del sys.modules[PLUGIN]


def _entries(*names: str) -> list[EntryPoint]:
    return [EntryPoint(name, f"{PLUGIN}:{name}", PLUGIN_GROUP) for name in names]


def test_registered_component_comes_out_by_name() -> None:
    registry = Registry()
    component = Unsure()

    registry.classifiers.register("unsure", component)

    assert [registry.classifiers.named("unsure")] == [component]
    assert registry.classifiers.names() == ("unsure",)


def test_unknown_name_suggests_the_near_one() -> None:
    registry = Registry()
    registry.classifiers.register("unsure", Unsure())

    with pytest.raises(ComponentUnknown, match='Did you mean "unsure"'):
        registry.classifiers.named("unsur")


def test_component_that_breaks_its_promise_is_refused() -> None:
    with pytest.raises(ComponentWrong, match="classify"):
        Registry().classifiers.register("unfinished", unfinished())


def test_plugin_that_is_named_brings_its_component(plugin: ModuleType) -> None:
    plugin.good = lambda registry: registry.classifiers.register("unsure", Unsure())  # type: ignore[attr-defined]
    registry = Registry()

    load_plugins(registry, ["good"], _entries("good"))

    assert registry.classifiers.names() == ("unsure",)


def test_plugin_that_is_not_named_is_not_even_imported() -> None:
    sys.modules.pop(PLUGIN, None)
    load_plugins(Registry(), [], _entries("good"))

    assert PLUGIN not in sys.modules


def test_plugin_that_is_not_installed_is_said() -> None:
    with pytest.raises(PluginUnknown, match="not installed"):
        load_plugins(Registry(), ["good"], [])


@pytest.mark.parametrize("reason", [ImportError("no module named x"), ValueError("no model"), ZeroDivisionError()])
def test_plugin_that_raises_is_reported_with_entry_and_reason(plugin: ModuleType, reason: Exception) -> None:
    def bad(registry: Registry) -> None:
        raise reason

    plugin.bad = bad  # type: ignore[attr-defined]

    with pytest.raises(PluginBroken) as raised:
        load_plugins(Registry(), ["bad"], _entries("bad"))

    assert (raised.value.distribution, raised.value.entry) == (PLUGIN, "bad")
    assert type(reason).__name__ in raised.value.reason


def test_plugin_whose_component_breaks_its_promise_is_reported(plugin: ModuleType) -> None:
    plugin.bad = lambda registry: registry.classifiers.register("x", unfinished())  # type: ignore[attr-defined]

    with pytest.raises(PluginBroken, match="classify"):
        load_plugins(Registry(), ["bad"], _entries("bad"))


def test_plugin_without_its_function_is_reported(plugin: ModuleType) -> None:
    with pytest.raises(PluginBroken, match="AttributeError"):
        load_plugins(Registry(), ["missing"], _entries("missing"))
