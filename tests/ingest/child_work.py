"""What test children are asked to do; importable, so that a child can find it."""

from __future__ import annotations

import ctypes
import os
import resource
import signal
import socket
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from zope.interface import implementer

from ingest.confine import leave_network
from ingest.grays import Gray
from ingest.interfaces import IRecogniser
from ingest.prepare import Prepared
from ingest.values import Box, Line, NumberLook, PixelNeeds, Word
from ingest.wholeness import fault_of


def doubled(number: int) -> int:
    return 2 * number


def process_id() -> int:
    return os.getpid()


def sleep(seconds: int) -> None:
    time.sleep(seconds)


def sleep_in_library_code(seconds: int) -> None:
    """Sleep where no Python signal handler runs."""
    ctypes.PyDLL(None).sleep(seconds)


def crash() -> None:
    ctypes.string_at(0)


def eat_memory(size_bytes: int) -> int:
    return len(bytearray(size_bytes))


def write_much(size_bytes: int) -> None:
    with tempfile.TemporaryFile() as stream:
        stream.write(bytes(size_bytes))


def limits() -> dict[str, object]:
    return {
        "core": resource.getrlimit(resource.RLIMIT_CORE),
        "interrupt": signal.getsignal(signal.SIGINT) is signal.SIG_IGN,
        "temporary": tempfile.gettempdir(),
        "threads": os.environ.get("OMP_THREAD_LIMIT"),
        "main": "__mp_main__" in sys.modules and getattr(sys.modules["__mp_main__"], "__file__", None),
        "preloaded": sorted({"pikepdf", "PIL", "pypdfium2", "numpy", "cv2"} & set(sys.modules)),
    }


def leave_something() -> str:
    descriptor, name = tempfile.mkstemp()
    os.close(descriptor)
    return name


def reach_out(port: int) -> str:
    """Return what happens when the child tries to reach a server on this machine."""
    try:
        with socket.create_connection(("127.0.0.1", port), timeout=2):
            return "reached"
    except OSError as error:
        return f"refused {error.errno}"


def tethered_sleep(seconds: int, note_path: Path) -> None:
    """Start a `tesseract` (a stand-in earlier on the path is not used: the tethered one is) that sleeps, and wait."""
    with subprocess.Popen(["tesseract", str(seconds)]) as process:
        note_path.write_text(f"{os.getpid()} {process.pid}")
        process.wait()


def raise_value_error() -> None:
    raise ValueError("the scan's own fault")


@implementer(IRecogniser)
class OddRecogniser:
    """Reads the size of the page; its name says what else befalls it. Leaves a mark a page, so that tests can count."""

    needs = PixelNeeds(even_ground=False, straight_lines=False)

    def __init__(self, name: str) -> None:
        self.name, _, folder = name.partition(":")
        self._marks = Path(folder)

    def missing(self, languages: tuple[str, ...]) -> tuple[str, ...]:
        return ()

    def recognise(self, page: Prepared, languages: tuple[str, ...]) -> tuple[Line, ...]:
        width, _ = page.size
        (self._marks / f"{time.monotonic_ns()}-{width}").touch()
        times = len([mark for mark in self._marks.iterdir() if mark.name.endswith(f"-{width}")])
        if self.name == "crashing" or (self.name == "crashing once" and times == 1):
            crash()
        if self.name == "slow":
            time.sleep(600)
        box = Box(0, 0, 10, 10)
        return (Line(f"{width}", (Word(f"{width}", box, 1.0),), box),)

    def read_number(self, crop: Gray, dpi: float) -> tuple[NumberLook, ...]:
        return (NumberLook(f"{crop.shape[1]}", 0.5),)


def odd_recogniser(name: str) -> OddRecogniser:
    return OddRecogniser(name)


def as_ordinary_user(unreadable: Path, port: int) -> tuple[bool, str, object]:
    """Become nobody for good; return whether the network could be left, whether it is gone, and what an unreadable file is."""
    os.setgid(65534)
    os.setuid(65534)
    has_left = leave_network()
    with socket.socket() as connection:
        connection.settimeout(2)
        answer = "reached" if connection.connect_ex(("127.0.0.1", port)) == 0 else "refused"
    return has_left, answer, fault_of(unreadable)
