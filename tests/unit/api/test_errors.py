import json

import pytest

from gateway.api.errors import problem
from gateway.core.errors import CasesFailed, GatewayError, NotFound, PolicyInvalid, Problem
from gateway.core.problem import Failure


@pytest.mark.parametrize("error", [NotFound("Look elsewhere."), GatewayError()])
def test_a_problem_document_has_rfc_9457_s_members(error: GatewayError) -> None:
    document = json.loads(problem(error))

    assert set(document) == {"type", "title", "status", "detail", "code"}
    assert (document["status"], document["code"]) == (error.status, error.code)


def test_the_mistakes_of_a_policy_are_listed() -> None:
    found = Problem(file="p.yaml", line=3, column=1, code="CL1003", message="m")

    assert json.loads(problem(PolicyInvalid((found,))))["problems"][0]["line"] == 3


def test_cases_that_fail_are_listed_with_their_place_and_what_differs() -> None:
    failure = Failure(file="c.yaml", line=3, column=1, name="one", about=("result",), lines=("result:", "- a", "+ b"))
    document = json.loads(problem(CasesFailed((failure,), 7)))

    assert (document["code"], document["count"]) == ("cases_failed", 7)
    assert document["failures"] == [
        {
            "file": "c.yaml",
            "line": 3,
            "column": 1,
            "name": "one",
            "about": ["result"],
            "lines": ["result:", "- a", "+ b"],
        }
    ]
