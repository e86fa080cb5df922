"""A value in every place and disguise of a chat request: what leaves does not hold it, and the pieces come back."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from functools import cache
from typing import Any

import pytest

from gateway.core.decision import Decision
from gateway.core.findings import ENTITY_TYPES
from gateway.core.operators import Operator, OperatorConfig
from gateway.core.policy import Allowance, EntityRule, Policy
from gateway.core.ports import Asker
from gateway.core.sensitive import Sensitive
from gateway.detect.analyzer import PresidioDetector
from gateway.detect.raw import Raw
from gateway.detect.scanner import Scanner
from gateway.policy import decide
from gateway.policy.patterns import compiled
from gateway.protocols import ChatLens
from gateway.transform import apply

LENS = ChatLens()
RULE = EntityRule(operator=OperatorConfig(operator=Operator.PSEUDONYMISE), threshold=0.4)
POLICY = Policy(name="p", digest="0" * 64, entities=dict.fromkeys(ENTITY_TYPES, RULE))


@cache
def scanner() -> Scanner:
    return Scanner("patterns", "")


class Here:
    """A pool without processes."""

    async def run(
        self, texts: list[str], entities: list[str], asker: Asker, recognizers: bytes = b""
    ) -> list[list[Raw]]:
        return scanner().scan(texts, entities)


class Prints:
    """The keyed hash of a value, which no test here looks at."""

    def fingerprint(self, tenant: str, entity_type: str, value: str) -> str:
        return "ab" * 32


async def leaving(body: Any, policy: Policy = POLICY) -> str:
    """Return what the backend would receive, decoded as deep as it goes."""
    request = LENS.request(json.dumps(body).encode())
    findings = await PresidioDetector(Here()).analyze(request.segments, policy, asker=("t", "k"))
    decision: Decision = decide(policy, findings)
    safe = apply(decision, request.segments, tenant="t", fingerprints=Prints())
    out = safe.replacements.clean(LENS.write(request, safe.texts), LENS.inert).decode()
    assert json.loads(LENS.write(request, [each.text for each in request.segments]))["model"] == "m"
    return out.replace("\\", "")


def said(content: Any, **fields: Any) -> dict[str, Any]:
    return {"model": "m", "messages": [{"role": "user", "content": content}], **fields}


def called(arguments: str) -> dict[str, Any]:
    call = {"id": "c", "type": "function", "function": {"name": "f", "arguments": arguments}}
    return {"model": "m", "messages": [{"role": "assistant", "tool_calls": [call]}]}


def parts(*texts: str) -> list[dict[str, str]]:
    return [{"type": "text", "text": text} for text in texts]


PLACES: dict[str, Callable[[Any], dict[str, Any]]] = {
    "content": lambda value: said(json.dumps(value, ensure_ascii=False)),
    "escaped content": lambda value: said(json.dumps(["é", value])),
    "content with a prefix": lambda value: said("Result: " + json.dumps(["é", value])),
    "json lines": lambda value: said(json.dumps(["é"]) + "\n" + json.dumps(value)),
    "json that is broken": lambda value: said(json.dumps(["é", value])[:-1] + ",]"),
    "json in json": lambda value: said(json.dumps({"inner": json.dumps(["é", value])})),
    "tool result": lambda value: {
        "model": "m",
        "messages": [{"role": "tool", "tool_call_id": "c", "content": json.dumps(["é", value])}],
    },
    "arguments": lambda value: called(json.dumps(value)),
    "arguments in arguments": lambda value: called(json.dumps({"args": json.dumps(["é", value])})),
    "metadata": lambda value: said("hi", metadata={"m": value}),
    "metadata as a string": lambda value: said("hi", metadata={"m": json.dumps(["é", value])}),
    "template arguments": lambda value: said("hi", chat_template_kwargs={"m": value}),
}
VALUES = {
    "Tr0ub4dor77x": {"password": "Tr0ub4dor77x"},
    "a8f3Kd93hdk2LL": {"api_key": "a8f3Kd93hdk2LL"},
    "482913": {"password": 482913},
    "bob.canary@corp.local": {"to": ["bob.canary@corp.local"]},
    "5555555555554444": {"card": 5555555555554444},
}


@pytest.mark.parametrize("place", PLACES)
@pytest.mark.parametrize("value", VALUES)
async def test_it_does_not_leave(place: str, value: str) -> None:
    out = await leaving(PLACES[place](VALUES[value]))

    assert value not in out
    assert "<" in out


ALONE = (
    *("4111 1111 1111 1111", "536-22-8147", "(212) 555-0143", "10.20.30.44", "DE89370400440532013000"),
    *("bob.canary@corp.local", "AKIAIOSFODNN7EXAMPLE", "ghp_" + "a1B2" * 9),
)
BREAKS = ("\n", "\r\n", "\t", "\x0c", '"', "\\", "\x0b")


@pytest.mark.parametrize("gap", BREAKS, ids=ascii)
@pytest.mark.parametrize("value", ALONE)
async def test_an_escape_before_it_does_not_hide_it(gap: str, value: str) -> None:
    text = f"it:{gap}{value}{gap}ok"
    once = json.dumps({"body": text})
    for content in (once, json.dumps({"inner": once}), once.replace('\\"', "\\u0022"), "Result: " + once):
        assert value not in await leaving(said(content)), content
    assert value not in await leaving(called(json.dumps({"args": once})))


@pytest.mark.parametrize("gap", BREAKS, ids=ascii)
async def test_a_known_value_is_known_behind_an_escape(gap: str) -> None:
    known = "my password: Maria-482913"
    out = await leaving(said(known, metadata={"m": "Result: " + json.dumps({"b": f"x{gap}Maria-482913{gap}n"})}))

    assert "Maria-482913" not in out


@pytest.mark.parametrize("key", ["default", "const", "enum", "examples", "x-pin"])
async def test_a_known_number_is_known_in_a_schema(key: str) -> None:
    schema = {"type": "object", "properties": {"pin": {key: [482913]}}}
    tool = {"type": "function", "function": {"name": "f", "parameters": schema}}

    assert "482913" not in await leaving(said("my password: 482913", tools=[tool]))


async def test_a_long_key_over_two_parts_leaves_in_no_part() -> None:
    lines = [f"{at:064}" for at in range(26)]
    key = "-----BEGIN RSA PRIVATE KEY-----\n" + "\n".join(lines) + "\n-----END RSA PRIVATE KEY-----"
    out = await leaving(said(parts(key[:1000], key[1000:])))

    assert not any(line in out for line in lines)


@pytest.mark.parametrize("disguise", [r"\u0062ob.canary@corp.local", r"bob.canary\u0040corp.local", r"\\u0062ob.canary@corp.local"])  # fmt: skip
@pytest.mark.parametrize("place", ["content", "metadata", "arguments", "template arguments"])
async def test_escapes_do_not_hide_it(place: str, disguise: str) -> None:
    assert "canary" not in await leaving(PLACES[place]({"to": disguise}))


@pytest.mark.parametrize(
    "texts",
    [
        ("my card 4111 1111", "1111 1111 please"),
        ("my card 4111 11", "11 11", "11 1111"),
        ("write to bob.can", "ary@corp.local"),
        ("x" * 900 + " mail bob.can", "ary@corp.local " + "y" * 900),
    ],
)
async def test_parts_of_a_message_do_not_hide_it(texts: tuple[str, ...]) -> None:
    out = await leaving(said(parts(*texts)))

    for piece in ("4111", "1111", "bob.can", "ary@"):
        assert piece not in out


async def test_a_value_found_once_is_gone_everywhere() -> None:
    out = await leaving(said("my password: 482913", metadata={"p": 482913, "q": [1, 482913], "r": "482913"}))

    assert "482913" not in out
    assert out.count("<SECRET_1>") == 4


async def test_what_is_no_value_leaves_as_it_was() -> None:
    text = r"In Python, \u00e9 is é and \/ is /"
    request = LENS.request(json.dumps(said(text)).encode())
    texts = [Sensitive(each.text.reveal()) for each in request.segments]

    assert json.loads(LENS.write(request, texts))["messages"][0]["content"] == text


YAML = "password: Tr0ub4dor77x\napi_key: Xk9Lm2Pq8ZtAA\ntoken: Qw7Er5Ty3Uu"


@pytest.mark.parametrize("wrap", [str, lambda text: json.dumps({"file": text}), lambda text: json.dumps([text, 1])])
@pytest.mark.parametrize("place", ["content", "metadata", "tool"])
async def test_lines_of_secrets_are_seen_however_they_are_wrapped(wrap: Callable[[str], str], place: str) -> None:
    text = wrap(YAML)
    body = said("x", metadata={"a": text}) if place == "metadata" else said(text)
    if place == "tool":
        body["messages"] = [{"role": "tool", "tool_call_id": "c", "content": text}]

    out = await leaving(body)

    assert not any(secret in out for secret in ("Tr0ub4dor77x", "Xk9Lm2Pq8ZtAA", "Qw7Er5Ty3Uu"))


@pytest.mark.parametrize(
    "parts", [("my password: ", "Tr0ub4dor77x"), ("Authorization: Bearer ", "abcDEF0123456789abcDEF")]
)
async def test_a_word_in_one_part_leads_to_the_secret_in_the_next(parts: tuple[str, str]) -> None:
    out = await leaving(said([{"type": "text", "text": part} for part in parts]))

    assert parts[1] not in out


@pytest.mark.parametrize(
    "text",
    [
        "db: postgres://app:Tr0ub4dor77x@db.corp.local/x\nlog in with Tr0ub4dor77x",
        "?password=Tr0ub4dor77x&user=bob then type Tr0ub4dor77x",
    ],
)
async def test_a_value_within_a_larger_one_is_known_by_itself(text: str) -> None:
    assert "Tr0ub4dor77x" not in await leaving(said(text))
    assert "Tr0ub4dor77x" not in await leaving(
        said(text.split("log in", maxsplit=1)[0], metadata={"a": "Tr0ub4dor77x"})
    )


async def test_an_allow_pattern_is_asked_about_a_value_as_a_whole() -> None:
    parts = ["card 4111", " ", "1111", " ", "1111", " ", "1111"]
    allowing = replace(POLICY, allow=(Allowance(types=frozenset(ENTITY_TYPES), patterns=(compiled(r"\d{4}"),)),))

    out = await leaving(said([{"type": "text", "text": part} for part in parts]), allowing)

    assert "1111" not in out


@pytest.mark.parametrize("number", ["4111111111111111.7e5", "123456.4111111111111111"])
async def test_a_number_in_arguments_is_read_as_it_is_sent(number: str) -> None:
    call = {"id": "c", "type": "function", "function": {"name": "f", "arguments": f'{{"x": {number}}}'}}

    out = await leaving({"model": "m", "messages": [{"role": "assistant", "tool_calls": [call]}]})

    assert number not in out
