"""What requests to several endpoints of vLLM 0.32.0 have in common, field by field.

Law: the same field has the same treatment at every endpoint. What a table of an endpoint adds to these is its own.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Final

from gateway.core.content import PartKind
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
    Shape,
    Table,
    Text,
    Words,
    vocabulary,
)

VLLM: Final = "0.32.0"
"""The version of vLLM whose requests and replies the lenses describe."""

MOST_CHOICES: Final = 8
MODEL_NAME: Final = Served(
    re.compile(r"[A-Za-z0-9._:/@-]{1,200}"), "A model's name has 1 to 200 of the characters A-Z a-z 0-9 . _ : / @ -."
)

# Kimi's parser makes ids such as functions.get_record:0
CALL_ID: Final = Text(
    kind=PartKind.NAME,
    pattern=re.compile(r"[A-Za-z0-9_.:-]{1,128}"),
    says="A tool call's id has 1 to 128 of the characters A-Z a-z 0-9 _ . : -.",
)
FLAG: Final = Flag()
COUNT: Final = Number(low=0, high=100_000_000, whole=True)
PENALTY: Final = Number(low=-2, high=2)
SHARE: Final = Number(low=0, high=1)
WORD: Final = Text(kind=PartKind.NAME)
TEXT: Final = Text()
IN_SCHEMA: Final = Text(kind=PartKind.SCHEMA)

MEDIA: Final = "Images, audio, video and files are not accepted: this version cannot look into them."
NOT_YET: Final = "This version does not support it."
UNREADABLE: Final = "It is not accepted: token ids and probabilities carry text that cannot be inspected."
RETURNS_PROMPT: Final = "It is not accepted: it returns the prompt as the model saw it."
STORES: Final = "It is not accepted: nothing is stored, here or at the model server."
ROUTES: Final = "It is not accepted: applications do not steer the model server."
RENAMED: Final = "It is no longer a field of vLLM: use structured_outputs."
LEGACY: Final = "It is not accepted: use tools, tool_choice and tool_calls."

# What the answer must look like

RESPONSE_FORMAT: Final = Record(
    fields={
        "type": Words(vocabulary("text json_object json_schema structural_tag")),
        "json_schema": Record(
            fields={"name": WORD, "description": IN_SCHEMA, "schema": Schema(), "strict": FLAG},
            needs=vocabulary("name"),
        ),
        "format": Free(),
        "structures": Free(),
        "triggers": Free(),
    },
    needs=vocabulary("type"),
)
STRUCTURED_OUTPUTS: Final = Record(
    fields={
        "json": Either({str: Document(inner=Schema(), kind=PartKind.SCHEMA), dict: Schema()}),
        "regex": IN_SCHEMA,
        "choice": ListOf(item=IN_SCHEMA, most=1024),
        "grammar": IN_SCHEMA,
        "json_object": FLAG,
        "disable_any_whitespace": FLAG,
        "disable_additional_properties": FLAG,
        "whitespace_pattern": IN_SCHEMA,
        "structural_tag": Document(inner=Free(), kind=PartKind.SCHEMA),
        "_backend": Refused(ROUTES),
        "_backend_was_auto": Refused(ROUTES, unless=(False,)),
    }
)
STREAM_OPTIONS: Final = Record(
    fields={"include_usage": FLAG, "continuous_usage_stats": FLAG, "include_obfuscation": Dropped()}
)
STOP: Final = Either({str: TEXT, list: ListOf(item=TEXT, most=16)})
LOGIT_BIAS: Final = Table(
    keys=re.compile(r"[0-9]{1,6}"),
    says="Its keys are token ids.",
    value=Number(low=-100, high=100),
    most=1024,
)
REPETITION: Final = Record(
    fields=dict.fromkeys(("max_pattern_size", "min_pattern_size", "min_count"), COUNT),
)

GENERATION: Final[Mapping[str, Shape]] = {
    "model": MODEL_NAME,
    "stream": FLAG,
    "stream_options": STREAM_OPTIONS,
    "stream_interval": Number(low=1, high=10_000, whole=True),
    "n": Number(low=1, high=MOST_CHOICES, whole=True),
    "max_tokens": COUNT,
    "min_tokens": COUNT,
    "thinking_token_budget": Number(low=-1, high=100_000_000, whole=True),
    "truncate_prompt_tokens": Number(low=-1, high=100_000_000, whole=True),
    "truncation_side": Words(vocabulary("left right")),
    "temperature": Number(low=0, high=2),
    "top_p": SHARE,
    "top_k": Number(low=-1, high=1_000_000, whole=True),
    "min_p": SHARE,
    "seed": Number(low=-(2**63), high=2**63 - 1, whole=True),
    "frequency_penalty": PENALTY,
    "presence_penalty": PENALTY,
    "repetition_penalty": Number(low=0, high=100),
    "length_penalty": Number(low=-100, high=100),
    "logit_bias": LOGIT_BIAS,
    "repetition_detection": REPETITION,
    "stop": STOP,
    "bad_words": ListOf(item=TEXT, most=1024),
    "user": WORD,
    "response_format": RESPONSE_FORMAT,
    "structured_outputs": STRUCTURED_OUTPUTS,
    "use_beam_search": FLAG,
    "watermarking": FLAG,
    "include_stop_str_in_output": FLAG,
    "ignore_eos": FLAG,
    "skip_special_tokens": FLAG,
    "spaces_between_special_tokens": FLAG,
    "add_special_tokens": FLAG,
}
"""What is asked of the model: its name, how it chooses, when it stops, what the answer must look like."""

OWN_AFFAIRS: Final[Mapping[str, Shape]] = {
    "cache_salt": Dropped(),
    "request_id": Dropped(),
    "session_id": Dropped(),
    "service_tier": Dropped(),
    "safety_identifier": Dropped(),
    "prompt_cache_key": Dropped(),
    "prompt_cache_retention": Dropped(),
}
"""The gateway's own affairs, or of no meaning to vLLM: left out."""

