"""Every endpoint tells every error in the shape of its protocol, with the status and the headers of the contract."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from litestar.testing import TestClient

from gateway.core.bundle import Refusal
from gateway.core.errors import (
    BundleConflict,
    BundleRefused,
    CasesFailed,
    GatewayError,
    PolicyInvalid,
    RequestBlocked,
    ResponseBlocked,
    VerificationError,
)
from tests.doubles.edge import House, application

STREAMS = {
    "/v1/chat/completions": {"messages": [{"role": "user", "content": "hi"}]},
    "/v1/completions": {"prompt": "hi"},
    "/v1/responses": {"input": "hi"},
    "/v1/messages": {"messages": [{"role": "user", "content": "hi"}], "max_tokens": 1},
}
POSTED = [
    *STREAMS,
    "/v1/embeddings",
    "/v1/messages/count_tokens",
    "/api/policies/approvals",
    "/api/policies/explain",
    "/api/policies/feedback",
    "/api/policies/plans",
    "/api/policies/rollback",
]
ASKED = [
    "/v1/models",
    "/v1/models/{name:path}",
    "/metrics",
    "/api/audit/checkpoint",
    "/api/audit/events",
    "/api/audit/events/{seq:int}/proof",
    "/api/coverage",
    "/api/policies",
    "/api/policies/shadow",
    "/api/policies/versions",
    "/api/policies/versions/{number:int}",
]
ENDPOINTS = dict.fromkeys(POSTED, "POST") | dict.fromkeys(ASKED, "GET")
MARKS = {f"x-cloister-{name}" for name in ("exchange", "policy", "decision", "entities")} | {"server-timing"}
GIVEN: dict[type[GatewayError], Any] = {
    BundleConflict: Refusal.EXPIRED,
    BundleRefused: Refusal.SIG_INVALID,
    CasesFailed: (),
    PolicyInvalid: (),
    RequestBlocked: {"US_SSN": 1},
    ResponseBlocked: {"US_SSN": 1},
    VerificationError: "x",
}


def kinds(kind: type[GatewayError] = GatewayError) -> Iterator[type[GatewayError]]:
    if kind.__module__ == GatewayError.__module__:  # commands repeat what a gateway answered
        yield kind
    for narrower in kind.__subclasses__():
        yield from kinds(narrower)


ERRORS = [kind(GIVEN[kind]) if kind in GIVEN else kind() for kind in kinds()]
every_error = pytest.mark.parametrize("error", ERRORS, ids=lambda error: type(error).__name__)


@every_error
@pytest.mark.parametrize("route", ENDPOINTS)
def test_an_error_is_told_in_the_shape_of_the_protocol(error: GatewayError, route: str) -> None:
    with TestClient(application(House(admits=error))) as client:
        answer = client.request(
            ENDPOINTS[route],
            route.replace("{name:path}", "org/m").replace("{number:int}", "1").replace("{seq:int}", "1"),
        )
    for_apps, headers = route.startswith("/v1/"), answer.headers
    told = answer.json()["error"] if for_apps else answer.json()

    assert (answer.status_code, told["code"]) == (error.status, error.code)
    assert told["message" if for_apps else "detail"] == error.message
    assert set(told) >= ({"message", "type", "code"} if for_apps else {"type", "title", "status", "detail"})
    assert ("param" in told) == (for_apps and "messages" not in route)
    assert ("type" in answer.json()) == ("messages" in route or not for_apps)
    assert headers["content-type"] == ("application/json" if for_apps else "application/problem+json")
    assert error.retry_after is not None or error.status != 503
    for name, there in {"retry-after": error.retry_after, "www-authenticate": error.status == 401}.items():
        assert (name in headers) == bool(there)
    assert not for_apps or set(headers) >= MARKS


@every_error
@pytest.mark.parametrize("route", STREAMS)
def test_an_error_in_a_stream_is_its_last_event(error: GatewayError, route: str) -> None:
    body = {"model": "m", "stream": True, **STREAMS[route]}
    with TestClient(application(House(frames=[b"data: {}\n\n", error]))) as client:
        answer = client.post(route, json=body, headers={"authorization": "Bearer app"})

    assert (answer.status_code, f'"code":"{error.code}"' in answer.text.split("\n\n")[-2]) == (200, True)
    assert "[DONE]" not in answer.text


def test_every_endpoint_is_asked() -> None:
    assert {route.path for route in application(House()).routes} == ENDPOINTS.keys() | {"/health/live", "/health/ready"}
