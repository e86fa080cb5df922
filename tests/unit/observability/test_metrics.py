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


def test_counts_of_several_processes_add_up(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PROMETHEUS_MULTIPROC_DIR", "")
    metrics.prepare(tmp_path / "metrics")
    environ = os.environ | {"PYTHONPATH": str(Path.cwd())}

    for number in ("2", "3"):
        ran = subprocess.run([sys.executable, "-c", COUNT, number], env=environ, capture_output=True, check=True)

    assert 'cloister_requests_total{endpoint="/v1/models",status="200"} 5.0' in ran.stdout.decode()


def test_preparing_forgets_an_earlier_run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PROMETHEUS_MULTIPROC_DIR", "")
    folder = tmp_path / "metrics"
    folder.mkdir()
    (folder / "counter_1.db").write_bytes(b"old")

    metrics.prepare(folder)

    assert list(folder.iterdir()) == []


def test_one_process_renders_its_own(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("PROMETHEUS_MULTIPROC_DIR", raising=False)

    metrics.refusals.labels("request_blocked").inc()

    assert b'cloister_refusals_total{code="request_blocked"}' in metrics.render()
