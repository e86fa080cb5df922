from typing import Any

import pytest

from gateway.core.operators import Operator, OperatorConfig
from gateway.core.policy import Allowance, CustomRecognizer, EntityRule, Policy, Target
from gateway.core.values import by_epoch
from gateway.policy.replay import Effects, Examples, replayed, shadowed, target_of


def policy(default: str = "pseudonymise", *, threshold: float = 0.5, digest: str = "a" * 64, **fields: Any) -> Policy:
    rules = {
        name: EntityRule(operator=OperatorConfig(operator=Operator(fields.pop(name, default))), threshold=threshold)
        for name in ("PERSON", "US_SSN", "LOCATION")
    }
    return Policy(name="p", digest=digest, entities=rules, **fields)


def opened(*findings: tuple[str, float, str], decision: str = "permit", left_out: int = 0) -> dict[str, Any]:
    told = [
        {"type": kind, "score": score, "operator": operator, "value": f"{kind} {at}"}
        for at, (kind, score, operator) in enumerate(findings)
    ]
    details = {"app": "crm", "model": "m", "decision": decision, "findings": told, "findings_left_out": left_out}
    return {
        "tenant": "acme",
        "resource": "/v1/chat/completions",
        "policy": "a" * 64,
        "outcome": "success",
        "details": details,
    }


def effects(event: dict[str, Any], candidate: Policy | None, recorded: Policy | None) -> Effects:
    return replayed([event], lambda _: candidate, lambda *_: recorded)


def test_the_target_is_that_of_the_request() -> None:
    assert target_of(opened()) == Target(tenant="acme", app="crm", model="m", endpoint="/v1/chat/completions")


def change(kind: str, was: str, would: str, *examples: str) -> dict[str, Any]:
    return {"type": kind, "from": was, "to": would, "count": len(examples), "examples": list(examples)}


def test_what_a_candidate_does_otherwise_is_counted() -> None:
    event = opened(("PERSON", 0.9, "pseudonymise"), ("PERSON", 0.9, "pseudonymise"), ("US_SSN", 0.6, "pseudonymise"))
    found = effects(event, policy(PERSON="redact", US_SSN="block"), policy())

    assert found.as_json() == {
        "exchanges": 1,
        "changed": 1,
        "would_block": 1,
        "would_permit": 0,
        "changes": [
            change("PERSON", "pseudonymise", "redact", "PERSON 0", "PERSON 1"),
            change("US_SSN", "pseudonymise", "block", "US_SSN 2"),
        ],
        "open": {},
    }


def test_the_same_policy_changes_nothing() -> None:
    event = opened(("PERSON", 0.9, "pseudonymise"), ("SUSPICIOUS_ENCODING", 1.0, "flag"))

    assert effects(event, policy(suspicious_encoding="flag"), policy(suspicious_encoding="flag")) == Effects(
        exchanges=1
    )


def test_what_was_refused_may_have_passed() -> None:
    found = effects(opened(("US_SSN", 0.9, "block"), decision="deny"), policy(), policy(US_SSN="block"))

    assert (found.blocks, found.permits, found.changed) == (0, 1, 1)


def test_scores_below_the_candidates_threshold_are_left_alone() -> None:
    found = effects(opened(("PERSON", 0.6, "pseudonymise")), policy(threshold=0.7), policy())

    assert found.changes == {("PERSON", "pseudonymise", "keep"): 1}


@pytest.mark.parametrize(
    ("candidate", "recorded", "question"),
    [
        (policy(), policy(LOCATION="keep"), "nobody looked for LOCATION"),
        (policy(threshold=0.3), policy(), "nobody counted LOCATION, PERSON, US_SSN of such low scores"),
        (policy(allow=(Allowance(types=frozenset(), values=frozenset({"x"})),)), policy(), "let through"),
        (policy(recognizers=(CustomRecognizer(name="r", entity_type="PERSON"),)), policy(), "new recognizers"),
        (policy(suspicious_encoding="flag"), policy(), "overlooked"),
        (policy(screen="mask"), policy(), "of answers"),
        (policy(screen="block"), policy(screen="mask"), "of answers"),
        (policy(), policy(media="allow-data-urls"), "whether images came"),
        (policy(), None, "not among the versions"),
    ],
)
def test_what_a_record_does_not_tell_is_named(candidate: Policy, recorded: Policy | None, question: str) -> None:
    ((told, count),) = effects(opened(), candidate, recorded).open.items()

    assert question in told
    assert count == 1


