import json
import re
import uuid
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gateway.core.content import PartKind
from gateway.core.errors import BackendUnavailable, ProtocolError
from gateway.core.sensitive import Sensitive
from gateway.protocols.json_text import is_lenient_json
from gateway.protocols.lens import ParsedRequest
from gateway.protocols.openai_chat import ChatLens

LENS = ChatLens()
EXCHANGE = uuid.UUID("01920000-0000-7000-8000-000000000001")

TEXT = st.text(max_size=12)
PROSE = TEXT.filter(lambda text: not is_lenient_json(text))
NUMBER = st.integers(-(2**63), 2**63 - 1) | st.floats(allow_nan=False, allow_infinity=False)
FREE = st.recursive(
    st.none() | st.booleans() | NUMBER | TEXT,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(TEXT, inner, max_size=3),
    max_leaves=8,
)
KEYWORD = st.sampled_from(["type", "properties", "enum", "items", "$defs", "required", "anyOf", "description", "x-own"])
SCHEMA = st.dictionaries(KEYWORD | TEXT, FREE, max_size=4)
CALL = st.fixed_dictionaries(
    {"id": st.just("call_1"), "type": st.just("function")},
).flatmap(
    lambda call: (FREE.map(json.dumps) | PROSE).map(lambda text: {**call, "function": {"name": "f", "arguments": text}})
)
MESSAGE = st.one_of(
    st.fixed_dictionaries({"role": st.sampled_from(["user", "system"]), "content": TEXT}, optional={"name": TEXT}),
    st.fixed_dictionaries(
        {"role": st.just("user"), "content": st.lists(st.fixed_dictionaries({"type": st.just("text"), "text": TEXT}))}
    ),
    st.fixed_dictionaries(
        {"role": st.just("assistant"), "content": st.none() | TEXT, "tool_calls": st.lists(CALL, max_size=2)}
    ),
    st.fixed_dictionaries(
        {"role": st.just("tool"), "tool_call_id": st.just("call_1"), "content": TEXT | FREE.map(json.dumps)}
    ),
)
BODY = st.fixed_dictionaries(
    {"model": st.just("m"), "messages": st.lists(MESSAGE, max_size=3)},
    optional={
        "metadata": FREE,
        "user": TEXT,
        "stop": TEXT | st.lists(TEXT, max_size=3),
        "tools": st.lists(
            st.fixed_dictionaries({"function": st.fixed_dictionaries({"name": TEXT, "parameters": SCHEMA})}), max_size=2
        ),
        "temperature": st.floats(0, 2),
        "seed": st.integers(-(2**63), 2**63 - 1),
        "logit_bias": st.dictionaries(st.integers(0, 99_999).map(str), st.floats(-100, 100), max_size=2),
    },
)


def body(**fields: Any) -> bytes:
    return json.dumps({"model": "m", "messages": [{"role": "user", "content": "Hi"}], **fields}).encode()


def same(request: ParsedRequest) -> list[Sensitive[str]]:
    return [segment.text for segment in request.segments]


def found(raw: bytes) -> list[tuple[str, str, str, str]]:
    return [(s.pointer, s.kind.value, s.role, s.text.reveal()) for s in LENS.request(raw).segments]


def meaning(value: Any) -> Any:
    """Return a body with the JSON in its strings decoded, so that only its meaning is compared."""
    match value:
        case str():
            try:
                return ["embedded", json.loads(value)]
            except ValueError:
                return value
        case list():
            return [meaning(item) for item in value]
        case dict():
            return {key: meaning(item) for key, item in value.items()}
        case _:
            return value


def without(value: Any, pointers: tuple[str, ...]) -> Any:
    for pointer in pointers:
        *path, last = pointer.split("/")[1:]
        parent = value
        for token in path:
            parent = parent[int(token)] if isinstance(parent, list) else parent[token]
        del parent[last]
    return value


@given(BODY)
def test_identical_texts_give_the_same_body(value: Any) -> None:
    request = LENS.request(json.dumps(value).encode())
    assert meaning(json.loads(LENS.write(request, same(request)))) == meaning(value)


