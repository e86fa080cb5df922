"""One question, asked with the official SDK of each protocol, and what came back of it: texts, and arguments of tools."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import anthropic
import openai

SCHEMA: Any = {"type": "object", "properties": {"to": {"type": "string"}}}


@dataclass(slots=True)
class Heard:
    """What an application has heard, in order."""

    text: str = ""
    thought: str = ""
    arguments: list[str] = field(default_factory=list)


Ask = Callable[..., Heard]


def chat(url: str, key: str, prompt: str, tools: tuple[str, ...] = (), *, streamed: bool) -> Heard:
    """Ask ``/v1/chat/completions``."""
    given: Any = [{"type": "function", "function": {"name": name, "parameters": SCHEMA}} for name in tools]
    asked: Any = {"model": "tiny-moe", "messages": [{"role": "user", "content": prompt}]}
    asked |= {"tools": given} if given else {}
    heard = Heard()
    with openai.OpenAI(base_url=f"{url}/v1", api_key=key, max_retries=0) as client:
        if not streamed:
            message = client.chat.completions.create(**asked).choices[0].message
            heard.text, heard.thought = message.content or "", getattr(message, "reasoning", None) or ""
            heard.arguments = [call.function.arguments for call in message.tool_calls or []]
            return heard
        for chunk in client.chat.completions.create(**asked, stream=True):
            delta = chunk.choices[0].delta
            heard.text += delta.content or ""
            heard.thought += getattr(delta, "reasoning", None) or ""
            for call in delta.tool_calls or []:
                heard.arguments += [""] * (call.index + 1 - len(heard.arguments))
                heard.arguments[call.index] += call.function.arguments or ""
    return heard


def completions(url: str, key: str, prompt: str, tools: tuple[str, ...] = (), *, streamed: bool) -> Heard:
    """Ask ``/v1/completions``, which has text alone."""
    assert not tools
    with openai.OpenAI(base_url=f"{url}/v1", api_key=key, max_retries=0) as client:
        if not streamed:
            return Heard(client.completions.create(model="tiny-moe", prompt=prompt).choices[0].text)
        chunks = client.completions.create(model="tiny-moe", prompt=prompt, stream=True)
        return Heard("".join(chunk.choices[0].text for chunk in chunks))


def responses(url: str, key: str, prompt: str, tools: tuple[str, ...] = (), *, streamed: bool) -> Heard:
    """Ask ``/v1/responses``; of a stream the pieces, which its repeats must equal."""
    asked: Any = {"model": "tiny-moe", "input": prompt, "store": False}
    asked |= {"tools": [{"type": "function", "name": name, "parameters": SCHEMA, "strict": False} for name in tools]}
    with openai.OpenAI(base_url=f"{url}/v1", api_key=key, max_retries=0) as client:
        if not streamed:
            return _of_response(client.responses.create(**asked))
        pieces: dict[tuple[int, str], str] = {}
        for event in client.responses.create(**asked, stream=True):
            if event.type == "error":
                raise openai.OpenAIError(event.message)
            _, _, kind = event.type.partition("response.")
            if kind.endswith(".delta"):
                stem = kind.removesuffix(".delta")
                pieces[event.output_index, stem] = pieces.get((event.output_index, stem), "") + event.delta
            elif kind in {"output_text.done", "reasoning_text.done"}:
                assert event.text == pieces[event.output_index, kind.removesuffix(".done")]
            elif kind == "function_call_arguments.done":
                assert event.arguments == pieces[event.output_index, "function_call_arguments"]
            elif kind == "completed":
                final = _of_response(event.response)
    texts = {stem: "".join(text for (_, kind), text in pieces.items() if kind == stem) for _, stem in pieces}
    arguments = [text for (_, kind), text in pieces.items() if kind == "function_call_arguments"]
    heard = Heard(texts.get("output_text", ""), texts.get("reasoning_text", ""), arguments)
    assert heard == final
    return heard


def _of_response(response: Any) -> Heard:
    heard = Heard()
    for item in response.output:
        match item.type:
            case "message":
                heard.text += item.content[0].text
            case "reasoning":
                heard.thought += item.content[0].text
            case "function_call":
                heard.arguments.append(item.arguments)
    return heard


def messages(url: str, key: str, prompt: str, tools: tuple[str, ...] = (), *, streamed: bool) -> Heard:
    """Ask ``/v1/messages``."""
    asked: Any = {"model": "tiny-moe", "max_tokens": 100, "messages": [{"role": "user", "content": prompt}]}
    asked |= {"tools": [{"name": name, "input_schema": SCHEMA} for name in tools]} if tools else {}
    heard = Heard()
    with anthropic.Anthropic(base_url=url, api_key=key, max_retries=0) as client:
        if not streamed:
            for block in client.messages.create(**asked).content:
                heard.text += block.text if block.type == "text" else ""
                heard.thought += block.thinking if block.type == "thinking" else ""
                heard.arguments += [str(block.input)] if block.type == "tool_use" else []
            return heard
        for event in client.messages.create(**asked, stream=True):
            if event.type == "content_block_start" and event.content_block.type == "tool_use":
                heard.arguments.append("")
            elif event.type == "content_block_delta":
                match event.delta.type:
                    case "text_delta":
                        heard.text += event.delta.text
                    case "thinking_delta":
                        heard.thought += event.delta.thinking
                    case "input_json_delta":
                        heard.arguments[-1] += event.delta.partial_json
    return heard


ASKERS: dict[str, Ask] = {"chat": chat, "completions": completions, "responses": responses, "messages": messages}
