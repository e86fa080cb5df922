import pytest

from gateway.core.errors import GatewayError, InvalidCredential, PolicyInvalid, Problem, ProtocolError, RequestBlocked


def test_the_message_is_the_docstring_and_the_detail() -> None:
    error = ProtocolError("limits.body_bytes allows 10 bytes.", pointer="/messages/0")

    assert str(error) == "The request is not valid. limits.body_bytes allows 10 bytes."
    assert error.pointer == "/messages/0"


def test_without_a_detail_the_docstring_is_enough() -> None:
    assert str(InvalidCredential()) == "The API key is not valid."


def test_a_block_names_types_and_counts() -> None:
    assert str(RequestBlocked({"US_SSN": 2, "CREDIT_CARD": 1})).endswith("Entity types: CREDIT_CARD (1), US_SSN (2).")


def test_an_invalid_policy_carries_its_problems() -> None:
    problem = Problem(file="a.yaml", line=1, column=2, code="CL1003", message="unknown key")

    assert PolicyInvalid((problem,)).problems == (problem,)


@pytest.mark.parametrize(("kind", "base"), [(InvalidCredential, GatewayError), (RequestBlocked, GatewayError)])
def test_it_is_one_tree(kind: type[Exception], base: type[Exception]) -> None:
    assert issubclass(kind, base)
