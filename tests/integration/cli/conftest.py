from __future__ import annotations

from pathlib import Path
from urllib.parse import urlsplit

import pytest

from gateway.cli.main import main


@pytest.fixture
def host(monkeypatch: pytest.MonkeyPatch, tmp_path: Path, gateway_url: str) -> None:
    """A home of the test's own, with keys, a database and tenant ``acme``."""
    password = str(urlsplit(gateway_url).password)
    (tmp_path / "password").write_text(password)
    monkeypatch.setenv("CLOISTER_HOME", str(tmp_path))
    monkeypatch.setenv("CLOISTER_DATABASE__URL", gateway_url.replace(f":{password}", ""))
    monkeypatch.setenv("CLOISTER_DATABASE__PASSWORD_FILE", str(tmp_path / "password"))
    assert main(["keys", "init"]) == 0
    assert main(["access", "tenant", "create", "acme"]) == 0
