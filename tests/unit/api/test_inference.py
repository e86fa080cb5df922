import asyncio
import json
from typing import Any

import pytest
from prometheus_client import REGISTRY
from structlog.testing import capture_logs

from gateway.api.inference import watched
from gateway.core.errors import AuditUnavailable, BackendUnavailable, ProtocolError, RequestBlocked
from gateway.core.exchange import ClientGone


async def test_a_whole_answer(ask: Any) -> None:
    answer = await ask()

    assert (answer.status, answer.body) == (200, b'{"ok":true}')
    assert answer.headers["content-length"] == "11"
    assert len(answer.headers["x-cloister-exchange"]) == 36


@pytest.mark.parametrize(
    ("options", "status", "code"),
    [
        ({"role": "nobody"}, 401, "invalid_api_key"),
        ({"role": "auditor"}, 403, "permission_denied"),
        ({"method": "PUT"}, 405, "method_not_allowed"),
        ({"body": b"x" * 1001}, 413, "payload_too_large"),
        ({"body": b"{"}, 400, "invalid_request"),
        ({"content-type": "text/plain"}, 400, "invalid_request"),
        ({"transfer-encoding": "gzip, chunked"}, 400, "invalid_request"),
    ],
)
async def test_a_refusal_has_the_shape_of_the_protocol(ask: Any, options: Any, status: int, code: str) -> None:
    answer = await ask(**options)

    assert (answer.status, json.loads(answer.body)["error"]["code"]) == (status, code)
    assert answer.headers["x-cloister-decision"] == "deny"


@pytest.mark.parametrize(
    "options", [{"body": b'{"model":"m","messages":[],"nonsense":1}'}, {"transfer-encoding": "gzip, chunked"}]
)
async def test_a_request_that_cannot_be_read_is_refused_by_the_pipeline(ask: Any, house: Any, options: Any) -> None:
    await ask(**options)

    assert isinstance(house.refused, ProtocolError)


@pytest.mark.parametrize(
    ("error", "status"), [(AuditUnavailable(), 503), (RequestBlocked({"US_SSN": 1}), 400), (KeyError("x"), 500)]
)
async def test_an_error_of_the_pipeline_is_answered(ask: Any, house: Any, error: Exception, status: int) -> None:
    house.raises = error

    answer = await ask()

    assert answer.status == status
    assert ("retry-after" in answer.headers) == (status == 503)


async def test_the_end_mark_follows_the_record(ask: Any, house: Any) -> None:
    house.frames = [b"data: {}\n\n"]

    answer = await ask({"model": "m", "messages": [{"role": "user", "content": "hi"}], "stream": True})

    assert house.log[-2:] == ["closed", "data: [DONE]\n\n"]
    assert answer.headers["content-type"].startswith("text/event-stream")
    assert answer.ended


async def test_a_stream_that_breaks_ends_with_an_error_and_without_the_end_mark(ask: Any, house: Any) -> None:
    house.frames = [b"data: {}\n\n", BackendUnavailable()]

    answer = await ask({"model": "m", "messages": [{"role": "user", "content": "hi"}], "stream": True})

    assert answer.status == 200
    assert b"backend_unavailable" in answer.body
    assert b"[DONE]" not in answer.body
    assert answer.ended


async def test_a_client_that_leaves_cancels_the_work(ask: Any, house: Any) -> None:
    house.hang, gone = asyncio.Event(), asyncio.Event()
    task = asyncio.create_task(ask(gone=gone))
    await asyncio.sleep(0.05)
    gone.set()
    await asyncio.wait_for(task, 2)

    assert house.cancelled


def counted(status: str) -> float:
    labels = {"endpoint": "/v1/chat/completions", "status": status}
    return REGISTRY.get_sample_value("cloister_requests_total", labels) or 0.0


async def test_a_body_that_broke_off_is_on_record_and_no_mistake_of_the_client(ask: Any, house: Any) -> None:
    gone, before = asyncio.Event(), {status: counted(status) for status in ("400", "499")}
    gone.set()

    answer = await ask(b"{", whole=False, gone=gone)

    assert isinstance(house.refused, ClientGone)
    assert answer.status == 400  # told all the same: if it is still there, its body was malformed
    assert (counted("400"), counted("499")) == (before["400"], before["499"] + 1)


@pytest.mark.parametrize(
    ("error", "event"), [(BackendUnavailable(), "inference.abandoned"), (KeyError("x"), "inference.bug")]
)
async def test_what_ends_an_abandoned_exchange_is_called_by_its_name(error: Exception, event: str) -> None:
    async def work() -> None:
        try:
            await asyncio.Event().wait()
        except asyncio.CancelledError:
            raise error from None

    async def receive() -> dict[str, Any]:
        await asyncio.sleep(0)
        return {"type": "http.disconnect"}

    with capture_logs() as lines, pytest.raises(ClientGone):
        await watched(receive, work())

    assert [line["event"] for line in lines] == [event]
