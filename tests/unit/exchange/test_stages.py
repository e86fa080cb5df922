import pytest
from prometheus_client import REGISTRY

from gateway.core.decision import Decision, Effect
from gateway.core.policy import Policy
from gateway.exchange import Progress
from gateway.exchange.stages import fates
from gateway.restore import RestoreCounts

POLICY = Policy(name="p", digest="0123456789abcdef" * 4, entities={})


def test_an_answer_says_what_became_known() -> None:
    progress = Progress(exchange="x", policy=POLICY)
    progress.decision = Decision(
        effect=Effect.PERMIT, policy=POLICY, findings=(), operators=(), counts={"PERSON": 2, "IBAN_CODE": 1}, blocked={}
    )
    with progress.timed("detect"):
        pass

    headers = dict(progress.headers())

    assert headers["x-cloister-policy"] == "0123456789ab"
    assert headers["x-cloister-entities"] == "IBAN_CODE=1,PERSON=2"
    assert headers["server-timing"].startswith("detect;dur=")


def test_a_request_that_met_no_policy_is_denied() -> None:
    headers = dict(Progress(exchange="x").headers())

    assert (headers["x-cloister-decision"], headers["x-cloister-policy"]) == ("deny", "")


def test_times_of_one_stage_add_up() -> None:
    progress = Progress(exchange="x")
    for _ in range(2):
        with progress.timed("audit"):
            pass

    assert list(progress.seconds) == ["audit"]


def counted(name: str, **labels: str) -> float:
    return REGISTRY.get_sample_value(name, labels) or 0.0


def test_the_time_of_a_stage_is_observed_also_when_it_fails() -> None:
    before = counted("cloister_stage_seconds_count", stage="upstream")

    with pytest.raises(KeyError), Progress(exchange="x").timed("upstream"):
        raise KeyError

    assert counted("cloister_stage_seconds_count", stage="upstream") == before + 1


def test_what_became_of_placeholders_is_told_and_counted() -> None:
    before = counted("cloister_placeholders_total", fate="withheld")

    assert fates(RestoreCounts(restored=1, invented=2, withheld=3)) == {"restored": 1, "invented": 2, "withheld": 3}
    assert counted("cloister_placeholders_total", fate="withheld") == before + 3
