"""The application itself, asked through Litestar's own test client."""

import json
from collections.abc import Iterator
from typing import Any

import pytest
from litestar import Litestar
from litestar.testing import TestClient

from tests.doubles.edge import application


@pytest.fixture
def client(house: Any) -> Iterator[TestClient[Litestar]]:
    with TestClient(application(house)) as made:
        yield made


def test_models_are_listed_and_described(client: Any) -> None:
    listed = client.get("/v1/models", headers={"authorization": "Bearer app"})
    one = client.get("/v1/models/org/m", headers={"authorization": "Bearer app"})

    assert [model["id"] for model in listed.json()["data"]] == ["org/m"]
    assert one.json()["id"] == "org/m"
    assert "/secret/path" not in listed.text + one.text
    assert client.get("/v1/models/x", headers={"authorization": "Bearer app"}).status_code == 404


def test_readiness_names_the_part_that_fails(client: Any, house: Any) -> None:
    sick = client.get("/health/ready")
    house.frames = [b"x"]

    assert (sick.status_code, sick.json()["checks"]) == (503, {"database": True, "backend": False})
    assert client.get("/health/ready").status_code == 200
    assert client.get("/health/live").json() == {"status": "live"}


@pytest.mark.parametrize(("role", "status"), [("platform", 200), ("app", 403), ("nobody", 401)])
def test_metrics_are_for_the_platform(client: Any, role: str, status: int) -> None:
    assert client.get("/metrics", headers={"authorization": f"Bearer {role}"}).status_code == status


@pytest.mark.parametrize(("role", "status"), [("platform", 200), ("app", 403), ("nobody", 401)])
def test_coverage_is_for_those_who_read_policies(client: Any, role: str, status: int) -> None:
    answer = client.get("/api/coverage", headers={"authorization": f"Bearer {role}"})

    assert answer.status_code == status
    assert status != 200 or len(answer.json()["endpoints"]) == 6


def test_unknown_paths_have_the_shape_of_their_protocol(client: Any) -> None:
    under, elsewhere = client.post("/v1/moderations", content=b"{}"), client.get("/other")

    assert (under.status_code, under.json()["error"]["code"]) == (404, "not_found")
    assert (elsewhere.status_code, elsewhere.headers["content-type"]) == (404, "application/problem+json")
    assert json.loads(elsewhere.content)["code"] == "not_found"


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("POST", "/v1//chat/completions"),
        ("POST", "/v1/chat%2fcompletions"),
        ("POST", "/v1/chat/completions/"),
        ("POST", "/v1/chat/completion%73"),
        ("GET", "/v1/model%73"),
        ("POST", "/v1//models"),
        ("GET", "/health//live"),
        ("GET", "/metrics/"),
    ],
)
def test_a_path_is_served_as_it_is_published_alone(client: Any, method: str, path: str) -> None:
    answer = client.request(method, path, headers={"authorization": "Bearer app"}, content=b"{}")

    assert (answer.status_code, "not_found" in answer.text) == (404, True)


def test_the_name_of_a_model_may_be_encoded(client: Any) -> None:
    assert client.get("/v1/models/org%2Fm", headers={"authorization": "Bearer app"}).json()["id"] == "org/m"


@pytest.mark.parametrize(
    ("method", "path", "allowed"),
    [("GET", "/v1/chat/completions", "POST"), ("POST", "/v1/models", "GET"), ("PUT", "/metrics", "GET")],
)
def test_a_wrong_method_is_told_the_right_one(client: Any, method: str, path: str, allowed: str) -> None:
    answer = client.request(method, path, headers={"authorization": "Bearer app"})

    assert answer.status_code == 405
    assert allowed in answer.headers["allow"].split(", ")


@pytest.mark.parametrize(
    ("path", "status", "decision"),
    [("/v1/models", 200, "permit"), ("/v1/models/x", 404, "deny"), ("/v1/nothing", 404, "deny")],
)
def test_every_answer_to_an_application_has_the_headers_of_the_contract(
    client: Any, path: str, status: int, decision: str
) -> None:
    answer = client.get(path, headers={"authorization": "Bearer app"})

    assert answer.status_code == status
    assert answer.headers["x-cloister-decision"] == decision
    assert {"x-cloister-exchange", "x-cloister-policy", "x-cloister-entities", "server-timing"} <= set(answer.headers)


def test_other_answers_do_not(client: Any) -> None:
    assert "x-cloister-exchange" not in client.get("/health/live").headers
