import json

import pytest

from gateway.api.errors import problem
from gateway.core.errors import GatewayError, NotFound, PolicyInvalid, Problem


@pytest.mark.parametrize("error", [NotFound("Look elsewhere."), GatewayError()])
def test_a_problem_document_has_rfc_9457_s_members(error: GatewayError) -> None:
    document = json.loads(problem(error))

    assert set(document) == {"type", "title", "status", "detail", "code"}
    assert (document["status"], document["code"]) == (error.status, error.code)


def test_the_mistakes_of_a_policy_are_listed() -> None:
    found = Problem(file="p.yaml", line=3, column=1, code="CL1003", message="m")

    assert json.loads(problem(PolicyInvalid((found,))))["problems"][0]["line"] == 3
