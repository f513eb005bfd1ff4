"""Reads the paperless token from where only we can read it, and says plainly what is wrong when it cannot.

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
    facts = {"file": str(token_file)}
    try:
        with token_file.open(encoding="utf-8") as opened:
            rights = stat.S_IMODE(os.fstat(opened.fileno()).st_mode)  # of the very file that is read
            if rights & 0o077:
                raise TokenMissing(
                    Message(N_("The token file {file} can be read by other users."), facts),
                    Message(
                        N_("Run `chmod 600 {file}`; if others may have read it, make a new token on the server."), facts
                    ),
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
