from pathlib import Path

import pytest

from gateway import places
from gateway.core.errors import Misconfigured
from gateway.settings import load


def test_a_password_comes_from_its_file_and_is_escaped(tmp_path: Path) -> None:
    file = tmp_path / "password"
    file.write_text("p@ss/word\n")

    assert places.with_password("postgresql://u@host/db", str(file)) == "postgresql://u:p%40ss%2Fword@host/db"


@pytest.mark.parametrize("content", [None, ""])
def test_a_secret_that_is_not_there_is_named(tmp_path: Path, content: str | None) -> None:
    file = tmp_path / "password"
    if content is not None:
        file.write_text(content)

    with pytest.raises(Misconfigured, match="password"):
        places.read_secret(str(file))


def test_keys_are_kept_in_the_home_unless_told_otherwise(tmp_path: Path) -> None:
    home = load(None, {"CLOISTER_HOME": str(tmp_path)})
    elsewhere = load(None, {"CLOISTER_HOME": str(tmp_path), "CLOISTER_KEYS__PATH": "/srv/keys"})

    assert (places.keys_folder(home), places.keys_folder(elsewhere)) == (tmp_path / "keys", Path("/srv/keys"))


def test_keys_are_not_kept_beside_the_data(tmp_path: Path) -> None:
    inside = load(None, {"CLOISTER_HOME": str(tmp_path), "CLOISTER_KEYS__PATH": str(tmp_path / "postgres" / "keys")})

    with pytest.raises(Misconfigured, match=r"keys\.path"):
        places.keys_folder(inside)
