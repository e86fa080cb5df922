from datetime import UTC, datetime

import pytest

from gateway.cli import retention
from gateway.cli.main import main
from gateway.retention import Partition


def test_events_are_shown_by_tenant() -> None:
    part = Partition(
        name="p", due=datetime(2026, 1, 1, tzinfo=UTC), is_due=True, tenants={"a": (1, 3, 3), "b": (4, 4, 1)}
    )

    assert retention._events(part) == "a=3 b=1"


@pytest.mark.parametrize("action", ["due", "apply"])
def test_without_a_database_there_is_a_mend(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: object, action: str
) -> None:
    monkeypatch.setenv("CLOISTER_HOME", str(tmp_path) + "/home")

    assert main(["retention", action]) == 78
    assert "database.url" in capsys.readouterr().err
