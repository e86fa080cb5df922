"""Make tiny models with random weights, each in a folder of its own name: ``make_model.py FOLDER``.

tiny-moe: DeepSeek-V3 (latent attention, mixture of experts). tiny-qwen: Qwen3 with a mixture of experts, whose prompts
vLLM caches on a CPU too. tiny-embed: Qwen3 as its embedding models are, with vectors that may be cut short.

Law: nothing is downloaded, and a seed always gives the same model. The tokenizer is trained on text that is made here,
rich in placeholders, so that they fall apart into several tokens as they do in the tokenizers of real models.
Runs with the interpreter of the vLLM environment.
"""

from __future__ import annotations

import random
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, Final

import torch
from tokenizers import Tokenizer, decoders, models, pre_tokenizers, trainers
from transformers import (
    AutoModelForCausalLM,
    DeepseekV3Config,
    PretrainedConfig,
    PreTrainedTokenizerFast,
    Qwen3Config,
    Qwen3MoeConfig,
)

SEED: Final = 20
VOCABULARY: Final = 1536
CONTEXT: Final = 4096

END_OF_TEXT, TURN, END_OF_TURN = "<|endoftext|>", "<|im_start|>", "<|im_end|>"
SPECIALS: Final = [END_OF_TEXT, TURN, END_OF_TURN, "<tool_call>", "</tool_call>"]

TEMPLATE: Final = """\
{%- if tools -%}
<|im_start|>system
Tools: {% for tool in tools %}{{ tool | tojson }} {% endfor %}<|im_end|>
{% endif -%}
{%- for message in messages -%}
<|im_start|>{{ message.role }}
{{ message.content or '' }}
{%- for call in message.tool_calls or [] %}
<tool_call>{"name": "{{ call.function.name }}", "arguments": {{ call.function.arguments | tojson }}}</tool_call>
{%- endfor -%}
<|im_end|>
{% endfor -%}
{%- if add_generation_prompt -%}
<|im_start|>assistant
{% endif -%}"""
"""ChatML, with tool calls in the form that vLLM's ``hermes`` parser reads."""

SYLLABLES: Final = [consonant + vowel for consonant in "bdklmnrt" for vowel in "aeio"]
LABELS: Final = ("PERSON", "EMAIL_ADDRESS", "PHONE_NUMBER", "CREDIT_CARD", "IBAN_CODE", "IP_ADDRESS", "LOCATION")


def lines(chance: random.Random) -> Iterator[str]:
    """Yield text to train the tokenizer on: made-up words, numbers, JSON, placeholders, a little Unicode."""

    def word() -> str:
        return "".join(chance.choices(SYLLABLES, k=chance.randint(1, 4)))

    for _ in range(4000):
        yield " ".join(word() for _ in range(chance.randint(4, 14))).capitalize() + "."
        yield f"Dear {word().title()}, your {word()} <{chance.choice(LABELS)}_{chance.randint(1, 30)}> is {word()}."
        yield f'{{"name": "{word()}", "arguments": {{"{word()}": "{chance.randint(0, 99999)}"}}}}'
        yield f"Grüße an {word().title()} “{word()}”, {chance.randint(0, 999999):06d} 日本 €"


def make_tokenizer() -> PreTrainedTokenizerFast:
    """Train a byte-level BPE."""
    tokenizer = Tokenizer(models.BPE())
    tokenizer.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False)
    tokenizer.decoder = decoders.ByteLevel()
    trainer = trainers.BpeTrainer(
        vocab_size=VOCABULARY,
        special_tokens=SPECIALS,
        initial_alphabet=pre_tokenizers.ByteLevel.alphabet(),
        show_progress=False,
    )
    tokenizer.train_from_iterator(lines(random.Random(SEED)), trainer)
    made = PreTrainedTokenizerFast(
        tokenizer_object=tokenizer,
        eos_token=END_OF_TURN,
        pad_token=END_OF_TEXT,
        model_max_length=CONTEXT,
        clean_up_tokenization_spaces=False,
    )
    made.chat_template = TEMPLATE
    return made


