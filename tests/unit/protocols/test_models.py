import json

import pytest

from gateway.core.errors import BackendProtocolError
from gateway.protocols import Model, model_card, model_list, models_in

RAW = json.dumps(
    {
        "object": "list",
        "data": [
            {"id": "tiny-moe", "object": "model", "created": 17, "owned_by": "vllm", "root": "/models/tiny", "parent": None,
             "max_model_len": 2048, "permission": [{"id": "modelperm-1", "organization": "*"}]},
            {"id": "a name with spaces", "object": "model"},
            {"id": "org/other", "owned_by": "<b>someone</b>", "created": "now", "max_model_len": True},
            "nonsense",
        ],
    }
).encode()  # fmt: skip


def test_a_servers_list_is_read_by_allow_list() -> None:
    assert models_in(RAW) == (
        Model(id="tiny-moe", created=17, owned_by="vllm", max_model_len=2048),
        Model(id="org/other"),
    )


def test_nothing_of_the_servers_folders_is_told() -> None:
    first, second = models_in(RAW)
    assert json.loads(model_list([first, second])) == {
        "object": "list",
        "data": [
            {"id": "tiny-moe", "object": "model", "created": 17, "owned_by": "vllm", "max_model_len": 2048},
            {"id": "org/other", "object": "model", "created": 0, "owned_by": "vllm", "max_model_len": None},
        ],
    }
    assert json.loads(model_card(first))["id"] == "tiny-moe"


@pytest.mark.parametrize("raw", [b"[]", b"{}", b'{"data": 1}', b"{", b"\xff"])
def test_another_shape_is_the_servers_error(raw: bytes) -> None:
    with pytest.raises(BackendProtocolError):
        models_in(raw)
