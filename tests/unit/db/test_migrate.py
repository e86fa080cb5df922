from __future__ import annotations

import ast
from pathlib import Path

import pytest

from gateway.core.errors import Misconfigured
from gateway.core.shipped import shipped
from gateway.db import migrate


def test_head_is_the_newest_version_that_shipped() -> None:
    versions = sorted((shipped("migrations") / "versions").glob("[0-9]*.py"))
    assert versions[-1].name.startswith(f"{migrate.head()}_")


def test_versions_follow_one_another() -> None:
    chain = {}
    for file in (shipped("migrations") / "versions").glob("[0-9]*.py"):
        values = {
            node.targets[0].id: ast.literal_eval(node.value)
            for node in ast.parse(file.read_text(encoding="utf-8")).body
            if isinstance(node, ast.Assign) and isinstance(node.targets[0], ast.Name)
        }
        chain[values["revision"]] = values["down_revision"]

    ordered = sorted(chain)
    assert [chain[revision] for revision in ordered] == [None, *ordered[:-1]]


def test_an_installation_without_migrations_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "versions").mkdir()
    (tmp_path / "alembic.ini").write_text("[alembic]\nscript_location = %(here)s\n")
    monkeypatch.setattr(migrate, "shipped", lambda _: tmp_path)

    with pytest.raises(Misconfigured, match="no migrations"):
        migrate.head()