def in_common(tokenizer: PreTrainedTokenizerFast) -> dict[str, Any]:
    """Say what is the same of every model."""
    return {
        "vocab_size": len(tokenizer),
        "hidden_size": 96,
        "num_hidden_layers": 2,
        "num_attention_heads": 4,
        "intermediate_size": 192,
        "max_position_embeddings": CONTEXT,
        "tie_word_embeddings": False,
        "bos_token_id": None,
        "eos_token_id": tokenizer.eos_token_id,
        "pad_token_id": tokenizer.pad_token_id,
        "torch_dtype": "bfloat16",
    }


def deepseek(common: dict[str, Any]) -> PretrainedConfig:
    """Describe a DeepSeek-V3, as small as vLLM's kernels allow.

    vLLM's latent attention on CPU takes a head of 576 (512 + 64) and no other; its router makes the correction bias
    for the ``noaux_tc`` method alone.
    """
    return DeepseekV3Config(
        **common,
        first_k_dense_replace=1,
        moe_intermediate_size=64,
        n_routed_experts=8,
        n_shared_experts=1,
        num_experts_per_tok=2,
        n_group=2,
        topk_group=1,
        topk_method="noaux_tc",
        scoring_func="sigmoid",
        norm_topk_prob=True,
        routed_scaling_factor=1.0,
        num_key_value_heads=4,
        q_lora_rank=64,
        kv_lora_rank=512,
        qk_nope_head_dim=32,
        qk_rope_head_dim=64,
        v_head_dim=32,
    )


def qwen(common: dict[str, Any]) -> PretrainedConfig:
    """Describe a Qwen3 with experts in every layer."""
    return Qwen3MoeConfig(
        **common,
        num_key_value_heads=2,
        head_dim=32,
        moe_intermediate_size=64,
        num_experts=8,
        num_experts_per_tok=2,
        decoder_sparse_step=1,
        norm_topk_prob=True,
    )


def embedder(common: dict[str, Any]) -> PretrainedConfig:
    """Describe a Qwen3 for embeddings. is_matryoshka: vLLM lets the caller choose how long a vector is."""
    return Qwen3Config(**common, num_key_value_heads=2, head_dim=32, is_matryoshka=True)


MODELS: Final[dict[str, Callable[[dict[str, Any]], PretrainedConfig]]] = {
    "tiny-moe": deepseek,
    "tiny-qwen": qwen,
    "tiny-embed": embedder,
}


@torch.no_grad()
def shun_white_space(model: Any, tokenizer: PreTrainedTokenizerFast) -> None:
    """Make tokens of mere white space unlikely: a JSON grammar allows any number, and chance would never end them.

    One channel of the residual stream is held at a constant, and the output rows of such tokens weigh against it.
    """
    embedding, head = model.get_input_embeddings().weight, model.get_output_embeddings().weight
    embedding[:, 0] = 0.06
    head[:, 0] = 0.0
    for token in range(len(tokenizer)):
        text = tokenizer.decode([token], skip_special_tokens=False)
        if text and text.isspace():
            head[token, 0] = -6.0


def make(config: PretrainedConfig, tokenizer: PreTrainedTokenizerFast, folder: Path) -> None:
    """Write configuration, weights and tokenizer, as ``transformers`` lays them out."""
    torch.manual_seed(SEED)
    model = AutoModelForCausalLM.from_config(config)
    shun_white_space(model, tokenizer)
    model = model.to(torch.bfloat16)
    model.generation_config.eos_token_id = tokenizer.eos_token_id
    model.generation_config.pad_token_id = tokenizer.pad_token_id
    folder.mkdir(parents=True, exist_ok=True)
    model.save_pretrained(folder)
    tokenizer.save_pretrained(folder)


def main(folder: Path) -> None:
    """Make them all, with one tokenizer."""
    tokenizer = make_tokenizer()
    for name, describe in MODELS.items():
        make(describe(in_common(tokenizer)), tokenizer, folder / name)


if __name__ == "__main__":
    main(Path(sys.argv[1]))
