"""What may stand in a request to ``/v1/chat/completions``, field by field, as vLLM 0.32.0 reads it.

Law: this table is the allow-list. A field that is not here is refused, and so is a value that its shape does not
foresee; what stands here has one treatment, and a refusal says why. vLLM itself ignores what it does not know and takes
every role, so nothing may be left to it.
"""

from __future__ import annotations

from typing import Final

from gateway.core.content import PartKind
from gateway.protocols import json_schema
from gateway.protocols.fields import (
    CALL_ID,
    COUNT,
    FLAG,
    GENERATION,
    IN_SCHEMA,
    LEGACY,
    MEDIA,
    NEIGHBOURS,
    NOT_YET,
    OWN_AFFAIRS,
    REFUSED,
    ROUTES,
    TEXT,
    UNREADABLE,
    WORD,
)
from gateway.protocols.shapes import (
    Document,
    Dropped,
    Either,
    Free,
    ListOf,
    Picture,
    Record,
    Refused,
    Schema,
    Tagged,
    Words,
    vocabulary,
    without,
    words_of,
)

# Parts of a message

_TEXT_PART: Final = Record(
    fields={
        "type": Words(vocabulary("text")),
        "text": TEXT,
        "prompt_cache_breakpoint": Dropped(),
        "cache_control": Dropped(),
    },
    needs=vocabulary("text"),
)
_REFUSAL_PART: Final = Record(
    fields={"type": Words(vocabulary("refusal")), "refusal": TEXT}, needs=vocabulary("refusal")
)
_THINKING_PART: Final = Record(
    fields={"type": Words(vocabulary("thinking")), "thinking": TEXT, "closed": FLAG}, needs=vocabulary("thinking")
)
_IMAGE_PART: Final = Record(
    fields={
        "type": Words(vocabulary("image_url")),
        "image_url": Record(
            fields={"url": Picture(), "detail": Words(vocabulary("auto high low original"))}, needs=vocabulary("url")
        ),
        "uuid": Refused(NOT_YET),
        "cache_control": Dropped(),
    },
    needs=vocabulary("image_url"),
    apart=True,
)
_REFUSED_PARTS: Final = dict.fromkeys(
    vocabulary(
        """image_url input_image image_pil image_embeds audio_url input_audio audio_embeds video_url video_embeds file
        input_file prompt_embeds"""
    ),
    MEDIA,
) | {"tool_reference": NOT_YET}


def _content(**others: Record) -> Either:
    parts = Tagged(tag="type", variants={"text": _TEXT_PART, **others}, refused=without(_REFUSED_PARTS, others))
    return Either({str: TEXT, list: ListOf(item=parts, most=10_000, joined=True)})


# Tools

_NAMED_FUNCTION: Final = Record(fields={"name": WORD}, needs=vocabulary("name"))
_FUNCTION_WORD: Final = Words(vocabulary("function"))
_TOOL: Final = Record(
    fields={
        "type": _FUNCTION_WORD,
        "function": Record(
            fields={
                "name": WORD,
                "description": IN_SCHEMA,
                "parameters": Schema(),
                "strict": FLAG,
                "defer_loading": FLAG,
            },
            needs=vocabulary("name"),
        ),
        "defer_loading": FLAG,
        "cache_control": Dropped(),
    },
    needs=vocabulary("function"),
)
_TOOL_CHOICE: Final = Either(
    {
        str: Words(vocabulary("none auto required")),
        dict: Record(fields={"type": _FUNCTION_WORD, "function": _NAMED_FUNCTION}, needs=vocabulary("type function")),
    }
)
_TOOL_CALL: Final = Record(
    fields={
        "id": CALL_ID,
        "index": Dropped(),
        "type": _FUNCTION_WORD,
        "function": Record(
            fields={
                "name": WORD,
                "arguments": Document(inner=Free(kind=PartKind.ARGUMENTS), kind=PartKind.ARGUMENTS),
            },
            needs=vocabulary("name arguments"),
        ),
    },
    needs=vocabulary("id function"),
)

# Messages, by role

_ROLE: Final = Words(vocabulary("system developer user assistant tool"))


def _asker(**others: Record) -> Record:
    later = Refused(NOT_YET)
    return Record(
        fields={"role": _ROLE, "content": _content(**others), "name": WORD, "tools": later, "task": later},
        needs=vocabulary("content"),
    )


_ASSISTANT: Final = Record(
    fields={
        "role": _ROLE,
        "content": _content(refusal=_REFUSAL_PART, thinking=_THINKING_PART),
        "name": WORD,
        "refusal": TEXT,
        "reasoning": TEXT,
        "reasoning_content": TEXT,
        "tool_calls": ListOf(item=_TOOL_CALL, most=1024),
        "function_call": Refused(LEGACY),
        "audio": Refused(MEDIA),
        "annotations": Dropped(),
    }
)
_TOOL_RESULT: Final = Record(
    fields={"role": _ROLE, "content": _content(image_url=_IMAGE_PART), "tool_call_id": CALL_ID, "name": WORD},
    needs=vocabulary("content tool_call_id"),
)
_MESSAGE: Final = Tagged(
    tag="role",
    variants={
        "system": _asker(),
        "developer": _asker(),
        "user": _asker(image_url=_IMAGE_PART),
        "assistant": _ASSISTANT,
        "tool": _TOOL_RESULT,
    },
    refused={"function": LEGACY},
)

# What the answer must look like

_PREDICTION: Final = Record(
    fields={"type": Words(vocabulary("content")), "content": _content()}, needs=vocabulary("type content")
)
REQUEST: Final = Record(
    fields={
        **GENERATION,
        **OWN_AFFAIRS,
        **REFUSED,
        # text
        "messages": ListOf(item=_MESSAGE, most=10_000),
        "tools": ListOf(item=_TOOL, most=1024),
        "documents": ListOf(item=Free(), most=1024),
        "tool_choice": _TOOL_CHOICE,
        "metadata": Free(),
        "prediction": _PREDICTION,
        "chat_template_kwargs": Free(),
        # checked, and forwarded as it is
        "max_completion_tokens": COUNT,
        "reasoning_effort": Words(vocabulary("none minimal low medium high xhigh max")),
        "verbosity": Words(vocabulary("low medium high")),
        "modalities": ListOf(item=Words(vocabulary("text")), most=1),
        "include_reasoning": FLAG,
        "parallel_tool_calls": FLAG,
        "add_generation_prompt": FLAG,
        "continue_final_message": FLAG,
        # refused
        "logprobs": Refused(UNREADABLE, unless=(False,)),
        "top_logprobs": Refused(UNREADABLE, unless=(0,)),
        "audio": Refused(MEDIA),
        "chat_template": Refused(ROUTES),
        "web_search_options": Refused(NOT_YET),
        "functions": Refused(LEGACY),
        "function_call": Refused(LEGACY),
    },
    needs=vocabulary("messages model"),
)

INERT: Final = frozenset(words_of(REQUEST)) | json_schema.WORDS
"""All that is fixed in a request: field names, roles, part types, schema keywords."""

KNOWN: Final = INERT | NEIGHBOURS
"""Field names that an error may repeat."""
