from gateway.core.actor import PLATFORM
from gateway.policy.compile import compile_bundle
from gateway.policy.explain import Explainer
from gateway.policy.load import Source
from gateway.policy.resolve import resolve
from tests.doubles.policies import target

MINE = Source(
    "mine.yaml",
    """# of the desk
apiVersion: cloister/v1
kind: RedactionPolicy
metadata: {name: desk}
spec:
  match: {apps: [crm]}
  defaults: {threshold: 0.7}
  entities:
    PERSON: {operator: keep}
    US_SSN: {operator: redact, threshold: 0.4}
  allow:
    values: [Acme]
""",
)
HOUSE = Source(
    "house.yaml",
    """apiVersion: cloister/v1
kind: RedactionPolicy
metadata: {name: all}
spec: {}
---
apiVersion: cloister/v1
kind: RedactionPolicy
metadata: {name: house}
spec:
  floor: true
  entities:
    PERSON: {operator: mask}
""",
)


def explainer() -> Explainer:
    sources = [MINE, HOUSE]
    filed = compile_bundle(sources, scope=PLATFORM).policies
    found = resolve(filed, target())
    assert found is not None
    return Explainer(found, sources)


def said(kind: str, score: float, value: str = "x") -> list[str]:
    return [str(each) for each in explainer().reasons(kind, score, value)]


def test_every_document_that_has_a_say_is_named_with_its_line() -> None:
    assert said("PERSON", 0.9) == [
        "desk: keep (mine.yaml:9 entities.PERSON)",
        "floor house: mask (house.yaml:12 entities.PERSON)",
    ]
    assert said("US_SSN", 0.5)[0] == "desk: redact (mine.yaml:10 entities.US_SSN)"


def test_defaults_thresholds_and_what_nobody_wrote_are_told() -> None:
    assert said("EMAIL_ADDRESS", 0.6) == [
        "desk: nothing below a score of 0.7 (mine.yaml:7 defaults)",
        "floor house: pseudonymise (house.yaml:6 as every policy that says nothing)",
    ]


def test_what_is_let_through_is_told_without_the_value() -> None:
    first, second = said("EMAIL_ADDRESS", 0.9, "Acme")

    assert first == "desk: let through (mine.yaml:12 allow)"
    assert "pseudonymise" in second
