#!/bin/sh
# Qwen3 with a mixture of experts: qwen3-moe.sh LAYOUT [RANK] [OPTION OF vllm serve]...    README.md here explains the rest.
# For Qwen3-Coder set SERVE_TOOL_PARSER=qwen3_coder; where a model does not reason, SERVE_REASONING_PARSER= (empty).
set -eu
tools=${SERVE_TOOL_PARSER-hermes}
reasoning=${SERVE_REASONING_PARSER-qwen3}
. "$(dirname "$0")/serve.sh"
