"""Which desk is opened."""

from __future__ import annotations

from pathlib import Path

import pytest

from gateway.cli.desk import desk
from gateway.core.errors import (
    Misconfigured,
    ProtocolError,
)
from tests.unit.cli.desks import APPLIED, Gateway, Service, arguments


async def test_a_gateway_is_named_by_options_or_by_the_environment(
    gateway: Gateway, service: Service, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name, key in (("one", "  k-1\n"), ("other", "k-2")):
        (tmp_path / name).write_text(key)
    gateway.says(*[APPLIED] * 3)

    async def ask(*words: str) -> None:
        async with desk(arguments(*words)) as opened:
            await opened.roll_back()

    await ask("--url", "http://one", "--key-file", str(tmp_path / "one"))
    monkeypatch.setenv("CLOISTER_URL", "http://other")
    monkeypatch.setenv("CLOISTER_KEY_FILE", str(tmp_path / "other"))
    await ask()
    await ask("--url", "http://one")
    assert gateway.keys == {("http://one", "k-1"), ("http://other", "k-2"), ("http://one", "k-2")}
    assert service.asked == []

    await ask("--url", "")
    assert [each[0] for each in service.asked] == ["roll_back"]


async def test_whose_policies_they_are_is_said_once(gateway: Gateway, tmp_path: Path) -> None:
    (tmp_path / "key").write_text("k")

    with pytest.raises(ProtocolError, match="leave it out"):
        async with desk(arguments("--url", "http://one", "--key-file", str(tmp_path / "key"), "--tenant", "acme")):
            pytest.fail("two scopes have a desk")


@pytest.mark.parametrize(
    "content", [None, b"", b" \n", b"\xff", "k\u00e9y".encode(), b"k\ney", b"k\x00", b"k" * 5000, b"[k]\r\nx: y"]
)
async def test_a_key_is_one_line(tmp_path: Path, content: bytes | None) -> None:
    file = tmp_path / "key"
    if content is not None:
        file.write_bytes(content)

    with pytest.raises(Misconfigured, match="--key-file") as raised:
        async with desk(arguments("--url", "http://one", "--key-file", str(file))):
            pytest.fail("no key has a desk")
    assert "k" not in raised.value.message.replace("key", "")


@pytest.mark.parametrize("file", ["", "x\x00y", "/", "/dev/null"])
async def test_without_a_key_nothing_is_asked(file: str) -> None:
    with pytest.raises(Misconfigured, match="--key-file"):
        async with desk(arguments("--url", "http://one", "--key-file", file)):
            pytest.fail("no key has a desk")
