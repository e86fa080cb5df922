import asyncio
from dataclasses import replace
from typing import Any

import pytest

from gateway.audit import Recorder, Verifier, Writer
from gateway.audit.log import QueueFullError
from gateway.core.errors import ProtocolError, RequestBlocked
from gateway.core.exchange import ClientGone
from gateway.core.findings import RecognizerResult
from gateway.core.operators import Operator, OperatorConfig
from gateway.db import Database
from tests.doubles.signers import SIGNERS
from tests.integration.audit.ledger import PERMIT, events, exchange

pytestmark = pytest.mark.integration


async def test_an_exchange_makes_two_events(database: Database, journal: Writer, recorder: Recorder) -> None:
    async with recorder.follow(exchange()) as entry:
        entry.serves("tiny-moe")
        await entry.open(PERMIT, ((),))
        entry.note(backend="vllm-1", restored=2)

    closing, opening = await events(database, journal)
    assert (opening["action"], opening["outcome"], opening["seq"]) == ("exchange.open", "success", 1)
    assert (closing["action"], closing["outcome"], closing["seq"]) == ("exchange.close", "success", 2)
    assert opening["details"]["entities"] == {"PERSON": 2}  # type: ignore[index]
    assert closing["details"]["backend"] == "vllm-1"  # type: ignore[index]
    assert opening["details"]["model"] == "tiny-moe"  # type: ignore[index]
    assert opening["policy"] == "ab" * 32
    await Verifier(database, SIGNERS).verify("acme")


async def test_what_was_flagged_is_on_record_without_its_text(
    database: Database, journal: Writer, recorder: Recorder
) -> None:
    found = RecognizerResult(
        entity_type="SUSPICIOUS_ENCODING", start=4, end=11, score=1.0, recognizer="Suspicion:apart"
    )
    decision = replace(
        PERMIT,
        policy=replace(PERMIT.policy, suspicious_encoding="flag"),
        suspicious=((found,),),
        counts={"SUSPICIOUS_ENCODING": 1},
    )
    async with recorder.follow(exchange()) as entry:
        await entry.open(decision, ((),))

    _, opening = await events(database, journal)
    details: Any = opening["details"]
    assert details["entities"] == {"SUSPICIOUS_ENCODING": 1}
    assert details["findings"] == [
        {
            "segment": 0,
            "type": "SUSPICIOUS_ENCODING",
            "start": 4,
            "end": 11,
            "score": 1.0,
            "recognizer": "Suspicion:apart",
            "operator": "flag",
        }
    ]


@pytest.mark.parametrize(
    ("error", "outcome"),
    [(RequestBlocked({"US_SSN": 1}), "denied"), (ProtocolError(), "failure"), (KeyError(), "failure")],
)
@pytest.mark.parametrize("opened", [True, False])
async def test_a_failure_is_recorded_like_a_success(
    database: Database, journal: Writer, recorder: Recorder, error: Exception, outcome: str, opened: bool
) -> None:
    with pytest.raises(type(error)):
        async with recorder.follow(exchange()) as entry:
            if opened:
                await entry.open(PERMIT, ((),))
            raise error

    closing, opening = await events(database, journal)
    assert (opening["action"], closing["action"]) == ("exchange.open", "exchange.close")
    assert closing["outcome"] == outcome
    await Verifier(database, SIGNERS).verify("acme")


async def test_a_client_that_goes_away_is_recorded(database: Database, journal: Writer, recorder: Recorder) -> None:
    async def serve() -> None:
        async with recorder.follow(exchange()) as entry:
            await entry.open(PERMIT, ((),))
            await asyncio.sleep(60)

    task = asyncio.create_task(serve())
    await asyncio.sleep(0.2)
    task.cancel()
    await asyncio.gather(task, return_exceptions=True)
    await journal.stop()

    closing, _ = await events(database, journal)
    assert (closing["outcome"], closing["details"]["reason"]) == ("failure", "client_gone")  # type: ignore[index]


async def test_a_client_that_left_before_its_request_was_read_is_recorded(
    database: Database, journal: Writer, recorder: Recorder
) -> None:
    with pytest.raises(ClientGone):
        async with recorder.follow(exchange()):
            raise ClientGone
    await journal.stop()

    closing, opening = await events(database, journal)
    assert opening["outcome"] == closing["outcome"] == "failure"
    assert closing["details"]["reason"] == "client_gone"  # type: ignore[index]


@pytest.mark.parametrize("end", [asyncio.CancelledError, GeneratorExit, ClientGone])
async def test_a_full_queue_does_not_hide_that_the_client_left(
    journal: Writer, recorder: Recorder, monkeypatch: pytest.MonkeyPatch, end: type[BaseException]
) -> None:
    monkeypatch.setattr("gateway.audit.log._FULL", 0)

    with pytest.raises(end):
        async with recorder.follow(exchange()):
            raise end
    with pytest.raises(QueueFullError):
        async with recorder.follow(exchange()):
            raise ProtocolError


async def test_values_are_named_by_their_hashes_however_many_there_are(
    database: Database, journal: Writer, recorder: Recorder
) -> None:
    found = [
        RecognizerResult(entity_type="PERSON", start=at, end=at + 1, score=1.0, recognizer="r") for at in range(203)
    ]
    masked = OperatorConfig(operator=Operator.MASK)
    decision = replace(PERMIT, findings=(tuple(found),), operators=((masked,) * 203,))
    values = (tuple(f"hmac-sha256:2026-11:{at % 202:032x}" for at in range(203)),)
    async with recorder.follow(exchange()) as entry:
        await entry.open(decision, values)

    _, opening = await events(database, journal)
    details: Any = opening["details"]
    assert [each["value"] for each in details["findings"]] == list(values[0][:200])
    assert (details["findings_left_out"], details["values_left_out"]) == (3, list(values[0][200:]))
    assert "values_untold" not in details
    await Verifier(database, SIGNERS).verify("acme")


async def test_of_very_many_values_it_is_said_how_many_are_not_named(
    database: Database, journal: Writer, recorder: Recorder
) -> None:
    found = tuple(
        RecognizerResult(entity_type="AGE", start=at, end=at + 1, score=1.0, recognizer="r") for at in range(5207)
    )
    masked = OperatorConfig(operator=Operator.MASK)
    decision = replace(PERMIT, findings=(found,), operators=((masked,) * 5207,))
    async with recorder.follow(exchange()) as entry:
        await entry.open(decision, (tuple(f"hmac-sha256:2026-11:{at:032x}" for at in range(5207)),))

    _, opening = await events(database, journal)
    details: Any = opening["details"]
    assert (len(details["values_left_out"]), details["values_untold"]) == (5000, 7)
