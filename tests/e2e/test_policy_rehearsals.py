"""Policies are asked and tried through a gateway of two workers before they change anything."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest

from tests.e2e.commands import asked
from tests.e2e.gateways import Gateway, running
from tests.e2e.realms import APP, Realm, document, realm, repeating
from tests.waiting import until

pytestmark = pytest.mark.integration

ADDRESS = "qv7zk2xw.1@qv7zk2xw.example"
TEXT = f"Write to {ADDRESS} about 219-09-9999, please."
FLOOR = """\
apiVersion: cloister/v1
kind: RedactionPolicy
metadata: {name: house-floor}
spec:
  floor: true
  defaults: {operator: keep}
  entities: {US_SSN: {operator: block}}
  allow: {values: [qv7-allowed-by-the-house]}
"""
CASES = "apiVersion: cloister/v1\nkind: PolicyCases\nmetadata: {name: own}\nspec:\n  policy: %s\n  cases:\n%s"
GOOD = "    - {name: an address goes, text: mail bob@corp.local, expect: {result: 'mail [EMAIL_ADDRESS]'}}\n"
FLOORED = "    - {name: a number is refused, text: my number is 219-09-9999, expect: {blocked: {US_SSN: 1}}}\n"
WRONG = "    - {name: a wrong one, text: mail bob@corp.local, expect: {result: mail bob}}\n"


@pytest.fixture(scope="module")
def two_workers(root: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Gateway]:
    settings = {"CLOISTER_SERVER__WORKERS": "2", "CLOISTER_DETECT__ENGINE": "patterns"}
    with running(tmp_path_factory.mktemp("rehearsals"), root, **settings) as gateway:
        gateway.backend.script = repeating
        yield gateway


@pytest.fixture(scope="module")
def house(two_workers: Gateway, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of the platform's files, which are in force."""
    folder = tmp_path_factory.mktemp("operators")
    (folder / "floor.yaml").write_text(FLOOR)
    with pytest.MonkeyPatch.context() as environment:
        environment.setenv("CLOISTER_HOME", str(two_workers.home))
        asked("policy", "apply", str(folder / "floor.yaml"))
    return folder


@pytest.fixture
def own(two_workers: Gateway, house: Path, tmp_path: Path) -> Iterator[Realm]:
    """A tenant of the test's own, beside the platform's floor."""
    with realm(two_workers, tmp_path) as made:
        yield made


def stays(own: Realm, version: int) -> None:
    """Nothing has changed since a version."""
    assert [each["version"] for each in own.told("ann", "history")][:1] == [version][:version]


def test_a_text_is_explained_by_what_is_in_force(own: Realm, house: Path) -> None:
    own.told("ann", "apply", own.file("p.yaml", document("redact")))
    told = own.told("ann", "explain", own.file("text", TEXT))

    assert (told["decision"], [each["name"] for each in told["documents"]]) == ("deny", ["p", "house-floor"])
    found = {each["entity_type"]: each for each in told["findings"]}
    assert {kind: each["done"] for kind, each in found.items()} == {"EMAIL_ADDRESS": "redact", "US_SSN": "block"}
    assert TEXT[found["EMAIL_ADDRESS"]["start"] : found["EMAIL_ADDRESS"]["end"]] == ADDRESS
    (_, floor) = found["US_SSN"]["reasons"]
    assert (floor["floor"], floor["file"], floor["line"], floor["key"]) == (True, "floor.yaml", 7, "entities.US_SSN")
    said = json.dumps(told)
    for hidden in (ADDRESS, "219-09", "qv7-allowed", str(house)):
        assert hidden not in said


def test_that_somebody_asked_is_on_record_and_the_text_is_nowhere(own: Realm) -> None:
    status, _ = own.call("ann", "POST", "/explain", {"text": TEXT, "app": ADDRESS, "model": ADDRESS})
    assert status == 200

    (event,) = own.events("--action", "policy.explain")
    assert (event["actor"], event["outcome"]) == (own.keys["ann"]["id"], "success")
    assert event["details"] == {"endpoint": "/v1/chat/completions", "documents": 0}
    assert "qv7zk2xw" not in json.dumps(own.events()) + own.gateway.log()


