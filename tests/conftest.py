"""Fixtures and rules of the whole suite.

Law: in CI a skipped test is a failure, unless its file stands in ``allowed_skips.txt`` with a reason.
"""

from __future__ import annotations

import os
from collections.abc import Generator
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings

pytest_plugins = ["tests.doubles.fixtures"]

ROOT = Path(__file__).parent.parent
_ALLOWED = {
    line.split("#")[0].strip()
    for line in (Path(__file__).parent / "allowed_skips.txt").read_text(encoding="utf-8").splitlines()
    if line.split("#")[0].strip()
}

settings.register_profile("default", max_examples=200, deadline=None)
settings.register_profile(
    "long", max_examples=20_000, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large]
)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "default"))


@pytest.fixture(scope="session")
def root() -> Path:
    """The root of the working tree."""
    return ROOT


@pytest.fixture(scope="session")
def spacy_model(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A spaCy pipeline that was never trained: it knows two people by rule."""
    import spacy

    pipeline = spacy.blank("en")
    ruler = pipeline.add_pipe("entity_ruler", name="ner")
    ruler.add_patterns([{"label": "PERSON", "pattern": name} for name in ("Maria Gonzalez", "Olivia Hartley")])
    folder = tmp_path_factory.mktemp("spacy") / "model"
    pipeline.to_disk(folder)
    return folder


@pytest.fixture(scope="session")
def shared() -> Path:
    """The material beside the checkout: captures, corpora, the rival's kit. A user's clone has none."""
    folder = ROOT.parent / "shared"
    if not folder.is_dir():
        pytest.skip("../shared is not beside this checkout")
    return folder


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    report = yield
    file = item.nodeid.split("::")[0]
    if report.skipped and os.environ.get("CI") == "true" and file not in _ALLOWED and not hasattr(report, "wasxfail"):
        report.outcome = "failed"
        report.longrepr = f"skipped in CI: {report.longrepr}"
    return report
