"""Runs a command and measures its whole process tree: CPU seconds, wall seconds, peak memory.

CPU is what the kernel counts for ended children; orphans (fork servers) are adopted and waited for, so that nothing is
left out. Memory is the largest sum of the tree's PSS (shared pages counted once), looked at several times a second.
"""

from __future__ import annotations

import contextlib
import ctypes
import os
import resource
import subprocess
import threading
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import psutil

LOOK_SECONDS = 0.3
ORPHAN_SECONDS = 20.0
_PR_SET_CHILD_SUBREAPER = 36


@dataclass(frozen=True, slots=True)
class Measured:
    """What a command cost and how it ended."""

    status: int
    cpu_seconds: float
    wall_seconds: float
    peak_megabytes: float
    looks: tuple[tuple[float, float], ...] = ()
    """Seconds since the beginning, megabytes of the tree at that moment; of one command only, not of a sum."""

    def __add__(self, other: Measured) -> Measured:
        return Measured(
            max(self.status, other.status),
            self.cpu_seconds + other.cpu_seconds,
            self.wall_seconds + other.wall_seconds,
            max(self.peak_megabytes, other.peak_megabytes),
        )


NOTHING = Measured(0, 0.0, 0.0, 0.0)


def run_measured(
    command: Sequence[str | Path], output_path: Path | None = None, environ: dict[str, str] | None = None
) -> Measured:
    """Run the command; its stdout goes to `output_path`, its stderr to the terminal (or nowhere, without an output path)."""
    ctypes.CDLL(None).prctl(_PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0)
    before, begun = _children_cpu(), time.monotonic()
    with contextlib.ExitStack() as streams:
        output = streams.enter_context(output_path.open("ab")) if output_path else subprocess.DEVNULL
        errors = None if output_path else subprocess.DEVNULL
        child = subprocess.Popen([str(word) for word in command], stdout=output, stderr=errors, env=environ)
        watch = _Watch(child.pid)
        watch.start()
        status = child.wait()
    wall = time.monotonic() - begun
    watch.stop()
    _wait_for_orphans()
    looks = tuple((at - begun, used / 1e6) for at, used in watch.looks)
    return Measured(status, _children_cpu() - before, wall, max((used for _, used in looks), default=0.0), looks)


def _children_cpu() -> float:
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def _wait_for_orphans() -> None:
    end = time.monotonic() + ORPHAN_SECONDS
    while time.monotonic() < end:
        try:
            if os.waitpid(-1, os.WNOHANG) == (0, 0):
                time.sleep(0.05)
        except ChildProcessError:
            return


class _Watch(threading.Thread):
    """Looks at the memory of a process and all below it until it ends."""

    def __init__(self, pid: int) -> None:
        super().__init__(daemon=True)
        self.looks: list[tuple[float, int]] = []  # monotonic seconds, bytes
        self._pid = pid
        self._ended = threading.Event()

    def run(self) -> None:
        while not self._ended.wait(LOOK_SECONDS):
            with contextlib.suppress(psutil.Error):
                root = psutil.Process(self._pid)
                tree = [root, *root.children(recursive=True)]
                self.looks.append((time.monotonic(), sum(_pss(process) for process in tree)))

    def stop(self) -> None:
        self._ended.set()
        self.join()


def _pss(process: psutil.Process) -> int:
    try:
        rollup = Path(f"/proc/{process.pid}/smaps_rollup").read_text(encoding="ascii")
    except OSError:
        return 0
    return next((int(line.split()[1]) * 1024 for line in rollup.splitlines() if line.startswith("Pss:")), 0)