@given(BODY)
def test_no_text_remains_when_all_is_replaced(value: Any) -> None:
    request = LENS.request(json.dumps(value).encode())
    texts = [Sensitive(f"r{i}") for i in range(len(request.segments))]
    again = LENS.request(LENS.write(request, texts))
    ours = re.compile(r'r\d+|null|true|false|[-+0-9.e]+|[\[\]{}":,]')
    assert [rest for segment in again.segments if (rest := ours.sub("", segment.text.reveal()))] == []


def test_the_full_body_comes_out_as_it_went_in(full_request: Any) -> None:
    request = LENS.request(json.dumps(full_request).encode())
    written = json.loads(LENS.write(request, same(request)))
    assert set(request.dropped) == {
        "/messages/1/content/0/cache_control", "/messages/3/annotations", "/messages/3/audio", "/messages/3/function_call",
        "/messages/3/tool_calls/0/index", "/stream_options/include_obfuscation", "/logprobs", "/top_logprobs", "/echo",
        "/store", "/cache_salt", "/request_id", "/service_tier",
    }  # fmt: skip
    assert meaning(written) == meaning(without(full_request, request.dropped))


def test_what_a_request_says_of_itself(full_request: Any) -> None:
    request = LENS.request(json.dumps(full_request).encode())
    assert (request.model, request.streamed) == ("tiny-moe", True)
    assert request.tools.reveal() == {"get_record", "send"}
    plain = LENS.request(body())
    assert (plain.streamed, plain.json_content) == (False, False)
    assert plain.tools.reveal() == frozenset()


@pytest.mark.parametrize(
    ("fields", "json_content"),
    [
        ({"response_format": {"type": "json_object"}}, True),
        ({"response_format": {"type": "json_schema", "json_schema": {"name": "x", "schema": {}}}}, True),
        ({"response_format": {"type": "text"}}, False),
        ({"response_format": None}, False),
        ({"structured_outputs": {"json": {}}}, True),
        ({"structured_outputs": {"json": "{}"}}, True),
        ({"structured_outputs": {"json_object": True}}, True),
        ({"structured_outputs": {"json": None, "choice": ["a"]}}, False),
    ],
)
def test_who_asks_for_json_gets_json(fields: dict[str, Any], *, json_content: bool) -> None:
    assert LENS.request(body(**fields)).json_content is json_content


def test_where_text_lives_in_messages() -> None:
    messages = [
        {"role": "user", "name": "bo", "content": [{"type": "text", "text": "a"}, {"type": "text", "text": "b"}]},
        {"role": "assistant", "content": None, "tool_calls": [
            {"id": "c1", "type": "function", "function": {"name": "f", "arguments": '{"city": "Z\\u00fcrich", "n": [4111111111111111]}'}},
        ]},
        {"role": "tool", "tool_call_id": "c1", "content": "ok"},
    ]  # fmt: skip
    assert found(body(messages=messages)) == [
        ("/messages/0/name", "name", "user", "bo"),
        ("/messages/0/content/0/text", "text", "user", "a"),
        ("/messages/0/content/1/text", "text", "user", "b"),
        ("/messages/1/tool_calls/0/id", "name", "assistant", "c1"),
        ("/messages/1/tool_calls/0/function/name", "name", "assistant", "f"),
        ("/messages/1/tool_calls/0/function/arguments#/city", "key", "assistant", "city"),
        ("/messages/1/tool_calls/0/function/arguments#/city", "arguments", "assistant", "Zürich"),
        ("/messages/1/tool_calls/0/function/arguments#/n", "key", "assistant", "n"),
        ("/messages/1/tool_calls/0/function/arguments#/n/0", "number", "assistant", "4111111111111111"),
        ("/messages/2/tool_call_id", "name", "tool", "c1"),
        ("/messages/2/content", "text", "tool", "ok"),
    ]


def test_a_name_is_replaced_alike_wherever_it_stands() -> None:
    raw = body(
        tools=[
            {
                "type": "function",
                "function": {"name": "alma", "parameters": {"properties": {"alma": {}}, "required": ["alma"]}},
            }
        ],
        tool_choice={"type": "function", "function": {"name": "alma"}},
    )
    request = LENS.request(raw)
    texts = [Sensitive(s.text.reveal().replace("alma", "<PERSON_1>")) for s in request.segments]
    written = json.loads(LENS.write(request, texts))
    function = written["tools"][0]["function"]
    assert function["name"] == written["tool_choice"]["function"]["name"] == "<PERSON_1>"
    assert function["parameters"] == {"properties": {"<PERSON_1>": {}}, "required": ["<PERSON_1>"]}


