"""A whole gateway, as ``cloister serve`` runs it, in front of a backend that writes down every byte."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.e2e.gateways import Gateway, running


@pytest.fixture(scope="session")
def shared_gateway(root: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Gateway]:
    """One gateway for all tests that leave it as it was."""
    with running(tmp_path_factory.mktemp("e2e"), root) as gateway:
        yield gateway


@pytest.fixture
def gateway(shared_gateway: Gateway) -> Iterator[Gateway]:
    """The shared gateway, with nothing recorded yet at its backend."""
    backend = shared_gateway.backend
    backend.received.clear()
    backend.raw.clear()
    backend.replies.clear()
    yield shared_gateway
    backend.script = None


@pytest.fixture
def own_gateway(root: Path, tmp_path: Path) -> Iterator[Gateway]:
    """A gateway of the test's own, to be maltreated."""
    with running(tmp_path, root) as gateway:
        yield gateway
