import pytest

from gateway.core.shipped import shipped


@pytest.mark.parametrize(("name", "file"), [("migrations", "env.py"), ("policies", "default.yaml")])
def test_what_ships_is_found(name: str, file: str) -> None:
    assert (shipped(name) / file).is_file()


def test_what_did_not_ship_is_an_error() -> None:
    with pytest.raises(FileNotFoundError, match="nothing"):
        shipped("nothing")
