import json

import pytest

from gateway.core import errors
from gateway.core.errors import GatewayError, ProtocolError
from gateway.protocols.errors import openai_error


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
