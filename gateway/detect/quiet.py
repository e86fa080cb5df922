"""Presidio and numpy without their habits: imported first by whatever imports either.

Law: no public suffix list is fetched (``tldextract`` would, at the first e-mail address), and Presidio's own time-out
for a pattern, on which it *skips* the pattern, is set beyond any deadline of ours, so that a late pattern is a killed
worker and never a missed finding. Matrices are multiplied on the thread that asks: there are as many workers as cores.
"""

from __future__ import annotations

import os
from typing import Final

NEVER: Final = 24 * 3600

os.environ["TLDEXTRACT_PUBLIC_SUFFIX_LIST_URLS"] = ""
os.environ["REGEX_TIMEOUT_SECONDS"] = str(NEVER)
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
