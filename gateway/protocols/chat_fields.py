"""What may stand in a request to ``/v1/chat/completions``, field by field, as vLLM 0.32.0 reads it.

Law: this table is the allow-list. A field that is not here is refused, and so is a value that its shape does not
foresee; what stands here has one treatment, and a refusal says why. vLLM itself ignores what it does not know and takes
every role, so nothing may be left to it.
"""

from __future__ import annotations

import re
from typing import Final

from gateway.core.content import PartKind
from gateway.protocols import json_schema
from gateway.protocols.shapes import (
    Document,
    Dropped,
    Either,
    Flag,
    Free,
    ListOf,
    Number,
    Record,
    Refused,
    Schema,
    Served,
    Table,
    Tagged,
    Text,
    Words,
    vocabulary,
    words_of,
)

MOST_CHOICES: Final = 8
MODEL_NAME: Final = Served(
    re.compile(r"[A-Za-z0-9._:/@-]{1,200}"), "A model's name has 1 to 200 of the characters A-Z a-z 0-9 . _ : / @ -."
)

# Kimi's parser makes ids such as functions.get_record:0
_CALL_ID: Final = Text(
    kind=PartKind.NAME,
    pattern=re.compile(r"[A-Za-z0-9_.:-]{1,128}"),
    says="A tool call's id has 1 to 128 of the characters A-Z a-z 0-9 _ . : -.",
)
_FLAG: Final = Flag()
_COUNT: Final = Number(low=0, high=100_000_000, whole=True)
_PENALTY: Final = Number(low=-2, high=2)
_SHARE: Final = Number(low=0, high=1)
_WORD: Final = Text(kind=PartKind.NAME)
_TEXT: Final = Text()
_IN_SCHEMA: Final = Text(kind=PartKind.SCHEMA)

_MEDIA: Final = "Images, audio, video and files are not accepted: this version cannot look into them."
_NOT_YET: Final = "This version does not support it."
_UNREADABLE: Final = "It is not accepted: token ids and probabilities carry text that cannot be inspected."
_RETURNS_PROMPT: Final = "It is not accepted: it returns the prompt as the model saw it."
_STORES: Final = "It is not accepted: nothing is stored, here or at the model server."
ROUTES: Final = "It is not accepted: applications do not steer the model server."
_RENAMED: Final = "It is no longer a field of vLLM: use structured_outputs."
_LEGACY: Final = "It is not accepted: use tools, tool_choice and tool_calls."

# Parts of a message

_TEXT_PART: Final = Record(
    fields={
        "type": Words(vocabulary("text")),
        "text": _TEXT,
        "prompt_cache_breakpoint": Dropped(),
        "cache_control": Dropped(),
    },
    needs=vocabulary("text"),
)
_REFUSAL_PART: Final = Record(
    fields={"type": Words(vocabulary("refusal")), "refusal": _TEXT}, needs=vocabulary("refusal")
)
_THINKING_PART: Final = Record(
    fields={"type": Words(vocabulary("thinking")), "thinking": _TEXT, "closed": _FLAG}, needs=vocabulary("thinking")
)
_REFUSED_PARTS: Final = dict.fromkeys(
    vocabulary(
        """image_url input_image image_pil image_embeds audio_url input_audio audio_embeds video_url video_embeds file
        input_file prompt_embeds"""
    ),
    _MEDIA,
) | {"tool_reference": _NOT_YET}


def _content(**others: Record) -> Either:
    parts = Tagged(tag="type", variants={"text": _TEXT_PART, **others}, refused=_REFUSED_PARTS)
    return Either({str: _TEXT, list: ListOf(item=parts, most=10_000, joined=True)})


# Tools

_NAMED_FUNCTION: Final = Record(fields={"name": _WORD}, needs=vocabulary("name"))
_FUNCTION_WORD: Final = Words(vocabulary("function"))
_TOOL: Final = Record(
    fields={
        "type": _FUNCTION_WORD,
        "function": Record(
            fields={
                "name": _WORD,
                "description": _IN_SCHEMA,
                "parameters": Schema(),
                "strict": _FLAG,
                "defer_loading": _FLAG,
            },
            needs=vocabulary("name"),
        ),
        "defer_loading": _FLAG,
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
        "id": _CALL_ID,
        "index": Dropped(),
        "type": _FUNCTION_WORD,
        "function": Record(
            fields={
                "name": _WORD,
                "arguments": Document(inner=Free(kind=PartKind.ARGUMENTS), kind=PartKind.ARGUMENTS),
            },
            needs=vocabulary("name arguments"),
        ),
    },
    needs=vocabulary("id function"),
)

# Messages, by role

