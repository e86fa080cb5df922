"""Everything that can go wrong, as one tree: one class for each thing a client or an operator can act on.

Law: an error carries a stable ``code``, an HTTP ``status`` and a message that never holds text from a request.
The first line of a class's docstring is its public message; ``detail`` may add a limit, a field and the mend.

GatewayError
├── CredentialError 401            InvalidCredential, ExpiredCredential
├── PermissionDenied 403
├── NotFound 404
├── PolicyError                    PolicyInvalid 422, PolicyConflict 409, PolicyUnavailable 503, RequestBlocked 400,
│                                  ResponseBlocked 400, ApprovalRequired 403, BundleRefused 422: BundleConflict 409,
│                                  CasesFailed 422
├── Conflict 409
├── ProtocolError 400              the client's: MethodNotAllowed 405, PayloadTooLarge 413
├── BackendProtocolError 502       the backend's
├── DetectionUnavailable 503       fails closed: ScreeningUnavailable, after the model has answered
├── Overloaded 429
├── BackendUnavailable 502         BackendTimeout 504, BackendUnreachable 503
├── EgressDenied 500               a bug, alarmed
├── GatewayAway 502                what a command was told to call
├── KeyUnavailable 503
├── AuditUnavailable 503           nothing was forwarded
├── DatabaseUnavailable 503
├── GatewayStopping 503
├── Misconfigured 500              commands exit 78, with the one-line mend
└── VerificationError              commands exit 1, with the evidence
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import ClassVar

from gateway.core.bundle import OF_THE_FILE, Refusal
from gateway.core.problem import Failure, Problem

__all__ = [
    "ApprovalRequired",
    "AuditUnavailable",
    "BackendProtocolError",
    "BackendTimeout",
    "BackendUnavailable",
    "BackendUnreachable",
    "BundleConflict",
    "BundleRefused",
    "CasesFailed",
    "Conflict",
    "CredentialError",
    "DatabaseUnavailable",
    "DetectionUnavailable",
    "EgressDenied",
    "ExpiredCredential",
    "GatewayAway",
    "GatewayError",
    "GatewayStopping",
    "InvalidCredential",
    "KeyUnavailable",
    "MethodNotAllowed",
    "Misconfigured",
    "NotFound",
    "Overloaded",
    "PayloadTooLarge",
    "PermissionDenied",
    "PolicyConflict",
    "PolicyError",
    "PolicyInvalid",
    "PolicyUnavailable",
    "Problem",
    "ProtocolError",
    "RequestBlocked",
    "ResponseBlocked",
    "ScreeningUnavailable",
    "VerificationError",
]


class GatewayError(Exception):
    """The gateway could not serve the request."""

    code: ClassVar[str] = "internal_error"
    status: ClassVar[int] = 500
    exit_code: ClassVar[int] = 1
    retry_after: ClassVar[int | None] = None
    """Seconds a client should wait before it tries again, where trying again can help."""

    def __init__(self, detail: str = "", *, pointer: str = "") -> None:
        """Explain the failure.

        detail: what the docstring does not say (a limit, a field's name, the mend); never text from a request.
        pointer: RFC 6901 JSON Pointer of the field concerned, whose free keys are already redacted.
        """
        super().__init__(detail)
        self.detail = detail
        self.pointer = pointer

    @property
    def title(self) -> str:
        """The docstring's first line."""
        return (type(self).__doc__ or "").strip().splitlines()[0]

    @property
    def message(self) -> str:
        """The public message: the title, and the detail where there is one."""
        return f"{self.title} {self.detail}".strip()

    def __str__(self) -> str:
        return self.message


class CredentialError(GatewayError):
    """A valid API key is needed: send 'Authorization: Bearer KEY'."""

    code = "invalid_api_key"
    status = 401
    exit_code = 78


class InvalidCredential(CredentialError):
    """The API key is not valid."""


class ExpiredCredential(CredentialError):
    """The API key has expired."""

    code = "expired_api_key"


class PermissionDenied(GatewayError):
    """The role of this key does not allow that."""

    code = "permission_denied"
    status = 403


class NotFound(GatewayError):
    """There is no such resource."""

    code = "not_found"
    status = 404


class PolicyError(GatewayError):
    """The policy does not allow that."""

    code = "policy_error"
    status = 400


class PolicyInvalid(PolicyError):
    """The policy has mistakes."""

    code = "policy_invalid"
    status = 422
    exit_code = 2

    def __init__(self, problems: tuple[Problem, ...]) -> None:
        """Report all mistakes of one run, sorted by file and place."""
        super().__init__(f"{len(problems)} found.")
        self.problems = problems


class CasesFailed(PolicyError):
    """Cases of the policy come out otherwise than they say."""

    code = "cases_failed"
    status = 422

    def __init__(self, failures: tuple[Failure, ...], count: int | None = None) -> None:
        """Report those that fail, sorted by file and place. count: of all, where these are the first of them."""
        self.failures, self.count = failures, len(failures) if count is None else count
        super().__init__(f"{self.count} fail: nothing was changed.")


class ApprovalRequired(PolicyError):
    """A second person has to approve of that change."""

    code = "approval_required"
    status = 403
    exit_code = 3


class PolicyConflict(PolicyError):
    """The policy has moved since you looked."""

    code = "policy_conflict"
    status = 409
    exit_code = 3


class BundleRefused(PolicyError):
    """The signed bundle is refused."""

    code = "bundle_refused"
    status = 422
    exit_code = 2

    def __init__(self, reason: Refusal, detail: str = "") -> None:
        """Say why. detail: a sentence that holds nothing of the documents."""
        super().__init__(f"{reason}: {detail}".removesuffix(": "))
        self.reason = reason


class BundleConflict(BundleRefused):
    """The signed bundle is not for this gateway, or not for now."""

    code = "bundle_conflict"
    status = 409
    exit_code = 3


def bundle_refused(reason: Refusal, detail: str = "") -> BundleRefused:
    """Return the error for a reason: 409 where the same file may be right elsewhere or at another time, else 422."""
    return (BundleRefused if OF_THE_FILE[reason] else BundleConflict)(reason, detail)


class Conflict(GatewayError):
    """What is there does not allow that now."""

    code = "conflict"
    status = 409
    exit_code = 3


class PolicyUnavailable(PolicyError):
    """No current policy is available, so nothing is forwarded."""

    code = "policy_unavailable"
    status = 503
    exit_code = 69
    retry_after = 2


class RequestBlocked(PolicyError):
    """The request holds data that the policy blocks."""

    code = "request_blocked"
    status = 400

    def __init__(self, counts: Mapping[str, int]) -> None:
        """Say which entity types block, never the text."""
        super().__init__("Entity types: " + ", ".join(f"{name} ({n})" for name, n in sorted(counts.items())) + ".")
        self.counts = dict(counts)


class ResponseBlocked(RequestBlocked):
    """The answer holds data that the policy blocks."""

    code = "response_blocked"


class ProtocolError(GatewayError):
    """The request is not valid."""

    code = "invalid_request"
    status = 400
    exit_code = 2


class MethodNotAllowed(ProtocolError):
    """The route takes another method."""

    code = "method_not_allowed"
    status = 405


class PayloadTooLarge(ProtocolError):
    """The request is larger than this gateway allows."""

    code = "payload_too_large"
    status = 413


class BackendProtocolError(GatewayError):
    """The model server answered in a way that cannot be inspected."""

    code = "backend_protocol_error"
    status = 502


class DetectionUnavailable(GatewayError):
    """Detection is not available, so nothing was forwarded."""

    code = "detection_unavailable"
    status = 503
    exit_code = 69
    retry_after = 2


class ScreeningUnavailable(DetectionUnavailable):
    """The answer could not be looked at, so it is not given."""

    code = "screening_unavailable"


class Overloaded(GatewayError):
    """Too many requests at once."""

    code = "overloaded"
    status = 429
    exit_code = 69
    retry_after = 1


class BackendUnavailable(GatewayError):
    """The model server is not available."""

    code = "backend_unavailable"
    status = 502
    exit_code = 69
    retry_after = 2


class BackendUnreachable(BackendUnavailable):
    """No model server can be reached."""

    status = 503


class BackendTimeout(BackendUnavailable):
    """The model server did not answer in time."""

    code = "backend_timeout"
    status = 504


class GatewayAway(GatewayError):
    """No gateway answers there."""

    code = "gateway_unreachable"
    status = 502
    exit_code = 69


class EgressDenied(GatewayError):
    """The gateway refused to let something out."""

    code = "egress_denied"
    status = 500


class KeyUnavailable(GatewayError):
    """A key is not available."""

    code = "key_unavailable"
    status = 503
    exit_code = 69
    retry_after = 2


class AuditUnavailable(GatewayError):
    """The exchange could not be recorded, so nothing was forwarded."""

    code = "audit_unavailable"
    status = 503
    exit_code = 69
    retry_after = 2


class DatabaseUnavailable(GatewayError):
    """The database is not available."""

    code = "database_unavailable"
    status = 503
    exit_code = 69
    retry_after = 2


class GatewayStopping(GatewayError):
    """The gateway is stopping, and the answer took longer than it waits."""

    code = "gateway_stopping"
    status = 503
    exit_code = 69
    retry_after = 2


class Misconfigured(GatewayError):
    """The configuration is unsafe or incomplete."""

    code = "misconfigured"
    status = 500
    exit_code = 78


class VerificationError(GatewayError):
    """Verification failed."""

    code = "verification_failed"
    exit_code = 1

    def __init__(self, detail: str, *, evidence: tuple[str, ...] = ()) -> None:
        """Name the first thing that is wrong; ``evidence`` holds one line for each thing found."""
        super().__init__(detail)
        self.evidence = evidence
