"""Named components behind their interfaces, and the plug-ins that bring more of them.

Zope's component registry with one typed look-up: a `Slot` is made from its interface, so mypy knows what comes out and
refuses what does not belong in. Plug-ins are found by entry point and loaded only when the configuration names them;
a broken one is reported by distribution, entry and reason. Not for building our own components: `connector.assembly` does.
Risk knowingly left open: a plug-in that is named runs with all our rights.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from difflib import get_close_matches
from importlib.metadata import EntryPoint, entry_points
from typing import Generic, TypeVar

from zope.interface import Invalid
from zope.interface.registry import Components
from zope.interface.verify import verifyObject

from classifiers.interfaces import IClassifier, IExtractor, INumberScheme, ISplitter
from connector.interfaces import IRecordStore
from ingest.interfaces import IClock, IRecogniser
from ingest.message import N_, GuidangError, Message
from metadata.interfaces import IIndex, IJournal, IRegister

PLUGIN_GROUP = "guidang.plugins"

T = TypeVar("T")

_WHAT_A_PLUGIN_MAY_RAISE = (
    ArithmeticError,
    AssertionError,
    AttributeError,
    ImportError,
    LookupError,
    NameError,
    OSError,
    RuntimeError,
    SyntaxError,
    TypeError,
    ValueError,
    Invalid,
)


class ComponentUnknown(GuidangError):
    """The configuration names a component that nobody registered."""

    def __init__(self, interface: str, name: str, known: tuple[str, ...]) -> None:
        near = get_close_matches(name, known, n=1, cutoff=0.6)
        remedy = (
            Message(N_('Did you mean "{near}"?'), {"near": near[0]})
            if near
            else Message(
                N_("Write one of: {known}; or name the plug-in that brings it under plugins."),
                {"known": ", ".join(known)},
            )
        )
        super().__init__(
            Message(N_('There is no component "{name}" ({interface}).'), {"name": name, "interface": interface}), remedy
        )
        self.args = (interface, name, known)
        self.name = name


class ComponentWrong(GuidangError):
    """A component does not keep the promise of its interface."""

    def __init__(self, interface: str, name: str, reason: str) -> None:
        facts = {"name": name, "interface": interface, "reason": reason}
        super().__init__(
            Message(N_('The component "{name}" does not keep the promise of {interface}: {reason}.'), facts),
            Message(N_("Correct the component, or name another in the configuration."), facts),
        )
        self.args = (interface, name, reason)


class PluginUnknown(GuidangError):
    """The configuration names a plug-in that is not installed."""

    def __init__(self, name: str, known: tuple[str, ...]) -> None:
        super().__init__(
            Message(N_('The plug-in "{name}" is not installed.'), {"name": name}),
            Message(
                N_("Install it beside guidang, or take it out of plugins. Installed are: {known}."),
                {"known": ", ".join(known) or "–"},
            ),
        )
        self.args = (name, known)
        self.name = name


class PluginBroken(GuidangError):
    """A plug-in cannot be loaded; says whose it is."""

    def __init__(self, distribution: str, entry: str, reason: str) -> None:
        facts = {"distribution": distribution, "entry": entry, "reason": reason}
        super().__init__(
            Message(N_('The plug-in "{entry}" of {distribution} cannot be loaded: {reason}.'), facts),
            Message(N_("Ask the makers of {distribution}, or take {entry} out of plugins."), facts),
        )
        self.args = (distribution, entry, reason)
        self.distribution = distribution
        self.entry = entry
        self.reason = reason


class Slot(Generic[T]):
    """The place of one interface in the registry; holds named components, each verified when it comes in."""

    def __init__(self, components: Components, interface: type[T]) -> None:
        self._components = components
        self._interface = interface

    def register(self, name: str, component: T) -> None:
        """Put a component in under a name; a later one of the same name replaces it. Raises ComponentWrong."""
        try:
            verifyObject(self._interface, component)
        except Invalid as error:
            reason = str(error).strip().rstrip(".")
            raise ComponentWrong(self._interface.__name__, name, reason) from error
        self._components.registerUtility(component, self._interface, name)

    def named(self, name: str) -> T:
        """Return the component of this name; raises ComponentUnknown with the near name."""
        found: T | None = self._components.queryUtility(self._interface, name)
        if found is None:
            raise ComponentUnknown(self._interface.__name__, name, self.names())
        return found

    def names(self) -> tuple[str, ...]:
        """Return the names that are taken, sorted."""
        return tuple(sorted(name for name, _ in self._components.getUtilitiesFor(self._interface)))


class Registry:
    """All slots. A plug-in's entry point is called with this and registers what it brings."""

    def __init__(self) -> None:
        self.components = Components("guidang")
        self.recognisers = Slot[IRecogniser](self.components, IRecogniser)
        self.classifiers = Slot[IClassifier](self.components, IClassifier)
        self.extractors = Slot[IExtractor](self.components, IExtractor)
        self.splitters = Slot[ISplitter](self.components, ISplitter)
        self.number_schemes = Slot[INumberScheme](self.components, INumberScheme)
        self.registers = Slot[IRegister](self.components, IRegister)
        self.stores = Slot[IRecordStore](self.components, IRecordStore)
        self.journals = Slot[IJournal](self.components, IJournal)
        self.indexes = Slot[IIndex](self.components, IIndex)
        self.clocks = Slot[IClock](self.components, IClock)


Plug = Callable[[Registry], None]


def load_plugins(registry: Registry, wanted: Iterable[str], installed: Iterable[EntryPoint] | None = None) -> None:
    """Load the named plug-ins and no others, in the order named; raises PluginUnknown, PluginBroken."""
    found = {entry.name: entry for entry in (entry_points(group=PLUGIN_GROUP) if installed is None else installed)}
    for name in wanted:
        if name not in found:
            raise PluginUnknown(name, tuple(sorted(found)))
        _load(registry, found[name])


def _load(registry: Registry, entry: EntryPoint) -> None:
    distribution = entry.dist.name if entry.dist is not None else entry.value.partition(":")[0]
    try:
        plug: Plug = entry.load()
        plug(registry)
    except ComponentWrong as error:
        raise PluginBroken(distribution, entry.name, str(error.what).rstrip(".")) from error
    except _WHAT_A_PLUGIN_MAY_RAISE as error:
        raise PluginBroken(distribution, entry.name, f"{type(error).__name__}: {error}") from error
