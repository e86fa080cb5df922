import json
from dataclasses import replace
from random import Random
from typing import Any

import pytest

from gateway.core.operators import Operator, OperatorConfig
from gateway.core.policy import Policy
from gateway.eval.disguises import DISGUISES, Group
from gateway.eval.gate import Gate
from gateway.eval.leaks import Outcome, Trial, has_leaked, trials, tried
from gateway.eval.placements import PLACEMENTS
from gateway.eval.planted import Planted
from gateway.eval.sides import Plan, policy_of

EMAIL = Planted("EMAIL_ADDRESS", "jane.roe12@corp.local", "Write to {} today.")


def trial(disguise: str = "none", place: str = "user", endpoint: str = "chat", value: Planted = EMAIL) -> Trial:
    placement = next(each for each in PLACEMENTS if (each.name, each.endpoint) == (place, endpoint))
    hidden = DISGUISES[disguise].hide(value.value, Random(1))
    text = hidden if placement.told else value.said(hidden)
    return Trial(value=value, disguise=DISGUISES[disguise], placement=placement, hidden=hidden, text=text)


def body(content: Any) -> bytes:
    return json.dumps({"messages": [{"content": content}]}).encode()


@pytest.mark.parametrize(
    "content",
    [
        "Write to jane.roe12@corp.local today.",
        "JANE.ROE12 and so on",
        "… 2@corp.local",
        "j\u200bane.ro\u00ade12@x",
        "ｊａｎｅ．ｒｏｅ１２",
        r"jane\u002eroe12",
        {"jane.roe12@corp.local": 1},
        json.dumps({"inner": json.dumps(["jane.roe12@corp.local"])}),
        [{"text": "jane.roe12"}, {"text": "<EMAIL_ADDRESS_1>"}],
    ],
)
def test_any_half_that_can_be_read_is_a_leak(content: Any) -> None:
    assert has_leaked(trial(), body(content))


@pytest.mark.parametrize(
    "content", ["Write to <EMAIL_ADDRESS_1> today.", "jane", "corp", "{broken", "", None, [1, True]]
)
def test_other_words_are_none(content: Any) -> None:
    assert not has_leaked(trial(), body(content))


def test_a_number_leaks_as_a_number_and_short_halves_are_none() -> None:
    short = trial(value=Planted("UK_BANK_ACCOUNT", "20-11-22", "Sort code {}."))

    assert has_leaked(short, body([201122]))
    assert not has_leaked(short, body("201 and 122 and 22"))


def test_the_gateway_s_own_marks_are_no_leak() -> None:
    number = trial(value=Planted("US_BANK_NUMBER", "123456781234", "Account {}."))
    salted = json.dumps({"cache_salt": "0123456abc781234", "messages": []}).encode()

    assert not has_leaked(number, salted)
    assert not has_leaked(number, body("<US_BANK_NUMBER_1234>"))


def test_a_disguise_without_letters_leaks_as_it_is() -> None:
    tags = trial("tags")

    assert has_leaked(tags, body(f"Write to {tags.hidden} today."))
    assert not has_leaked(tags, body("Write to <EMAIL_ADDRESS_1> today."))


def test_what_lies_beyond() -> None:
    assert trial().group is Group.PLAIN
    assert trial("wide").group is Group.NORMALISABLE
    assert trial("dots").group is Group.BEYOND
    assert trial("none", "two messages").group is Group.BEYOND
    assert trial("none", "metadata, told before").group is Group.PLAIN
    assert trial("wide", "metadata, told before").group is Group.NORMALISABLE
    assert trial("two lines", "metadata, told before").group is Group.BEYOND


def test_a_value_is_split_in_its_middle_and_told_as_it_is() -> None:
    first, second = [part["text"] for part in json.loads(trial("none", "two parts").body())["messages"][0]["content"]]
    told = json.loads(trial("wide", "metadata, told before").body())

    assert (first, second) == ("Write to jane.roe12", "@corp.local today.")
    assert told["messages"][0]["content"] == "Write to jane.roe12@corp.local today."
    assert told["metadata"]["note"] == trial("wide").hidden


def test_a_seed_draws_the_same_trials_and_a_limit_fewer() -> None:
    some = list(trials(["embeddings"], seed=3, limit=200))

    assert some == list(trials(["embeddings"], seed=3, limit=200))
    assert some != list(trials(["embeddings"], seed=4, limit=200))
    assert 100 < len(some) <= 200
    assert {each.placement.endpoint for each in some} == {"embeddings"}
    assert all(each.hidden != each.value.value or each.disguise.name == "none" for each in some)


def test_every_combination_is_tried_where_there_is_no_limit() -> None:
    met = {(each.value.kind, each.placement.name) for each in trials(["embeddings"], seed=1, limit=0)}
    plain = [each for each in trials(["embeddings"], seed=1, limit=0) if each.disguise.name == "none"]

    assert len(plain) == len(met)


def keeping(operator: Operator) -> Policy:
    policy = policy_of(Plan())
    rule = replace(policy.entities["EMAIL_ADDRESS"], operator=OperatorConfig(operator=operator))
    return replace(policy, entities={**policy.entities, "EMAIL_ADDRESS": rule})


@pytest.mark.parametrize(
    ("operator", "refused", "leaked"),
    [(Operator.PSEUDONYMISE, False, False), (Operator.KEEP, False, True), (Operator.BLOCK, True, False)],
)
async def test_what_became_of_it(operator: Operator, refused: bool, leaked: bool) -> None:
    gate = Gate(engine="patterns", model="", policy=keeping(operator))
    one = trial("wide", "tool arguments")

    assert await tried(gate, one) == Outcome(trial=one, refused=refused, leaked=leaked)
