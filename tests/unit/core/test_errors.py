import pytest

from gateway.core.bundle import Refusal
from gateway.core.errors import (
    BundleRefused,
    GatewayError,
    InvalidCredential,
    PolicyInvalid,
    Problem,
    ProtocolError,
    RequestBlocked,
    bundle_refused,
)


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


def test_a_refused_bundle_says_why() -> None:
    error = bundle_refused(Refusal.SIG_MISSING, "It has no signatures.")

    assert str(error) == "The signed bundle is refused. sig_missing: It has no signatures."
    assert str(BundleRefused(Refusal.SIG_MISSING)) == "The signed bundle is refused. sig_missing"
    assert error.reason is Refusal.SIG_MISSING


def test_what_the_gateway_knows_or_what_time_it_is_is_a_conflict() -> None:
    told = {reason: (bundle_refused(reason).status, bundle_refused(reason).exit_code) for reason in Refusal}

    assert set(told.values()) == {(422, 2), (409, 3)}
    assert {reason.value for reason, (status, _) in told.items() if status == 409} == {
        "expired",
        "key_unknown",
        "key_unset",
        "not_yet_valid",
        "revision_content_mismatch",
        "revision_regression",
    }
