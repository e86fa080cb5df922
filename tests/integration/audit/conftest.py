from __future__ import annotations

from collections.abc import AsyncIterator

import pytest

from gateway.audit import Recorder, Writer
from gateway.db import Database
from tests.integration.audit.ledger import CLOCK, IDS, writer


@pytest.fixture
async def journal(database: Database) -> AsyncIterator[Writer]:
    made = writer(database)
    yield made
    await made.stop()


@pytest.fixture
def recorder(journal: Writer) -> Recorder:
    return Recorder(journal, CLOCK, IDS, IDS.new())
