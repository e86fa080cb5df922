"""What may stand in a request to ``/v1/responses``, field by field, as vLLM 0.32.0 reads it.

Law: this table is the allow-list, as that of chat is. A request is whole in itself: what refers to something that is
stored elsewhere, or asks the model server to store or to run something, is refused. The ids that a client repeats from
earlier answers are left out, for vLLM makes nothing of them; the ids of calls stay, for they are part of the prompt.
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
    MEDIA,
    NEIGHBOURS,
    NOT_YET,
    OWN_AFFAIRS,
    REFUSED,
    RETURNS_PROMPT,
    STORES,
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

_SERVER_TOOLS: Final = "It is not accepted: tools run where the application is, not at the model server."
_ENCRYPTED: Final = "It is not accepted: nobody can look into encrypted reasoning, the model included."
_INCLUDED: Final = "It is not accepted: what could be added to the answer cannot be inspected."
_EARLIER: Final = "It is not accepted: send what was said before as items of the input."
_MOST_ITEMS: Final = 10_000


def _fixed(word: str) -> Words:
    return Words(vocabulary(word))


def _text_part(kind: str, field: str = "text") -> Record:
    """Return a part of a message. What an earlier answer said about it is left out: vLLM fills it in again."""
    return Record(
        fields={
            "type": _fixed(kind),
            field: TEXT,
            "annotations": Dropped(),
            "logprobs": Dropped(),
            "prompt_cache_breakpoint": Dropped(),
        },
        needs=vocabulary(field),
    )


_REFUSED_PARTS: Final = dict.fromkeys(
    vocabulary("input_image input_file input_audio input_video output_audio computer_screenshot"), MEDIA
)


def _parts(**variants: Record) -> ListOf:
    parts = Tagged(tag="type", variants=variants, refused=without(_REFUSED_PARTS, variants))
    return ListOf(item=parts, most=_MOST_ITEMS, joined=True)


_IMAGE: Final = Record(
    fields={
        "type": _fixed("input_image"),
        "image_url": Picture(),
        "detail": Words(vocabulary("auto high low original")),
        "file_id": Refused(NOT_YET),
        "prompt_cache_breakpoint": Dropped(),
    },
    needs=vocabulary("image_url"),
    apart=True,
)
_SAID: Final = Either({str: TEXT, list: _parts(input_text=_text_part("input_text"))})
_SHOWN: Final = Either({str: TEXT, list: _parts(input_text=_text_part("input_text"), input_image=_IMAGE)})
_ANSWERED: Final = Either(
    {
        str: TEXT,
        list: _parts(
            input_text=_text_part("input_text"),
            output_text=_text_part("output_text"),
            refusal=_text_part("refusal", "refusal"),
        ),
    }
)

# Items of the input, by type

# vLLM goes on with a last message or thought that is not complete
_STATUS: Final = Words(vocabulary("in_progress completed incomplete"))


def _message(content: Either) -> Record:
    return Record(
        fields={
            "type": _fixed("message"),
            "role": Words(vocabulary("system developer user assistant")),
            "content": content,
            "status": _STATUS,
            "id": Dropped(),
            "phase": Dropped(),
        },
        needs=vocabulary("content"),
    )


_MESSAGE: Final = Tagged(
    tag="role",
    variants={
        "system": _message(_SAID),
        "developer": _message(_SAID),
        "user": _message(_SHOWN),
        "assistant": _message(_ANSWERED),
    },
    refused={"tool": "It is not a role here: send the result of a tool as a function_call_output."},
)
_CALL: Final = Record(
    fields={
        "type": _fixed("function_call"),
        "call_id": CALL_ID,
        "name": WORD,
        "arguments": Document(inner=Free(kind=PartKind.ARGUMENTS), kind=PartKind.ARGUMENTS),
        "namespace": Refused(NOT_YET),
        "caller": Refused(NOT_YET),
        "async": Dropped(),
        "id": Dropped(),
        "status": Dropped(),
    },
    needs=vocabulary("call_id name arguments"),
)
_CALL_OUTPUT: Final = Record(
    fields={
        "type": _fixed("function_call_output"),
        "call_id": CALL_ID,
        "output": _SHOWN,
        "namespace": Refused(NOT_YET),
        "caller": Refused(NOT_YET),
        "name": Dropped(),
        "id": Dropped(),
        "status": Dropped(),
    },
    needs=vocabulary("call_id output"),
)
_REASONING: Final = Record(
    fields={
        "type": _fixed("reasoning"),
        "summary": _parts(summary_text=_text_part("summary_text")),
        "content": _parts(reasoning_text=_text_part("reasoning_text")),
        "status": _STATUS,
        "encrypted_content": Refused(_ENCRYPTED, unless=("",)),
        "id": Dropped(),
    },
    needs=vocabulary("summary"),
)
_ITEM: Final = Tagged(
    tag="type",
    otherwise="message",
    variants={
        "message": _MESSAGE,
        "function_call": _CALL,
        "function_call_output": _CALL_OUTPUT,
        "reasoning": _REASONING,
    },
    refused={
        **dict.fromkeys(
            vocabulary(
                """apply_patch_call apply_patch_call_output code_interpreter_call computer_call computer_call_output
                file_search_call image_generation_call local_shell_call local_shell_call_output mcp_approval_request
                mcp_approval_response mcp_call mcp_list_tools program program_output shell_call shell_call_output
                tool_search_call tool_search_output web_search_call"""
            ),
            _SERVER_TOOLS,
        ),
        **dict.fromkeys(
            vocabulary(
                """additional_tools compaction compaction_trigger configuration_update custom_tool_call
                custom_tool_call_output"""
            ),
            NOT_YET,
        ),
        "item_reference": STORES,
    },
)

# Tools

_REFUSED_TOOLS: Final = {
    **dict.fromkeys(
        vocabulary(
            """apply_patch code_interpreter computer computer_use_preview file_search image_generation local_shell mcp
            programmatic_tool_calling shell tool_search web_search web_search_2025_08_26 web_search_preview
            web_search_preview_2025_03_11"""
        ),
        _SERVER_TOOLS,
    ),
    **dict.fromkeys(vocabulary("allowed_tools custom namespace"), NOT_YET),
}
_TOOL: Final = Record(
    fields={
        "type": _fixed("function"),
        "name": WORD,
        "description": IN_SCHEMA,
        "parameters": Schema(),
        "output_schema": Schema(),
        "strict": FLAG,
        "async": FLAG,
        "defer_loading": FLAG,
        "allowed_callers": Refused(NOT_YET, unless=([], ["direct"])),
    },
    needs=vocabulary("name"),
)
_NAMED: Final = Record(fields={"type": _fixed("function"), "name": WORD}, needs=vocabulary("name"))
_TOOL_CHOICE: Final = Either(
    {
        str: Words(vocabulary("none auto required")),
        dict: Tagged(tag="type", variants={"function": _NAMED}, refused=_REFUSED_TOOLS),
    }
)

# What the answer must look like

_JSON_SCHEMA: Final = Record(
    fields={
        "type": _fixed("json_schema"),
        "name": WORD,
        "description": IN_SCHEMA,
        "schema": Schema(),
        "strict": FLAG,
    },
    needs=vocabulary("name schema"),
)
_TEXT_CONFIG: Final = Record(
    fields={
        "format": Tagged(
            tag="type",
            variants={
                "text": Record(fields={"type": _fixed("text")}),
                "json_object": Record(fields={"type": _fixed("json_object")}),
                "json_schema": _JSON_SCHEMA,
            },
            refused={"grammar": NOT_YET},
        ),
        "verbosity": Words(vocabulary("low medium high")),
    }
)
_SUMMARY: Final = Words(vocabulary("auto concise detailed"))
_REASONS: Final = Record(
    fields={
        "effort": Words(vocabulary("none minimal low medium high xhigh max")),
        "summary": _SUMMARY,
        "generate_summary": _SUMMARY,
        "context": Dropped(),
        "mode": Dropped(),
    }
)
_GENERATION: Final = vocabulary(
    """frequency_penalty ignore_eos include_stop_str_in_output logit_bias min_p model presence_penalty
    repetition_penalty seed skip_special_tokens stop stream structured_outputs temperature top_k top_p user
    watermarking"""
)
REQUEST: Final = Record(
    fields={
        **{name: shape for name, shape in GENERATION.items() if name in _GENERATION},
        **OWN_AFFAIRS,
        **REFUSED,
        # text
        "input": Either({str: TEXT, list: ListOf(item=_ITEM, most=_MOST_ITEMS)}),
        "instructions": TEXT,
        "tools": ListOf(item=Tagged(tag="type", variants={"function": _TOOL}, refused=_REFUSED_TOOLS), most=1024),
        "tool_choice": _TOOL_CHOICE,
        "text": _TEXT_CONFIG,
        "metadata": Free(),
        "chat_template_kwargs": Free(),
        # checked, and forwarded as it is
        "max_output_tokens": COUNT,
        "max_tool_calls": COUNT,
        "reasoning": _REASONS,
        "include_reasoning": FLAG,
        "parallel_tool_calls": FLAG,
        "truncation": Words(vocabulary("auto disabled")),
        # left out: vLLM makes nothing of them
        "stream_options": Dropped(),
        "prompt_cache_options": Dropped(),
        # refused
        "include": Refused(_INCLUDED, unless=([],)),
        "top_logprobs": Refused(UNREADABLE, unless=(0,)),
        "enable_response_messages": Refused(RETURNS_PROMPT, unless=(False,)),
        "previous_input_messages": Refused(_EARLIER, unless=([],)),
        "conversation": Refused(STORES),
        "prompt": Refused(STORES),
        "context_management": Refused(NOT_YET, unless=([],)),
        "moderation": Refused(NOT_YET),
    },
    needs=vocabulary("input model"),
)

INERT: Final = frozenset(words_of(REQUEST)) | json_schema.WORDS
"""All that is fixed in a request: field names, roles, types of items and parts, schema keywords."""

KNOWN: Final = INERT | NEIGHBOURS | frozenset(GENERATION)
"""Field names that an error may repeat."""
