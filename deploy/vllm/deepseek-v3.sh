#!/bin/sh
# DeepSeek-V3 and -R1: deepseek-v3.sh LAYOUT [RANK] [OPTION OF vllm serve]...    README.md here explains the rest.
# For R1 set SERVE_REASONING_PARSER=deepseek_r1, for V3.1 SERVE_TOOL_PARSER=deepseek_v31.
set -eu
tools=${SERVE_TOOL_PARSER-deepseek_v3}
reasoning=${SERVE_REASONING_PARSER-deepseek_v3}
. "$(dirname "$0")/serve.sh"
