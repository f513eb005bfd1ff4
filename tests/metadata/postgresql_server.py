"""A PostgreSQL server of the tests' own: a cluster in a folder, a Unix socket and no network, gone afterwards.

Never touches a server that the machine runs. PostgreSQL refuses to run as root; then `nobody` runs it.
"""

from __future__ import annotations

import os
import pwd
import re
import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

START_SECONDS = 60
_SETTINGS = {
    "listen_addresses": "",
    "fsync": "off",
    "synchronous_commit": "off",
    "full_page_writes": "off",
    "shared_buffers": "16MB",
    "max_connections": "40",
    "dynamic_shared_memory_type": "mmap",
}
_MAKING = ("-U", "guidang", "-A", "trust", "-E", "UTF8", "--locale=C", "--no-sync", "--no-instructions")


def programs() -> Path | None:
    """Return the folder of the newest server programs, None where PostgreSQL is not installed."""
    found = [path.parent for path in Path("/usr/lib/postgresql").glob("*/bin/initdb")]
    if found:
        return max(found, key=lambda folder: int(re.sub(r"\D", "", folder.parent.name) or 0))
    on_path = shutil.which("initdb")
    return Path(on_path).resolve().parent if on_path else None


@contextmanager
def running_server(folder_of_programs: Path) -> Iterator[str]:
    """Make a cluster, start it, and give the address of its database; stopped and removed at the end."""
    home = Path(tempfile.mkdtemp(prefix="guidang-pg-"))
    as_user = _unprivileged(home)
    try:
        cluster = home / "data"
        made = _run(
            [folder_of_programs / "initdb", "-D", cluster, *_MAKING],
            as_user,
        )
        if made.returncode != 0:
            raise RuntimeError(f"initdb: {made.stderr}")
        server = _start(folder_of_programs, cluster, home, as_user)
        try:
            _wait(folder_of_programs, home, server)
            yield f"postgresql+psycopg://guidang@/postgres?host={home}"
        finally:
            server.send_signal(signal.SIGQUIT)  # at once: nothing in it is worth keeping
            server.wait(timeout=START_SECONDS)
    finally:
        shutil.rmtree(home, ignore_errors=True)


def _unprivileged(home: Path) -> str | None:
    if os.geteuid() != 0:
        return None
    user = next(name for name in ("postgres", "nobody") if _is_user(name))
    shutil.chown(home, user)
    return user


def _is_user(name: str) -> bool:
    try:
        pwd.getpwnam(name)
    except KeyError:
        return False
    return True


def _run(command: Sequence[str | Path], as_user: str | None) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [str(part) for part in command], user=as_user, cwd="/", capture_output=True, text=True, check=False
    )


def _start(folder_of_programs: Path, cluster: Path, home: Path, as_user: str | None) -> subprocess.Popen[bytes]:
    settings = [part for name, value in _SETTINGS.items() for part in ("-c", f"{name}={value}")]
    command = [str(folder_of_programs / "postgres"), "-D", str(cluster), "-k", str(home), *settings]
    with (home / "log").open("wb") as log:
        return subprocess.Popen(command, user=as_user, cwd="/", stdout=log, stderr=log)


def _wait(folder_of_programs: Path, home: Path, server: subprocess.Popen[bytes]) -> None:
    until = time.monotonic() + START_SECONDS
    ready: list[str | Path] = [folder_of_programs / "pg_isready", "-q", "-h", home]
    while _run(ready, None).returncode != 0:
        if server.poll() is not None or time.monotonic() > until:
            raise RuntimeError(f"PostgreSQL did not start: {(home / 'log').read_text(errors='replace')}")
        time.sleep(0.1)
