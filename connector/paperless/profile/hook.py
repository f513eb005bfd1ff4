"""The workflow that makes paperless knock at our door when a document was changed. Pure.

Its key stands in the server's database and is seen by whoever may list workflows there; it opens nothing but the door
(`connector.webhook`), where a knock is only a hint. Measured on 3.0.5: called for every PATCH, for each document of a bulk edit and
for each document added; not for notes, deleted tags and the trash. So it never stands in for the polling.
"""

from __future__ import annotations

from classifiers.scheme import Names
from connector import store_words as words
from connector.i18n import Language
from connector.paperless.profile.values import ObjectKind, Secret, WantedObject, Wish
from connector.webhook import KEY_HEADER, Webhook

NAMES = Names("归档：有改动即同步", "guidang: sync at once")
CODE = "workflow/webhook"

_UPDATED = 3
"""Not added ones (2): those are our own, or nobody's of ours, and each call is a task of the server's worker, seconds long on a busy 2.20."""

_CALLS_WEBHOOK = 4
_EVERY_SOURCE: list[Wish] = [1, 2, 3, 4]  # consume folder, API, mail, web pages


def webhook_workflow(webhook: Webhook, language: Language) -> WantedObject:
    """Return the workflow; a person may switch it off or give it another place in the order, and it stays so."""
    call: dict[str, Wish] = {
        "url": webhook.url,
        "use_params": True,
        "as_json": True,
        "params": {"url": "{{doc_url}}"},  # 2.x knows no {{doc_id}}; we do not read either
        "headers": {KEY_HEADER: Secret(webhook.key)},
        "include_document": False,
    }
    triggers: list[Wish] = [{"type": _UPDATED, "sources": _EVERY_SOURCE}]
    name = NAMES.in_language(language)
    return WantedObject(
        kind=ObjectKind.WORKFLOW,
        code=CODE,
        name=name,
        other_names=words.every_name(NAMES) - {name},
        body={"triggers": triggers, "actions": [{"type": _CALLS_WEBHOOK, "webhook": call}]},
        first={"order": 0, "enabled": True},
    )