REFUSED: Final[Mapping[str, Shape]] = {
    "logprob_token_ids": Refused(UNREADABLE, unless=([],)),
    "stop_token_ids": Refused(UNREADABLE, unless=([],)),
    "allowed_token_ids": Refused(UNREADABLE, unless=([],)),
    "return_tokens_as_token_ids": Refused(UNREADABLE, unless=(False,)),
    "prompt_logprobs": Refused(RETURNS_PROMPT),
    "echo": Refused(RETURNS_PROMPT, unless=(False,)),
    "return_token_ids": Refused(RETURNS_PROMPT, unless=(False,)),
    "return_token_offsets": Refused(RETURNS_PROMPT, unless=(False,)),
    "return_prompt_text": Refused(RETURNS_PROMPT, unless=(False,)),
    "return_mm_kwargs": Refused(MEDIA, unless=(False,)),
    "mm_payload": Refused(MEDIA, unless=("none", "tensors")),
    "mm_processor_kwargs": Refused(MEDIA, unless=({},)),
    "media_io_kwargs": Refused(MEDIA, unless=({},)),
    "store": Refused(STORES, unless=(False,)),
    "background": Refused(STORES, unless=(False,)),
    "previous_response_id": Refused(STORES),
    "kv_transfer_params": Refused(ROUTES),
    "ec_transfer_params": Refused(ROUTES),
    "vllm_xargs": Refused(ROUTES, unless=({},)),
    "priority": Refused(ROUTES, unless=(0,)),
    "routed_experts_prompt_start": Refused(ROUTES, unless=(0,)),
    "guided_json": Refused(RENAMED),
    "guided_regex": Refused(RENAMED),
    "guided_choice": Refused(RENAMED),
    "guided_grammar": Refused(RENAMED),
    "guided_decoding_backend": Refused(RENAMED),
    "guided_whitespace_pattern": Refused(RENAMED),
    "best_of": Refused(NOT_YET, unless=(1,)),
}
"""What no endpoint accepts, and why."""

TEMPLATE_CALL: Final = vocabulary(
    """add_generation_prompt chat_template continue_final_message conversation conversations documents
    load_audio_from_video max_length messages model_config padding processor_kwargs return_assistant_tokens_mask
    return_dict return_tensors self tokenize tokenizer tokenizer_kwargs tools truncation"""
)
"""What ``chat_template_kwargs`` may not hold: the parameters of vLLM's own call of ``apply_chat_template``.

vLLM hands the options of a request over as keywords of that call, so that one of these names would replace the
template, the messages or what becomes of them, past the fields of a request that are looked at above.
"""

NEIGHBOURS: Final = vocabulary(
    """conversation embed encoding_format include input instructions max_output_tokens max_tool_calls messages prompt
    reasoning suffix system text thinking truncation tool_resources top_logits"""
)
"""Field names of one protocol that clients send by mistake in another's: an error may repeat them."""
