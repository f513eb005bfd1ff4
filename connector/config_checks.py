"""What must fit together in a configuration whose sections are right each by itself.

Not for types and single values: `connector.config` checks those as it reads. Each refusal names the key and what to write.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from connector.config_errors import key_wrong, unknown_name
from connector.registry import ComponentUnknown, Registry
from ingest.message import N_, Message

if TYPE_CHECKING:
    from connector.config import Config


def check_whole(config: Config) -> None:
    """Raise ConfigWrong for the first thing that does not fit."""
    _check_inboxes(config)
    _check_folders(config)
    _check_store(config)
    _check_webhook(config)
    _check_register(config)


def _check_inboxes(config: Config) -> None:
    kinds = [kind.code for kind in config.scheme.kinds]
    seen: set[str] = set()
    for index, inbox in enumerate(config.inboxes, start=1):
        if inbox.name in seen:
            remedy = Message(N_("Give each inbox a name of its own."))
            raise key_wrong(config.path, f"inboxes[{index}].name", inbox.name, remedy)
        seen.add(inbox.name)
        if inbox.kind and inbox.kind not in kinds:
            raise unknown_name(config.path, f"inboxes[{index}].kind", inbox.kind, kinds)


def _check_folders(config: Config) -> None:
    """Refuse folders that lie in an inbox: whatever we wrote there would be taken for a scan."""
    folders = {f"inboxes[{n}].path": inbox.path for n, inbox in enumerate(config.inboxes, start=1)}
    others = {"data.path": config.data_path}
    if config.store.folder is not None:
        others["store.folder.path"] = config.store.folder.path
    for inbox_key, inbox_path in folders.items():
        for key, path in {**folders, **others}.items():
            if key != inbox_key and path.is_relative_to(inbox_path):
                remedy = Message(
                    N_("It lies inside {other}: what stands there would be taken for scans. Put it elsewhere."),
                    {"other": inbox_key},
                )
                raise key_wrong(config.path, key, str(path), remedy)


def _check_webhook(config: Config) -> None:
    """Refuse to listen at every address without a word about which of them the server is to call."""
    address = config.sync.webhook_address
    if address is not None and address[0] in ("0.0.0.0", "::") and not config.sync.webhook_url:  # noqa: S104 - refused
        remedy = Message(N_("Say in sync.webhook_url under which address paperless reaches it."))
        raise key_wrong(config.path, "sync.webhook_listen", config.sync.webhook_listen, remedy)


def _check_register(config: Config) -> None:
    """Refuse a register that comes from nowhere, or from a database without saying which view."""
    register = config.register
    if register.path is None and not register.url:
        raise key_wrong(config.path, "register.path", "", Message(N_("Name the customers' file, or a database (url).")))
    if register.url and not register.view:
        raise key_wrong(config.path, "register.view", "", Message(N_("Name the view that holds the customers.")))


def _check_store(config: Config) -> None:
    """Refuse a store without its section; names that no plug-in could bring are refused here, with the near word."""
    own = {"folder": config.store.folder, "paperless": config.store.paperless}
    if config.store.use in own:
        if own[config.store.use] is None:
            remedy = Message(N_("Add the section [store.{name}]."), {"name": config.store.use})
            raise key_wrong(config.path, "store.use", config.store.use, remedy)
    elif not config.plugins:
        raise unknown_name(config.path, "store.use", config.store.use, list(own))


def check_components(config: Config, registry: Registry) -> None:
    """Raise ConfigWrong for the first key that names a component which neither we nor a plug-in registered."""
    chosen: tuple[tuple[str, str, Callable[[str], object]], ...] = (
        ("reading.recogniser", config.reading.recogniser, registry.recognisers.named),
        ("classifying.classifier", config.classifying.classifier, registry.classifiers.named),
        ("classifying.extractor", config.classifying.extractor, registry.extractors.named),
        ("classifying.splitter", config.classifying.splitter, registry.splitters.named),
    )
    for key, name, named in chosen:
        try:
            named(name)
        except ComponentUnknown as error:
            raise key_wrong(config.path, key, name, error.remedy) from error