_ROLE: Final = Words(vocabulary("system developer user assistant tool"))
_ASKER: Final = Record(
    fields={"role": _ROLE, "content": _content(), "name": _WORD, "tools": Refused(_NOT_YET), "task": Refused(_NOT_YET)},
    needs=vocabulary("content"),
)
_ASSISTANT: Final = Record(
    fields={
        "role": _ROLE,
        "content": _content(refusal=_REFUSAL_PART, thinking=_THINKING_PART),
        "name": _WORD,
        "refusal": _TEXT,
        "reasoning": _TEXT,
        "reasoning_content": _TEXT,
        "tool_calls": ListOf(item=_TOOL_CALL, most=1024),
        "function_call": Refused(_LEGACY),
        "audio": Refused(_MEDIA),
        "annotations": Dropped(),
    }
)
_TOOL_RESULT: Final = Record(
    fields={"role": _ROLE, "content": _content(), "tool_call_id": _CALL_ID, "name": _WORD},
    needs=vocabulary("content tool_call_id"),
)
_MESSAGE: Final = Tagged(
    tag="role",
    variants={
        "system": _ASKER,
        "developer": _ASKER,
        "user": _ASKER,
        "assistant": _ASSISTANT,
        "tool": _TOOL_RESULT,
    },
    refused={"function": _LEGACY},
)

# What the answer must look like

_RESPONSE_FORMAT: Final = Record(
    fields={
        "type": Words(vocabulary("text json_object json_schema structural_tag")),
        "json_schema": Record(
            fields={"name": _WORD, "description": _IN_SCHEMA, "schema": Schema(), "strict": _FLAG},
            needs=vocabulary("name"),
        ),
        "format": Free(),
        "structures": Free(),
        "triggers": Free(),
    },
    needs=vocabulary("type"),
)
_STRUCTURED_OUTPUTS: Final = Record(
    fields={
        "json": Either({str: Document(inner=Schema(), kind=PartKind.SCHEMA), dict: Schema()}),
        "regex": _IN_SCHEMA,
        "choice": ListOf(item=_IN_SCHEMA, most=1024),
        "grammar": _IN_SCHEMA,
        "json_object": _FLAG,
        "disable_any_whitespace": _FLAG,
        "disable_additional_properties": _FLAG,
        "whitespace_pattern": _IN_SCHEMA,
        "structural_tag": Document(inner=Free(), kind=PartKind.SCHEMA),
        "_backend": Refused(ROUTES),
        "_backend_was_auto": Refused(ROUTES, unless=(False,)),
    }
)
_STREAM_OPTIONS: Final = Record(
    fields={"include_usage": _FLAG, "continuous_usage_stats": _FLAG, "include_obfuscation": Dropped()}
)
_PREDICTION: Final = Record(
    fields={"type": Words(vocabulary("content")), "content": _content()}, needs=vocabulary("type content")
)
_STOP: Final = Either({str: _TEXT, list: ListOf(item=_TEXT, most=16)})
_LOGIT_BIAS: Final = Table(
    keys=re.compile(r"[0-9]{1,6}"),
    says="Its keys are token ids.",
    value=Number(low=-100, high=100),
    most=1024,
)
_REPETITION: Final = Record(
    fields=dict.fromkeys(("max_pattern_size", "min_pattern_size", "min_count"), _COUNT),
)

