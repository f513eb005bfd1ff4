"""Imported once by the fork server, so that every child begins with the heavy libraries in memory (55 ms against 253, measured).

The thread limits must stand in the environment before numpy and OpenCV are loaded: pages are read side by side by processes, and threads
inside them only fight for the same cores (tesseract takes 6.66 instead of 1.94 CPU seconds a page with its own threads).
"""

from __future__ import annotations

import importlib
import os

for _name in ("OMP_THREAD_LIMIT", "OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"):
    os.environ[_name] = "1"

import cv2  # noqa: E402 - after the thread limits
from PIL import Image  # noqa: E402

cv2.setNumThreads(1)
Image.init()

for _module in ("ingest.pages", "ingest.ppocr", "ingest.tesseract", "ingest.reading", "ingest.text_layer"):
    importlib.import_module(_module)
