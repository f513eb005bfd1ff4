"""Pixels as a recogniser gets them."""

from __future__ import annotations

import numpy as np

from ingest.grays import Gray
from ingest.prepare import Prepared


def level_page(pixels: Gray, dpi: float = 150.0) -> Prepared:
    """Return gray pixels as a page that needs no preparing."""
    return Prepared(pixels, dpi, 0.0, np.eye(3))
