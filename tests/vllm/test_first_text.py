"""How much later the first text of a stream comes through the gateway than from the server itself.

When a model of chance says its first text depends on what it says, so the server is made to say the same to both.
"""

from __future__ import annotations

from typing import Any

import pytest

from gateway.bench.load import PROMPT, Plan, Target, volleys
from gateway.bench.report import TITLES, lines, rows
from gateway.cli.output import table
from gateway.core.sensitive import Sensitive

pytestmark = [pytest.mark.vllm, pytest.mark.timeout(300)]

SHORT = (
    "Please write to Maria Gonzalez (maria.gonzalez@example.com, (212) 555-0143) that her card 4111 1111 1111 1111 was "
    "charged twice, that we are sorry and that the money is on its way."
)


SAID = {
    "structured_outputs": {"choice": ["Dear customer, we are very sorry and send the money back to you today. " * 3]}
}


@pytest.mark.parametrize("prompt", [SHORT, PROMPT], ids=["short", "long"])
async def test_the_first_text_is_hardly_later(vllm: Any, gateway: Any, prompt: str) -> None:
    key = Sensitive(vllm.key_file.read_text())
    targets = [
        Target(name="direct", place=vllm.place, model=vllm.model, key=key, fields=SAID),
        Target(name="gateway", place=gateway.url, model=vllm.model, key=Sensitive(gateway.key), fields=SAID),
    ]
    plan = Plan(clients=(1,), streamed=(True,), rounds=3, seconds=5.0, prompt=prompt)
    report = lines([volley async for volley in volleys(targets, plan)])
    print("\n" + table(TITLES, rows(report)))
    direct, through = report

    assert direct.answers
    assert through.answers
    assert direct.failures == through.failures == 0, gateway.told()
    added = through.first_p50 - direct.first_p50
    print(f"added to the first text: {added:.1f} ms (median, one client, {len(prompt)} characters)")
