import json

import pytest

from gateway.core import errors
from gateway.core.errors import GatewayError, ProtocolError
from gateway.protocols.errors import anthropic_error, openai_error


@pytest.mark.parametrize(
    ("kind", "type_"),
    [
        (errors.InvalidCredential, "authentication_error"),
        (errors.PermissionDenied, "permission_error"),
        (errors.Overloaded, "rate_limit_error"),
        (errors.ProtocolError, "invalid_request_error"),
        (errors.NotFound, "invalid_request_error"),
        (errors.PayloadTooLarge, "invalid_request_error"),
        (errors.AuditUnavailable, "server_error"),
        (errors.BackendTimeout, "server_error"),
        (errors.EgressDenied, "server_error"),
    ],
)
def test_the_type_follows_from_the_status(kind: type[GatewayError], type_: str) -> None:
    error = json.loads(openai_error(kind("A detail.")))["error"]
    assert error == {"message": kind("A detail.").message, "type": type_, "param": None, "code": kind.code}


def test_param_is_the_place_of_the_mistake() -> None:
    assert json.loads(openai_error(ProtocolError("x", pointer="/messages/0")))["error"]["param"] == "/messages/0"


@pytest.mark.parametrize(
    ("kind", "type_"),
    [
        (errors.InvalidCredential, "authentication_error"),
        (errors.PermissionDenied, "permission_error"),
        (errors.NotFound, "not_found_error"),
        (errors.PayloadTooLarge, "request_too_large"),
        (errors.Overloaded, "rate_limit_error"),
        (errors.ProtocolError, "invalid_request_error"),
        (errors.PolicyConflict, "invalid_request_error"),
        (errors.GatewayError, "api_error"),
        (errors.BackendProtocolError, "api_error"),
        (errors.AuditUnavailable, "overloaded_error"),
        (errors.BackendTimeout, "timeout_error"),
    ],
)
def test_anthropics_type_follows_from_the_status(kind: type[GatewayError], type_: str) -> None:
    error = json.loads(anthropic_error(kind("A detail.")))

    body = {"type": type_, "message": kind("A detail.").message, "code": kind.code}
    assert error == {"type": "error", "error": body}


def test_anthropics_shape_tells_the_place_in_the_message() -> None:
    told = json.loads(anthropic_error(ProtocolError("x", pointer="/messages/0")))["error"]

    assert told["message"] == "The request is not valid. x (at /messages/0)"
