"""Prometheus metrics, right over all worker processes.

Law: labels are closed sets (routes, codes, entity types, outcomes, backends), never a tenant's text. Where
``PROMETHEUS_MULTIPROC_DIR`` is set before this module is imported, every worker adds to shared files and any worker
can render the whole.
"""

from __future__ import annotations

import os
from pathlib import Path
from typing import Final

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, generate_latest, multiprocess

_SECONDS: Final = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 10.0, 60.0)

requests = Counter("cloister_requests", "Inference requests answered.", ["endpoint", "status"])
entities = Counter("cloister_entities", "Entities replaced.", ["entity_type"])
refusals = Counter("cloister_refusals", "Requests refused, by error code.", ["code"])
restored = Counter("cloister_placeholders", "Placeholders seen in replies.", ["fate"])
screened = Counter("cloister_screened", "Entities of answers that were masked or blocked.", ["entity_type"])
stage_seconds = Histogram("cloister_stage_seconds", "Time spent in a stage.", ["stage"], buckets=_SECONDS)
in_flight = Gauge("cloister_requests_in_flight", "Inference requests being served.", multiprocess_mode="livesum")
audit_unsequenced = Gauge("cloister_audit_unsequenced", "Events without a number.", multiprocess_mode="livemax")
audit_retrying = Gauge(
    "cloister_audit_retrying", "Events that could not be written when last tried.", multiprocess_mode="livesum"
)
detect_remembered = Counter("cloister_detect_remembered", "Texts that were scanned before, and not again.")
detect_restarts = Counter("cloister_detect_restarts", "Detection workers that were replaced.")
loop_stall_seconds = Histogram("cloister_loop_stall_seconds", "How late the event loop was.", buckets=_SECONDS)
policy_emergencies = Gauge(
    "cloister_policy_emergencies",
    "Scopes whose policies one person alone changed for a while.",
    multiprocess_mode="livemax",
)
policy_problem = Gauge("cloister_policy_problem", "1 while a stored policy does not load.", multiprocess_mode="livemax")

backend_out = Gauge(
    "cloister_backend_out", "1 while a worker does not use the backend.", ["backend"], multiprocess_mode="livemax"
)
backend_failures = Counter(
    "cloister_backend_failures", "Times a backend failed a request before the first byte of its answer.", ["backend"]
)
backend_certificates_problem = Gauge(
    "cloister_backend_certificates_problem",
    "1 while renewed certificates of the backend cannot be used, and the old ones are.",
    ["backend"],
    multiprocess_mode="livemax",
)


def render() -> bytes:
    """Return the exposition text (Prometheus 0.0.4) over all workers."""
    if "PROMETHEUS_MULTIPROC_DIR" not in os.environ:
        return generate_latest()
    registry = CollectorRegistry()
    multiprocess.MultiProcessCollector(registry)  # type: ignore[no-untyped-call]
    return generate_latest(registry)


def forget_dead() -> None:
    """Drop the live gauges of workers that were killed: they count nothing any more."""
    for file in Path(os.environ.get("PROMETHEUS_MULTIPROC_DIR", os.devnull)).glob("gauge_live*_*.db"):
        pid = file.stem.rpartition("_")[2]
        if not Path("/proc", pid).exists():
            multiprocess.mark_process_dead(int(pid))  # type: ignore[no-untyped-call]
