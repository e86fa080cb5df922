"""``/v1/models``: what a model server serves, and what an application is told of it.

Law: only the name, the age, the owner and the context length pass; a server's folders and permissions do not.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from gateway.core.errors import BackendProtocolError
from gateway.protocols import json_text
from gateway.protocols.fields import MODEL_NAME
from gateway.protocols.json_text import Json

_OWNER: Final = re.compile(r"[A-Za-z0-9._-]{1,64}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Model:
    """A model that is served. created: Unix seconds. max_model_len: tokens, None where the server does not say."""

    id: str
    created: int = 0
    owned_by: str = "vllm"
    max_model_len: int | None = None


def models_in(raw: bytes) -> tuple[Model, ...]:
    """Read a server's list. Entries whose names no request could bear are left out."""
    body = json_text.decode(raw, error=BackendProtocolError)
    entries = body.get("data") if isinstance(body, dict) else None
    if not isinstance(entries, list):
        detail = "Its list of models has another shape."
        raise BackendProtocolError(detail)
    return tuple(model for entry in entries if isinstance(entry, dict) and (model := _model(entry)) is not None)


def model_list(models: Iterable[Model]) -> bytes:
    """Write the answer to ``GET /v1/models``."""
    return json_text.encode({"object": "list", "data": [_card(model) for model in models]})


def model_card(model: Model) -> bytes:
    """Write the answer to ``GET /v1/models/{id}``."""
    return json_text.encode(_card(model))


def _model(entry: dict[str, Json]) -> Model | None:
    name, owner = entry.get("id"), entry.get("owned_by")
    if not isinstance(name, str) or MODEL_NAME.pattern.fullmatch(name) is None:
        return None
    return Model(
        id=name,
        created=_whole(entry.get("created")) or 0,
        owned_by=owner if isinstance(owner, str) and _OWNER.fullmatch(owner) else "vllm",
        max_model_len=_whole(entry.get("max_model_len")),
    )


def _whole(value: Json) -> int | None:
    return value if type(value) is int else None


def _card(model: Model) -> dict[str, Json]:
    return {
        "id": model.id,
        "object": "model",
        "created": model.created,
        "owned_by": model.owned_by,
        "max_model_len": model.max_model_len,
    }
