# What every family's script does once it has set $tools and $reasoning, its parsers. Sourced, not run.

layout=${1:?'tensor, expert, data, nodes-tensor RANK or nodes-data RANK'}
shift
rank=0
case $layout in
    nodes-*)
        rank=${1:?"the number of this machine, from 0; 0 answers requests"}
        shift
        head=${SERVE_HEAD:?the private address of machine 0}
        nodes=${SERVE_NODES:?how many machines there are}
        export VLLM_HOST_IP="${SERVE_ADDRESS:?the private address of this machine}"
        ;;
    *) export VLLM_HOST_IP=127.0.0.1 ;;
esac

gpus=${SERVE_GPUS:-8} # of this machine
case $layout in
    tensor) spread="--tensor-parallel-size $gpus" ;;
    expert) spread="--tensor-parallel-size $gpus --enable-expert-parallel" ;;
    data) spread="--data-parallel-size $gpus --enable-expert-parallel" ;;
    nodes-tensor)
        spread="--tensor-parallel-size $gpus --pipeline-parallel-size $nodes --enable-expert-parallel
            --nnodes $nodes --node-rank $rank --master-addr $head --master-port 29501"
        ;;
    nodes-data)
        spread="--data-parallel-size $((gpus * nodes)) --data-parallel-size-local $gpus --enable-expert-parallel
            --data-parallel-address $head --data-parallel-rpc-port 29502"
        [ "$rank" = 0 ] || spread="$spread --data-parallel-start-rank $((gpus * rank))"
        ;;
    *)
        echo "$0: no layout is called '$layout'" >&2
        exit 2
        ;;
esac

# Nothing is told to anybody and nothing is downloaded, whatever the caller's environment says.
export DO_NOT_TRACK=1 VLLM_DO_NOT_TRACK=1 VLLM_NO_USAGE_STATS=1
export HF_DATASETS_OFFLINE=1 HF_HUB_OFFLINE=1 TRANSFORMERS_OFFLINE=1
unset VLLM_ALLOW_RUNTIME_LORA_UPDATING VLLM_DEBUG_LOG_API_SERVER_RESPONSE VLLM_ENABLE_RESPONSES_API_STORE \
    VLLM_LOGGING_LEVEL VLLM_SERVER_DEV_MODE
ulimit -c 0 # a core dump would hold text
umask 007   # the socket is for this user and group alone

# Flags that the gateway's promises rest on, before the caller's own, which may add to them.
# shellcheck disable=SC2086 -- $spread is a list of words
set -- $spread \
    --disable-fastapi-docs --no-enable-scale-out --no-enable-tokenizer-info-endpoint \
    --no-enable-log-requests --no-enable-log-outputs --disable-uvicorn-access-log \
    --no-enable-prompt-embeds --no-trust-remote-code --no-trust-request-chat-template --no-trust-request-mm-kwargs \
    --prefix-caching-hash-algo sha256 --enable-prompt-tokens-details --fingerprint-mode none \
    --shutdown-timeout 30 "$@"

[ -z "$tools" ] || set -- --enable-auto-tool-choice --tool-call-parser "$tools" "$@"
[ -z "$reasoning" ] || set -- --reasoning-parser "$reasoning" "$@"

if [ "$rank" != 0 ]; then
    set -- --headless "$@" # it computes, and answers nobody
else
    VLLM_API_KEY=$(cat "${SERVE_KEY_FILE:?a file with the key, which is the api_key_file of the gateway}")
    export VLLM_API_KEY
    if [ -n "${SERVE_SOCKET:-}" ]; then
        [ ! -S "$SERVE_SOCKET" ] || rm "$SERVE_SOCKET"
        set -- --uds "$SERVE_SOCKET" "$@"
    else
        set -- --host "${SERVE_HOST:?a private address, or a path in SERVE_SOCKET}" --port "${SERVE_PORT:-8000}" "$@"
    fi
fi

exec vllm serve "${SERVE_MODEL:?the folder of the weights}" --served-model-name "${SERVE_NAME:?what clients call it}" "$@"
