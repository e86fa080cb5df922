"""What ``deploy/vllm`` starts is what this version of vLLM takes: its own parser reads every command."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path
from typing import Any

import pytest

from tests.doubles.vllm_command import STARTS, commanded

pytestmark = [pytest.mark.vllm, pytest.mark.timeout(300)]

READ = """
import json, sys
from vllm.entrypoints.launchers.cli_args import make_arg_parser, validate_parsed_serve_args
from vllm.reasoning import ReasoningParserManager
from vllm.tool_parsers import ToolParserManager
from vllm.utils.argparse_utils import FlexibleArgumentParser
parser = make_arg_parser(FlexibleArgumentParser())
told = []
for words in json.load(sys.stdin):
    read = parser.parse_args(words)
    validate_parsed_serve_args(read)
    ToolParserManager.get_tool_parser(read.tool_call_parser)
    ReasoningParserManager.get_reasoning_parser(read.reasoning_parser)
    told.append({name: value for name, value in vars(read).items() if isinstance(value, (str, int, type(None)))})
json.dump(told, open(sys.argv[1], "w"))
"""


@pytest.fixture(scope="module")
def read(environment: Path, root: Path, tmp_path_factory: pytest.TempPathFactory) -> dict[Any, dict[str, Any]]:
    """What vLLM reads in each, by script, layout and rank."""
    folder = tmp_path_factory.mktemp("commands")
    words = [commanded(root, folder, *start).words for start in STARTS]
    told = folder / "told.json"
    done = subprocess.run(
        [environment / "bin" / "python", "-c", READ, told],
        input=json.dumps([each[1:] for each in words]),
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr[-2000:]
    assert {each[0] for each in words} == {"serve"}
    return dict(zip(STARTS, json.loads(told.read_text(encoding="utf-8")), strict=True))


@pytest.mark.parametrize("start", STARTS, ids=" ".join)
def test_it_tells_and_trusts_nothing(read: Any, start: Any) -> None:
    options = read[start]

    assert options["disable_fastapi_docs"]
    assert options["prefix_caching_hash_algo"] == "sha256"
    assert options["enable_prefix_caching"] is not False
    assert options["api_key"] is options["kv_transfer_config"] is options["kv_events_config"] is None
    for off in ("log_requests", "log_outputs", "scale_out", "tokenizer_info_endpoint", "prompt_embeds"):
        assert options[f"enable_{off}"] is False
    for off in ("remote_code", "request_chat_template", "request_mm_kwargs"):
        assert options[f"trust_{off}"] is False
    assert options["uds"] or options["headless"]
    assert options["tool_call_parser"]
    assert options["reasoning_parser"]


def test_layouts_add_up(read: Any) -> None:
    def sizes(layout: str, rank: str = "") -> dict[str, Any]:
        options = read["qwen3-moe", layout, *([rank] if rank else [])]
        names = ("tensor_parallel_size", "pipeline_parallel_size", "data_parallel_size", "enable_expert_parallel")
        return {name: options[name] for name in names}

    assert list(sizes("tensor").values()) == [8, 1, 1, False]
    assert list(sizes("expert").values()) == [8, 1, 1, True]
    assert list(sizes("data").values()) == [1, 1, 8, True]
    assert list(sizes("nodes-tensor", "1").values()) == [8, 2, 1, True]
    assert list(sizes("nodes-data", "1").values()) == [1, 1, 16, True]
    assert read["qwen3-moe", "nodes-data", "1"]["data_parallel_start_rank"] == 8
    assert read["qwen3-moe", "nodes-data", "0"]["data_parallel_start_rank"] is None
    assert read["qwen3-moe", "nodes-tensor", "1"]["node_rank"] == 1