def test_files_are_explained_that_are_not_in_force_and_change_nothing(own: Realm) -> None:
    own.told("ann", "apply", own.file("p.yaml", document("redact")))
    candidate = own.file("q.yaml", document("hash", name="q"))

    told = own.told("ann", "explain", own.file("text", TEXT), "--policy", candidate)

    assert {each["done"] for each in told["findings"]} == {"hash", "block"}
    stays(own, 1)
    code, said = own.act("ann", "explain", own.folder / "text", "--policy", own.file("broken.yaml", "kind: x\n"))
    assert (code, "broken.yaml:1:7" in said) == (2, True)


def test_who_may_not_read_policies_is_told_nothing(own: Realm) -> None:
    status, told = own.call(APP, "POST", "/explain", {"text": TEXT})

    assert (status, told["code"]) == (403, "permission_denied")
    assert own.events("--action", "policy.explain") == []


def test_a_text_is_no_longer_than_an_exchange_s(own: Realm) -> None:
    status, told = own.call("ann", "POST", "/explain", {"text": "x " * 200_001})

    assert (status, told["code"]) == (413, "payload_too_large")


def case_file(own: Realm, cases: str, about: str = "../p.yaml") -> Path:
    """Write cases beside the files."""
    (own.folder / "cases").mkdir(exist_ok=True)
    return own.file("cases/c.yaml", CASES % (about, cases))


def test_a_gateway_takes_no_files_whose_cases_fail_there(own: Realm) -> None:
    file = own.file("p.yaml", document("redact"))
    cases = case_file(own, GOOD + FLOORED + WRONG)

    for action in ("plan", "apply"):
        code, said = own.act("ann", action, file)
        assert code == 1
        assert f"{cases}:9:8: a wrong one\n    result:\n    - mail bob\n    + mail [EMAIL_ADDRESS]\n" in said
        assert said.endswith("1 fail: nothing was changed.\n")
    stays(own, 0)
    (event,) = own.events("--action", "policy.apply")
    assert (event["outcome"], event["details"]) == ("denied", {"reason": "cases_failed"})

    case_file(own, GOOD + FLOORED)
    assert own.told("ann", "apply", file)["version"] == 1


def test_cases_that_fail_are_told_to_programs(own: Realm) -> None:
    body = {
        "documents": [{"file": "p.yaml", "text": document("keep")}],
        "cases": [{"file": "c.yaml", "text": CASES % ("p.yaml", GOOD)}],
    }
    for path in ("/plans", "/versions"):
        status, told = own.call("ann", "POST", path, body)
        assert (status, told["code"], told["count"]) == (422, "cases_failed", 1)
        (failure,) = told["failures"]
        assert (failure["file"], failure["line"], failure["name"]) == ("c.yaml", 7, "an address goes")
        assert failure["about"] == ["result"]
    status, told = own.call("ann", "POST", "/versions", body | {"cases": [{"file": "c.yaml", "text": "kind: x\n"}]})
    assert (status, told["code"]) == (422, "policy_invalid")
    stays(own, 0)


def test_an_emergency_is_tried_too(own: Realm) -> None:
    own.told("ann", "apply", own.file("p.yaml", document("redact")))
    case_file(own, WRONG)

    assert own.act("ann", "apply", own.folder / "p.yaml", "--break-glass", "the claims desk cannot work")[0] == 1
    (event,) = own.events("--action", "policy.break_glass")
    assert event["outcome"] == "denied"
    stays(own, 1)


def test_apps_are_served_while_many_cases_are_tried(own: Realm) -> None:
    until(own.digest, 10)
    many = "".join(GOOD.replace("an address goes", f"case {number}") for number in range(1000))
    body = {
        "documents": [{"file": "p.yaml", "text": document("redact")}],
        "cases": [{"file": "c.yaml", "text": CASES % ("p.yaml", many)}],
    }
    done, failed = threading.Event(), list[str]()
    answered: list[Any] = []

    def served() -> None:
        while not done.is_set():
            try:
                answered.append(own.ask("Hello."))
            except (AssertionError, OSError) as error:
                failed.append(str(error))

    app = threading.Thread(target=served)
    app.start()
    try:
        with ThreadPoolExecutor(2) as people:
            asking = [people.submit(own.call, "ann", "POST", "/plans", body) for _ in range(2)]
            answers = [each.result()[0] for each in asking]
    finally:
        done.set()
        app.join()

    assert answers == [200] * 2
    assert failed == []
    assert len(answered) > 10
