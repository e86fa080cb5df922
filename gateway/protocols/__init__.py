"""Where text lives in each wire format, one file a format.

Takes: the bytes of a request, of a reply, or of one event of a stream.
Gives: segments and deltas of text with their places, and the same bytes again with cleaned text in those places.
Knows: JSON, JSON Schema, server-sent events, the protocols of OpenAI and of Anthropic as vLLM speaks them.
Never: lets a string through that it did not name as text or as fixed vocabulary, waits, or opens anything.
"""

from gateway.protocols.anthropic_messages import CountTokensLens, MessagesLens
from gateway.protocols.fields import VLLM
from gateway.protocols.inner import Inner, read_inner
from gateway.protocols.joined import Joined
from gateway.protocols.lens import Lens, ParsedEvent, ParsedReply, ParsedRequest
from gateway.protocols.models import Model, model_card, model_list, models_in
from gateway.protocols.openai_chat import ChatLens
from gateway.protocols.openai_completions import CompletionsLens
from gateway.protocols.openai_embeddings import EmbeddingsLens
from gateway.protocols.openai_responses import ResponsesLens
from gateway.protocols.reply import CALL_IDS
from gateway.protocols.sse import SseEvent, SseParser
from gateway.protocols.template import Slot

__all__ = [
    "CALL_IDS",
    "VLLM",
    "ChatLens",
    "CompletionsLens",
    "CountTokensLens",
    "EmbeddingsLens",
    "Inner",
    "Joined",
    "Lens",
    "MessagesLens",
    "Model",
    "ParsedEvent",
    "ParsedReply",
    "ParsedRequest",
    "ResponsesLens",
    "Slot",
    "SseEvent",
    "SseParser",
    "model_card",
    "model_list",
    "models_in",
    "read_inner",
]
