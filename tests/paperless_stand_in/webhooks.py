"""How the server calls the webhooks of its workflows, as the captured deliveries: a plain POST, the answer not looked at.

Called for what a person changes in a form. A worker does it beside the answer to the person, and a call that finds nobody is lost.
"""

from __future__ import annotations

import contextlib
import json
import threading
from typing import Any
from urllib.request import Request, urlopen

from tests.paperless_stand_in.state import State

ADDED, UPDATED = 2, 3
CALLS_WEBHOOK = 4
AGENT = "python-httpx/0.28.1"
PATIENCE_SECONDS = 5.0


def call_webhooks(state: State, url: str, document_id: int, trigger: int) -> None:
    """Call, in a thread, what the enabled workflows with this trigger want called."""
    for workflow in state.workflows:
        if workflow["enabled"] and trigger in [one["type"] for one in workflow["triggers"]]:
            for action in workflow["actions"]:
                if action["type"] == CALLS_WEBHOOK:
                    threading.Thread(target=_call, args=(action["webhook"], url, document_id), daemon=True).start()


def _call(webhook: dict[str, Any], url: str, document_id: int) -> None:
    said = {"{{doc_url}}": f"{url}/documents/{document_id}/", "{{doc_id}}": str(document_id)}
    body = {name: said.get(value, value) for name, value in webhook["params"].items()}
    headers = {"Accept": "*/*", "User-Agent": AGENT, **webhook["headers"], "Content-Type": "application/json"}
    data = json.dumps(body, separators=(",", ":")).encode()
    with contextlib.suppress(OSError), urlopen(Request(webhook["url"], data, headers), timeout=PATIENCE_SECONDS):
        pass
