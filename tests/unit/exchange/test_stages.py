from gateway.core.decision import Decision, Effect
from gateway.core.policy import Policy
from gateway.exchange import Progress

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
