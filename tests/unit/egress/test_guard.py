import pytest

from gateway.core.backend import Backend
from gateway.core.errors import EgressDenied, Misconfigured
from gateway.egress.guard import PATHS, Guard, Place, place_of

BACKENDS = (
    Backend(name="a", url="http://10.1.2.3:8000"),
    Backend(name="b", url="https://vllm.corp.local"),
    Backend(name="c", uds="/run/vllm.sock"),
)
CHAT = "/v1/chat/completions"


@pytest.mark.parametrize("path", sorted(PATHS))
@pytest.mark.parametrize(
    "place", [("http", "10.1.2.3", 8000), ("https", "vllm.corp.local", 443), ("unix", "/run/vllm.sock", 0)]
)
def test_what_is_configured_may_be_called(place: tuple[str, str, int], path: str) -> None:
    Guard(BACKENDS).require(*place, path)


@pytest.mark.parametrize(
    ("scheme", "host", "port", "path"),
    [
        ("https", "10.1.2.3", 8000, CHAT),
        ("http", "10.1.2.3", 8001, CHAT),
        ("http", "10.1.2.4", 8000, CHAT),
        ("http", "169.254.169.254", 80, CHAT),
        ("http", "vllm.corp.local", 80, CHAT),
        ("https", "vllm.corp.local.evil.example", 443, CHAT),
        ("unix", "/run/docker.sock", 0, CHAT),
        ("http", "10.1.2.3", 8000, "/tokenize"),
        ("http", "10.1.2.3", 8000, "/v1/chat/completions/"),
        ("http", "10.1.2.3", 8000, "/v1/models/../../metrics"),
        ("http", "10.1.2.3", 8000, "/V1/models"),
        ("http", "10.1.2.3", 8000, ""),
    ],
)
def test_everything_else_is_denied(scheme: str, host: str, port: int, path: str) -> None:
    with pytest.raises(EgressDenied):
        Guard(BACKENDS).require(scheme, host, port, path)


def test_nothing_is_configured_nothing_may_be_called() -> None:
    with pytest.raises(EgressDenied):
        Guard(()).require("http", "127.0.0.1", 8000, CHAT)


def test_a_place_is_read_from_the_configuration() -> None:
    assert place_of(Backend(name="x", url="HTTP://VLLM:81/")) == Place(scheme="http", host="vllm", port=81)
    assert place_of(Backend(name="x", url="http://[::1]:8000")) == Place(scheme="http", host="::1", port=8000)
    assert place_of(Backend(name="x", url="https://h")) == Place(scheme="https", host="h", port=443)


@pytest.mark.parametrize(
    "url",
    [
        "http://user:hunter2@h:1",
        "http://hunter2@h",
        "http://h/v1",
        "http://h?hunter2",
        "http://h#hunter2",
        "ftp://h",
        "file:///etc/passwd",
        "h:8000",
        "//h",
        "http://",
        "http://h:0",
        "http://h:99999",
        "http://[::1",
    ],
)
def test_an_unfit_url_is_refused_and_not_repeated(url: str) -> None:
    with pytest.raises(Misconfigured) as refused:
        place_of(Backend(name="x", url=url))

    assert "'x'" in refused.value.message
    assert "hunter2" not in refused.value.message


@pytest.mark.parametrize(("url", "uds"), [("", ""), ("http://h", "/run/s")])
def test_exactly_one_of_url_and_socket_is_needed(url: str, uds: str) -> None:
    with pytest.raises(Misconfigured, match="exactly one"):
        place_of(Backend(name="x", url=url, uds=uds))
