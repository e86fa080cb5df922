"""Finding personal data and secrets.

Takes: segments of text, and the policy that says which types matter.
Gives: findings, sorted and apart, or ``DetectionUnavailable``.
Knows: Presidio, its recognizers and ours, and the embedded model for names.
Never: reaches for the network, logs text, or lets a pattern that ran too long count as one that found nothing.
"""

import gateway.detect.quiet  # noqa: F401 - before anything imports Presidio
from gateway.detect.analyzer import PresidioDetector, TextAnalyzer, wanted_types
from gateway.detect.memo import Memo
from gateway.detect.workers import WorkerPool

__all__ = ["Memo", "PresidioDetector", "TextAnalyzer", "WorkerPool", "wanted_types"]
