#!/bin/sh
# gpt-oss: gpt-oss.sh LAYOUT [RANK] [OPTION OF vllm serve]...    README.md here explains the rest.
# Its message format needs the file o200k_base.tiktoken, which would be downloaded unless this names its folder.
set -eu
export TIKTOKEN_ENCODINGS_BASE="${TIKTOKEN_ENCODINGS_BASE:?the folder that holds o200k_base.tiktoken}"
tools=${SERVE_TOOL_PARSER-openai}
reasoning=${SERVE_REASONING_PARSER-openai_gptoss}
. "$(dirname "$0")/serve.sh"