def test_what_is_replaced_in_arguments_is_escaped() -> None:
    calls = [{"id": "c", "type": "function", "function": {"name": "f", "arguments": '{"a": "Alma"}'}}]
    request = LENS.request(body(messages=[{"role": "assistant", "tool_calls": calls}]))
    texts = [Sensitive('"quoted"\n' if s.text.reveal() == "Alma" else s.text.reveal()) for s in request.segments]
    written = json.loads(LENS.write(request, texts))
    assert json.loads(written["messages"][0]["tool_calls"][0]["function"]["arguments"]) == {"a": '"quoted"\n'}


def test_a_changed_number_becomes_text_where_text_may_stand_and_is_left_out_elsewhere() -> None:
    request = LENS.request(body(metadata={"card": 4111111111111111}, seed=4111111111111111, n=2))
    texts = [Sensitive("****1111" if s.kind is PartKind.NUMBER else s.text.reveal()) for s in request.segments]
    written = json.loads(LENS.write(request, texts))
    assert written["metadata"] == {"card": "****1111"}
    assert "seed" not in written
    assert written["n"] == 2


def test_keys_that_would_become_one_are_refused() -> None:
    request = LENS.request(body(metadata={"Alma": 1, "ALMA": 2}))
    texts = [Sensitive("<PERSON_1>" if s.kind is PartKind.KEY else s.text.reveal()) for s in request.segments]
    with pytest.raises(ProtocolError) as caught:
        LENS.write(request, texts)
    assert caught.value.pointer == "/metadata"


def test_the_clients_salt_goes_and_the_tenants_comes() -> None:
    request = LENS.request(body(cache_salt="client"))
    assert "cache_salt" not in json.loads(LENS.write(request, same(request)))
    assert json.loads(LENS.write(request, same(request), cache_salt="tenant"))["cache_salt"] == "tenant"


@pytest.mark.parametrize("depth", [60, 64, 65, 500, 100_000])
def test_no_depth_is_a_bug(depth: int) -> None:
    deep = '{"a":' * depth + "1" + "}" * depth
    calls = [{"id": "c", "function": {"name": "f", "arguments": deep}}]
    for raw in (
        body()[:-1] + b',"metadata":' + deep.encode() + b"}",
        body()[:-1]
        + b',"tools":[{"function":{"name":"f","parameters":'
        + deep.replace("a", "items").encode()
        + b"}}]}",
        body(messages=[{"role": "assistant", "tool_calls": calls}]),
    ):
        try:
            request = LENS.request(raw)
        except ProtocolError:
            assert depth > 55
        else:
            assert depth <= 64
            LENS.write(request, [Sensitive("x") for _ in request.segments])


@pytest.mark.parametrize(
    "raw", [b"", b"[]", b"1", b"null", b'"x"', b"{", b"\xff", b'{"model":"m","model":"m","messages":[]}']
)
def test_other_bodies_are_refused(raw: bytes) -> None:
    with pytest.raises(ProtocolError):
        LENS.request(raw)


def test_ids_are_the_exchanges() -> None:
    reply = LENS.reply(b'{"id":"their-id","choices":[],"model":"m","created":3}')
    written = json.loads(LENS.write_reply(reply, [], exchange=EXCHANGE))
    assert written["id"] == f"chatcmpl-{EXCHANGE}"
    event = LENS.event(b'{"id":"their-id","choices":[],"model":"m","created":3}')
    assert json.loads(LENS.write_event(event, [], exchange=EXCHANGE)[6:])["id"] == f"chatcmpl-{EXCHANGE}"


def test_errors_as_a_body_and_as_an_event() -> None:
    error = BackendUnavailable("x")
    assert LENS.error_event(error) == b"data: " + LENS.error(error) + b"\n\n"
    assert json.loads(LENS.error(error))["error"]["code"] == "backend_unavailable"
    assert LENS.write_event(LENS.event(b"[DONE]"), []) == b"data: [DONE]\n\n"