REQUEST: Final = Record(
    fields={
        # text
        "messages": ListOf(item=_MESSAGE, most=10_000),
        "tools": ListOf(item=_TOOL, most=1024),
        "tool_choice": _TOOL_CHOICE,
        "response_format": _RESPONSE_FORMAT,
        "structured_outputs": _STRUCTURED_OUTPUTS,
        "stop": _STOP,
        "bad_words": ListOf(item=_TEXT, most=1024),
        "user": _WORD,
        "metadata": Free(),
        "prediction": _PREDICTION,
        "chat_template_kwargs": Free(),
        # checked, and forwarded as it is
        "model": MODEL_NAME,
        "stream": _FLAG,
        "stream_options": _STREAM_OPTIONS,
        "stream_interval": Number(low=1, high=10_000, whole=True),
        "n": Number(low=1, high=MOST_CHOICES, whole=True),
        "max_tokens": _COUNT,
        "max_completion_tokens": _COUNT,
        "min_tokens": _COUNT,
        "thinking_token_budget": Number(low=-1, high=100_000_000, whole=True),
        "truncate_prompt_tokens": Number(low=-1, high=100_000_000, whole=True),
        "truncation_side": Words(vocabulary("left right")),
        "temperature": _PENALTY,
        "top_p": _SHARE,
        "top_k": Number(low=-1, high=1_000_000, whole=True),
        "min_p": _SHARE,
        "seed": Number(low=-(2**63), high=2**63 - 1, whole=True),
        "frequency_penalty": _PENALTY,
        "presence_penalty": _PENALTY,
        "repetition_penalty": Number(low=0, high=100),
        "length_penalty": Number(low=-100, high=100),
        "logit_bias": _LOGIT_BIAS,
        "repetition_detection": _REPETITION,
        "reasoning_effort": Words(vocabulary("none minimal low medium high xhigh max")),
        "verbosity": Words(vocabulary("low medium high")),
        "modalities": ListOf(item=Words(vocabulary("text")), most=1),
        "include_reasoning": _FLAG,
        "parallel_tool_calls": _FLAG,
        "use_beam_search": _FLAG,
        "watermarking": _FLAG,
        "include_stop_str_in_output": _FLAG,
        "ignore_eos": _FLAG,
        "skip_special_tokens": _FLAG,
        "spaces_between_special_tokens": _FLAG,
        "add_generation_prompt": _FLAG,
        "continue_final_message": _FLAG,
        "add_special_tokens": _FLAG,
        # the gateway's own affair, or of no meaning to vLLM
        "cache_salt": Dropped(),
        "request_id": Dropped(),
        "session_id": Dropped(),
        "service_tier": Dropped(),
        "safety_identifier": Dropped(),
        "prompt_cache_key": Dropped(),
        "prompt_cache_retention": Dropped(),
        # refused
        "logprobs": Refused(_UNREADABLE, unless=(False,)),
        "top_logprobs": Refused(_UNREADABLE, unless=(0,)),
        "logprob_token_ids": Refused(_UNREADABLE, unless=([],)),
        "stop_token_ids": Refused(_UNREADABLE, unless=([],)),
        "allowed_token_ids": Refused(_UNREADABLE, unless=([],)),
        "return_tokens_as_token_ids": Refused(_UNREADABLE, unless=(False,)),
        "prompt_logprobs": Refused(_RETURNS_PROMPT),
        "echo": Refused(_RETURNS_PROMPT, unless=(False,)),
        "return_token_ids": Refused(_RETURNS_PROMPT, unless=(False,)),
        "return_token_offsets": Refused(_RETURNS_PROMPT, unless=(False,)),
        "return_prompt_text": Refused(_RETURNS_PROMPT, unless=(False,)),
        "return_mm_kwargs": Refused(_MEDIA, unless=(False,)),
        "mm_payload": Refused(_MEDIA, unless=("none", "tensors")),
        "mm_processor_kwargs": Refused(_MEDIA, unless=({},)),
        "media_io_kwargs": Refused(_MEDIA, unless=({},)),
        "audio": Refused(_MEDIA),
        "store": Refused(_STORES, unless=(False,)),
        "background": Refused(_STORES, unless=(False,)),
        "previous_response_id": Refused(_STORES),
        "kv_transfer_params": Refused(ROUTES),
        "ec_transfer_params": Refused(ROUTES),
        "vllm_xargs": Refused(ROUTES, unless=({},)),
        "priority": Refused(ROUTES, unless=(0,)),
        "routed_experts_prompt_start": Refused(ROUTES, unless=(0,)),
        "chat_template": Refused(ROUTES),
        "documents": Refused(_NOT_YET, unless=([],)),
        "web_search_options": Refused(_NOT_YET),
        "functions": Refused(_LEGACY),
        "function_call": Refused(_LEGACY),
        "guided_json": Refused(_RENAMED),
        "guided_regex": Refused(_RENAMED),
        "guided_choice": Refused(_RENAMED),
        "guided_grammar": Refused(_RENAMED),
        "guided_decoding_backend": Refused(_RENAMED),
        "guided_whitespace_pattern": Refused(_RENAMED),
        "best_of": Refused(_NOT_YET, unless=(1,)),
    },
    needs=vocabulary("messages model"),
)

TEMPLATE_CALL: Final = vocabulary(
    """add_generation_prompt chat_template continue_final_message conversation conversations documents
    load_audio_from_video max_length messages model_config padding processor_kwargs return_assistant_tokens_mask
    return_dict return_tensors self tokenize tokenizer tokenizer_kwargs tools truncation"""
)
"""What ``chat_template_kwargs`` may not hold: the parameters of vLLM's own call of ``apply_chat_template``.

vLLM hands the options of a request over as keywords of that call, so that one of these names would replace the
template, the messages or what becomes of them, past the fields of a request that are looked at above.
"""

INERT: Final = frozenset(words_of(REQUEST)) | json_schema.WORDS
"""All that is fixed in a request: field names, roles, part types, schema keywords."""

KNOWN: Final = INERT | vocabulary(
    """conversation embed encoding_format include input instructions max_output_tokens max_tool_calls prompt reasoning
    suffix system text thinking truncation tool_resources top_logits"""
)
"""Field names that an error may repeat: those of this protocol, and of its neighbours that clients mistake for it."""
