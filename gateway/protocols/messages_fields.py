"""What may stand in a request to ``/v1/messages`` or its ``count_tokens``, field by field, as vLLM 0.32.0 reads it.

Law: this table is the allow-list. A field that is not here is refused, and so is a value that its shape does not
foresee; a refusal says why. vLLM turns a request into one for its chat endpoint and ignores what it does not know, so
what it would ignore is left out here, or refused where the client counts on it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Final

from gateway.core.content import PartKind
from gateway.protocols import json_schema
from gateway.protocols.fields import (
    CALL_ID,
    FLAG,
    GENERATION,
    IN_SCHEMA,
    MEDIA,
    MODEL_NAME,
    NEIGHBOURS,
    NOT_YET,
    OWN_AFFAIRS,
    REFUSED,
    TEXT,
    WORD,
)
from gateway.protocols.shapes import (
    Dropped,
    Either,
    Free,
    ListOf,
    Number,
    Picture,
    Record,
    Refused,
    Schema,
    Shape,
    Tagged,
    Words,
    vocabulary,
    without,
    words_of,
)

_TOKENS: Final = Number(low=1, high=100_000_000, whole=True)
_MOST_BLOCKS: Final = 10_000
_SCHEMA: Final = Either({dict: Schema()})

# Blocks of a message

_TEXT_BLOCK: Final = Record(
    fields={
        "type": Words(vocabulary("text")),
        "text": TEXT,
        "cache_control": Dropped(),
        "citations": Dropped(),
    },
    needs=vocabulary("text"),
)
_IMAGE: Final = Record(
    fields={"type": Words(vocabulary("image")), "source": Picture(source=True), "cache_control": Dropped()},
    needs=vocabulary("source"),
    apart=True,
)
_REFUSED_BLOCKS: Final = dict.fromkeys(vocabulary("image document container_upload"), MEDIA) | dict.fromkeys(
    vocabulary(
        """search_result server_tool_use web_search_tool_result web_fetch_tool_result code_execution_tool_result
        bash_code_execution_tool_result text_editor_code_execution_tool_result tool_search_tool_result mcp_tool_use
        mcp_tool_result tool_reference tool_addition tool_removal compaction"""
    ),
    NOT_YET,
)


def _content(**others: Record) -> Either:
    blocks = Tagged(tag="type", variants={"text": _TEXT_BLOCK, **others}, refused=without(_REFUSED_BLOCKS, others))
    return Either({str: TEXT, list: ListOf(item=blocks, most=_MOST_BLOCKS, joined=True)})


# vLLM reads no signature, and skips what was redacted: both are opaque, so nobody could look into them either
_THINKING: Final = Record(
    fields={
        "type": Words(vocabulary("thinking")),
        "thinking": TEXT,
        "signature": Dropped(),
        "cache_control": Dropped(),
    },
    needs=vocabulary("thinking"),
    among="thinking",
)
_REDACTED_THINKING: Final = Record(
    fields={"type": Words(vocabulary("redacted_thinking")), "data": Dropped(), "cache_control": Dropped()}
)
_TOOL_USE: Final = Record(
    fields={
        "type": Words(vocabulary("tool_use")),
        "id": CALL_ID,
        "name": WORD,
        "input": Either({dict: Free(kind=PartKind.ARGUMENTS)}),
        "cache_control": Dropped(),
        "caller": Dropped(),
        "toolset_name": Refused(NOT_YET),
    },
    needs=vocabulary("id name input"),
    apart=True,
)
_TOOL_RESULT: Final = Record(
    fields={
        "type": Words(vocabulary("tool_result")),
        "tool_use_id": CALL_ID,
        "content": _content(image=_IMAGE),
        "is_error": FLAG,
        "cache_control": Dropped(),
        "toolset_name": Refused(NOT_YET),
    },
    needs=vocabulary("tool_use_id"),
    apart=True,
)

# Messages, by role

_ROLE: Final = Words(vocabulary("user assistant system"))


def _message(**blocks: Record) -> Record:
    return Record(fields={"role": _ROLE, "content": _content(**blocks)}, needs=vocabulary("content"))


_MESSAGE: Final = Tagged(
    tag="role",
    variants={
        "user": _message(tool_result=_TOOL_RESULT, image=_IMAGE),
        "assistant": _message(thinking=_THINKING, redacted_thinking=_REDACTED_THINKING, tool_use=_TOOL_USE),
        "system": _message(),
    },
    refused={},
)

# Tools

_TOOL: Final = Record(
    fields={
        "type": Words(vocabulary("custom")),
        "name": WORD,
        "description": IN_SCHEMA,
        "input_schema": _SCHEMA,
        "strict": FLAG,
        "defer_loading": FLAG,
        "allowed_callers": Refused(NOT_YET, unless=(["direct"],)),
        "cache_control": Dropped(),
        "eager_input_streaming": Dropped(),
        "input_examples": Dropped(),
    },
    needs=vocabulary("name input_schema"),
)


def _choice(kind: str, **fields: Shape) -> Record:
    given = {"type": Words(frozenset({kind})), "disable_parallel_tool_use": FLAG, **fields}
    return Record(fields=given, needs=frozenset({"type", *fields}))


_TOOL_CHOICE: Final = Tagged(
    tag="type",
    variants={
        "auto": _choice("auto"),
        "any": _choice("any"),
        "none": _choice("none"),
        "tool": _choice("tool", name=WORD),
    },
    refused={},
)

# How the model thinks, and what the answer must look like

_DISPLAY: Final = Words(vocabulary("summarized omitted updates"))
_THINKS: Final = Tagged(
    tag="type",
    variants={
        "enabled": Record(
            fields={"type": Words(vocabulary("enabled")), "budget_tokens": _TOKENS, "display": _DISPLAY},
            needs=vocabulary("budget_tokens"),
        ),
        "adaptive": Record(fields={"type": Words(vocabulary("adaptive")), "display": _DISPLAY}),
        "disabled": Record(fields={"type": Words(vocabulary("disabled"))}),
    },
    refused={"between_tools": NOT_YET},
)
_OUTPUT_CONFIG: Final = Record(
    fields={
        "effort": Words(vocabulary("low medium high xhigh max")),
        "format": Record(
            fields={"type": Words(vocabulary("json_schema")), "schema": _SCHEMA}, needs=vocabulary("schema")
        ),
    }
)

_ANTHROPICS_AFFAIRS: Final[Mapping[str, Shape]] = {
    "cache_control": Dropped(),
    "context_management": Dropped(),
    "diagnostics": Dropped(),
    "inference_geo": Dropped(),
    "speed": Dropped(),
}
"""Of no meaning to vLLM: what a request costs, and where and from which cache Anthropic serves it."""

_ANTHROPICS_SERVICES: Final[Mapping[str, Shape]] = {
    "compaction": Refused(NOT_YET),
    "container": Refused(NOT_YET),
    "fallbacks": Refused(NOT_YET),
    "mcp_servers": Refused(NOT_YET, unless=([],)),
    "thread": Refused(NOT_YET),
}

_PROMPT: Final[Mapping[str, Shape]] = {
    **OWN_AFFAIRS,
    **REFUSED,
    **_ANTHROPICS_AFFAIRS,
    **_ANTHROPICS_SERVICES,
    "model": MODEL_NAME,
    "messages": ListOf(item=_MESSAGE, most=10_000),
    "system": _content(text=replace(_TEXT_BLOCK, skipped="x-anthropic-billing-header")),
    "tools": ListOf(item=_TOOL, most=1024),
    "tool_choice": _TOOL_CHOICE,
    "thinking": _THINKS,
    "output_config": _OUTPUT_CONFIG,
    "output_format": Refused("It is not read here: use output_config.format."),
    "chat_template_kwargs": Free(),
}
"""What makes the prompt, and so its length too."""

COUNT_REQUEST: Final = Record(fields=_PROMPT, needs=vocabulary("messages model"))

REQUEST: Final = Record(
    fields={
        **_PROMPT,
        **{name: GENERATION[name] for name in ("stream", "temperature", "top_k", "top_p", "watermarking")},
        "max_tokens": _TOKENS,
        "stop_sequences": ListOf(item=TEXT, most=16),
        "metadata": Free(),
    },
    needs=vocabulary("max_tokens messages model"),
)

INERT: Final = frozenset(words_of(REQUEST)) | json_schema.WORDS
"""All that is fixed in a request: field names, roles, block types, schema keywords."""

KNOWN: Final = INERT | NEIGHBOURS | GENERATION.keys()
"""Field names that an error may repeat."""
