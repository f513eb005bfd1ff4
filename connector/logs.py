"""The log: English, one line a move, for the administrator. Never a name, an address, a whole number or a token.

Not for people's sentences (notes, reasons). Whoever logs an id of a scan or a record need not care; whatever looks like a
customer number, a telephone or another long number is masked here, once, also in tracebacks. Risk knowingly left open: a
name inside the text of an exception of a library; therefore our own code never puts texts of pages into exceptions.
"""

from __future__ import annotations

import logging
import re
from logging.handlers import RotatingFileHandler
from pathlib import Path

LOG_NAME = "guidang.log"
_LONG_NUMBER = re.compile(
    r"(?P<id>\d{8}T\d{12}-[0-9a-f]{10})|(?P<first>\d[ -]?\d)(?:[ -]?\d){4,}?(?P<last>\d\d)(?!\d)"
)  # the id of a scan stays as it is


def masked(number: str) -> str:
    """Return a customer number as it may stand in a log: first and last two signs, such as `03****17`."""
    return f"{number[:2]}****{number[-2:]}" if len(number) > 4 else "****"


class MaskingFormatter(logging.Formatter):
    """Formats as usual, then masks every run of eight digits or more, tracebacks included; the time before it stays."""

    def format(self, record: logging.LogRecord) -> str:
        """Return the line, masked."""
        return f"{self.formatTime(record)} {_LONG_NUMBER.sub(_hidden, super().format(record))}"


def start_logging(data_path: Path, level: int = logging.INFO) -> logging.Handler:
    """Write guidang's log to `guidang.log` in the data path, five files of 5 MB at most; return the handler to end it with."""
    data_path.mkdir(parents=True, exist_ok=True)
    handler = RotatingFileHandler(data_path / LOG_NAME, maxBytes=5_000_000, backupCount=4, encoding="utf-8")
    handler.setFormatter(MaskingFormatter("%(levelname)s %(name)s: %(message)s"))
    logger = logging.getLogger("guidang")
    logger.addHandler(handler)
    logger.setLevel(level)
    logger.propagate = False
    return handler


def stop_logging(handler: logging.Handler) -> None:
    """Take the handler away and close its file."""
    logging.getLogger("guidang").removeHandler(handler)
    handler.close()


def _hidden(found: re.Match[str]) -> str:
    return found["id"] or f"{found['first']}****{found['last']}"