def test_findings_that_an_event_leaves_out_and_requests_without_a_policy_are_named() -> None:
    assert "more was found" in next(iter(effects(opened(left_out=3), policy(), policy()).open))
    found = effects(opened(), None, policy())
    assert (found.blocks, len(found.open)) == (1, 1)


def test_what_was_refused_already_is_not_refused_anew_where_no_policy_matches() -> None:
    found = effects(opened(("US_SSN", 0.9, "block"), decision="deny"), None, policy(US_SSN="block"))

    assert (found.exchanges, found.blocks, found.changed, len(found.open)) == (1, 0, 0, 1)


def test_what_is_looked_at_less_closely_than_before_is_no_question() -> None:
    assert not effects(opened(), policy(), policy(screen="block")).open
    assert not effects(opened(), policy(media="allow-data-urls"), policy()).open


def test_an_exchange_that_was_not_decided_is_not_judged() -> None:
    event = opened()
    del event["details"]["decision"]

    assert effects(event, policy(), policy()) == Effects()


def closed(shadow: dict[str, Any] | None, outcome: str = "success") -> dict[str, Any]:
    return {"outcome": outcome, "details": {"shadow": shadow} if shadow else {}}


def test_shadows_are_added_up_by_policy() -> None:
    change = {"type": "PERSON", "from": "keep", "to": "block", "count": 2}
    blocking = {"policy": "x", "decision": "deny", "changes": [change]}
    events = [
        closed(None),
        closed(blocking),
        closed(blocking, "denied"),
        closed({"policy": "x", "decision": "permit", "changes": []}, "denied"),
        closed({"policy": "x", "decision": "permit", "changes": []}),
        closed({"policy": "y", "failed": "detection_unavailable"}),
    ]
    found = shadowed(events)

    assert (found["x"].exchanges, found["x"].changed, found["x"].blocks, found["x"].permits) == (4, 3, 1, 1)
    assert found["x"].changes == {("PERSON", "keep", "block"): 4}
    assert found["y"].open == {"it could not be asked": 1}


def test_effects_add_up() -> None:
    one, other = (effects(opened(("PERSON", 0.9, "keep")), policy(), policy(LOCATION="keep")) for _ in range(2))
    one.add(other)

    assert (one.exchanges, one.changed, one.changes.total(), one.open.total()) == (2, 2, 2, 2)


A, B, C = (f"PERSON {at}" for at in range(3))


def marking(*values: str, also: frozenset[str] = frozenset()) -> Policy:
    types = frozenset({"PERSON", "US_SSN"})
    allow = (Allowance(types=types, findings={"PERSON": by_epoch(values)}),)
    return policy(allow=(*allow, Allowance(types=types, findings={"PERSON": by_epoch(also)})) if also else allow)


def test_what_a_candidate_says_is_false_is_kept_wherever_it_is_on_record() -> None:
    event = opened(*[("PERSON", 0.9, "pseudonymise")] * 3)

    found = effects(event, marking(A, C), marking())
    assert found.as_json()["changes"] == [change("PERSON", "pseudonymise", "keep", A, C)]
    assert not found.open

    held = effects(event, marking(A, C, also=frozenset({A, B})), marking())
    assert held.as_json()["changes"] == [change("PERSON", "pseudonymise", "keep", A)]


def test_what_is_no_longer_said_to_be_false_is_an_open_question() -> None:
    assert list(effects(opened(), marking(A), marking(A, B)).open) == ["whether what is let through stood there"]


def test_examples_are_few_and_the_same_in_any_order() -> None:
    one, other = Examples(), Examples()
    names = [f"v{number}" for number in range(9)]
    for name in names:
        one.add(("AGE", "keep", "mask"), [name])
    other.add(("AGE", "keep", "mask"), reversed(names))
    one.update(other)

    assert one == other
    assert one.of(("AGE", "keep", "mask")) == names[:3]
    assert one.of(("AGE", "mask", "keep")) == []
