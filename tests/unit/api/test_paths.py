import pytest

from gateway.api.paths import is_as_sent


@pytest.mark.parametrize(
    "path", [b"/v1/models", b"/v1/models/org/m", b"/v1/models/org%2Fm", b"/metrics", b"/metrics?x=//"]
)
def test_a_path_that_needs_no_reading_is_as_sent(path: bytes) -> None:
    assert is_as_sent({"raw_path": path})


@pytest.mark.parametrize(
    "path", [b"//v1/models", b"/v1//models", b"/v1/models/", b"/v1%2fmodels", b"/v1/model%73/m", b"/v1/models//m"]
)
def test_a_path_that_is_read_into_another_is_not(path: bytes) -> None:
    assert not is_as_sent({"raw_path": path})
