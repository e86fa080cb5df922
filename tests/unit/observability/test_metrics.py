import os
import subprocess
import sys
from pathlib import Path

import pytest

from gateway.observability import metrics

COUNT = """
import sys
from gateway.observability import metrics
metrics.requests.labels("/v1/models", "200").inc(int(sys.argv[1]))
metrics.in_flight.inc()
print(metrics.render().decode())
"""


def test_counts_of_several_processes_add_up(tmp_path: Path) -> None:
    environ = os.environ | {"PYTHONPATH": str(Path.cwd()), "PROMETHEUS_MULTIPROC_DIR": str(tmp_path)}

    for number in ("2", "3"):
        ran = subprocess.run([sys.executable, "-c", COUNT, number], env=environ, capture_output=True, check=True)

    assert 'cloister_requests_total{endpoint="/v1/models",status="200"} 5.0' in ran.stdout.decode()


def test_what_a_dead_worker_was_doing_is_forgotten_and_what_it_did_is_not(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    environ = os.environ | {"PYTHONPATH": str(Path.cwd()), "PROMETHEUS_MULTIPROC_DIR": str(tmp_path)}
    subprocess.run([sys.executable, "-c", COUNT, "2"], env=environ, stdout=subprocess.DEVNULL, check=True)
    monkeypatch.setenv("PROMETHEUS_MULTIPROC_DIR", str(tmp_path))
    assert b"cloister_requests_in_flight 1.0" in metrics.render()

    metrics.forget_dead()

    assert b"cloister_requests_in_flight 1.0" not in metrics.render()
    assert b'cloister_requests_total{endpoint="/v1/models",status="200"} 2.0' in metrics.render()


def test_one_process_renders_its_own(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("PROMETHEUS_MULTIPROC_DIR", raising=False)

    metrics.refusals.labels("request_blocked").inc()

    assert b'cloister_refusals_total{code="request_blocked"}' in metrics.render()
