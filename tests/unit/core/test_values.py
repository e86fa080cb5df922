"""How events name a value."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone

import pytest

from gateway.core.values import by_epoch, epoch_in, epoch_of

HASH = "hmac-sha256:2026-11:0123456789abcdef0123456789abcdef"


@pytest.mark.parametrize(
    ("moment", "epoch"),
    [
        (datetime(2026, 11, 30, 23, 59, 59, 999_999, tzinfo=UTC), "2026-11"),
        (datetime(2026, 12, 1, 0, 30, tzinfo=timezone(timedelta(hours=1))), "2026-11"),
        (datetime(2027, 1, 1, tzinfo=UTC), "2027-01"),
    ],
)
def test_an_epoch_is_a_month_in_utc(moment: datetime, epoch: str) -> None:
    assert epoch_of(moment) == epoch
    assert epoch_in(f"hmac-sha256:{epoch}:{'0' * 32}") == epoch


@pytest.mark.parametrize(
    "text",
    [
        "",
        "x",
        HASH[:-1],
        f"{HASH}0",
        HASH.upper(),
        f"{HASH}\n",
        f" {HASH}",
        *(HASH.replace("2026-11", epoch) for epoch in ("2026-13", "1", "２０２６-11")),
    ],
)
def test_what_is_no_such_name_has_no_epoch(text: str) -> None:
    assert epoch_in(HASH) == "2026-11"
    assert epoch_in(text) == ""


def test_hashes_are_asked_about_by_their_epochs() -> None:
    other, later = HASH.replace("0123", "3210"), HASH.replace("2026-11", "2027-01")

    assert by_epoch([HASH, later, other]) == {"2026-11": {HASH, other}, "2027-01": {later}}
