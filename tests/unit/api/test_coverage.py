from typing import Any

from gateway.api.coverage import coverage
from gateway.api.routes import LENSES


def test_every_endpoint_is_told_of() -> None:
    found: dict[str, Any] = {each["endpoint"]: each for each in coverage(LENSES)}

    assert list(found) == [lens.endpoint for lens in LENSES]
    chat = found["/v1/chat/completions"]
    assert {"field": "/messages/*[role=user]/content", "treatment": "scanned", "note": "text"} in chat["request"]
    assert {"field": "/choices/*/message/content", "treatment": "restored", "note": ""} in chat["reply"]
    assert {"field": "/choices/*/delta/content", "treatment": "restored", "note": ""} in chat["stream"]
    assert found["/v1/embeddings"]["stream"] == []
