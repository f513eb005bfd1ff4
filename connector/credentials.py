"""Reads the paperless token, and the key of the webhook, from where only we can read it, and says plainly what is wrong when it cannot.

The threat: a token in a configuration file, in a backup, or in a file that every user of the office PC can read lets
anybody read every customer's papers. The rule: environment, or a file of ours that nobody else can read; never the TOML.
Risk knowingly left open: root, and whoever may read this process's environment, can read the token.
"""

from __future__ import annotations

import os
import stat
from collections.abc import Mapping
from pathlib import Path

from ingest.message import N_, GuidangError, Message

LONGEST_TOKEN_FILE = 4096
"""Signs: a token has 40; who names a disk or a log by mistake is told so by the server, not by our memory."""

SHORTEST_KEY = 20
"""Signs. A digest of it, among other things, stands in a field on the server."""

_NEW_TOKEN = N_("Run `chmod 600 {file}`; if others may have read it, make a new token on the server.")
_NEW_KEY = N_("Run `chmod 600 {file}`; if others may have read it, write a new key and run `guidang profile apply`.")


class TokenMissing(GuidangError):
    """There is no token, or it stands where others can read it."""


def read_token(token_env: str, token_file: Path | None, environment: Mapping[str, str]) -> str:
    """Return the token; the environment wins over the file. Raises TokenMissing, which never holds the token itself."""
    token = environment.get(token_env, "").strip() if token_env else ""
    if token:
        return token
    if token_file is None:
        raise TokenMissing(
            Message(
                N_("There is no token for the server: the environment variable {name} is not set."), {"name": token_env}
            ),
            Message(N_("Set it, or name a file that holds the token in store.paperless.token_file.")),
        )
    return _read_file(token_file, _NEW_TOKEN)


def read_key(key_env: str, key_file: Path | None, environment: Mapping[str, str]) -> str:
    """Return the key that a webhook must show; the environment wins over the file.

    Raises TokenMissing, which never holds the key: also for one that is short enough to be guessed, or that no header can bear.
    """
    key = environment.get(key_env, "").strip() if key_env else ""
    if not key and key_file is None:
        raise TokenMissing(
            Message(
                N_("There is no key for the webhook: the environment variable {name} is not set."), {"name": key_env}
            ),
            Message(N_("Set it, or name a file that holds the key in sync.webhook_key_file.")),
        )
    if not key and key_file is not None:
        key = _read_file(key_file, _NEW_KEY)
    if len(key) < SHORTEST_KEY or not all("!" <= sign <= "~" for sign in key):
        raise TokenMissing(
            Message(N_("The key of the webhook is too short, or has signs other than letters, digits and marks.")),
            Message(N_("Make one of at least {count} signs: `openssl rand -hex 24`."), {"count": str(SHORTEST_KEY)}),
        )
    return key


def _read_file(token_file: Path, make_new: str) -> str:
    """Return what stands in the file; `make_new` is the remedy where others may have read it. Raises TokenMissing."""
    facts = {"file": str(token_file)}
    try:
        with token_file.open(encoding="utf-8") as opened:
            rights = stat.S_IMODE(os.fstat(opened.fileno()).st_mode)  # of the very file that is read
            if rights & 0o077:
                raise TokenMissing(
                    Message(N_("The token file {file} can be read by other users."), facts),
                    Message(make_new, facts),
                )
            token = opened.read(LONGEST_TOKEN_FILE).strip()
    except (OSError, UnicodeDecodeError) as error:
        raise TokenMissing(
            Message(N_("Cannot read the token file {file}."), facts),
            Message(N_("Write the token into it and run `chmod 600 {file}`."), facts),
        ) from error
    if not token:
        raise TokenMissing(
            Message(N_("The token file {file} is empty."), facts),
            Message(N_("Write the token into it and run `chmod 600 {file}`."), facts),
        )
    return token
