"""Addresses of machines, and versions of programs."""

from __future__ import annotations

import pytest

from gateway.detect.recognizers.machines import MachineRecognizer
from tests.doubles.examples import found, growth, left_out, plain, unknown

RECOGNIZERS = [MachineRecognizer()]


@pytest.mark.parametrize(
    "example",
    [
        "from \u27e678.186.204.51\u27e7 port 22",
        "IP: \u27e65.9.14.21\u27e7",
        "Host \u27e65.9.14.21\u27e7 is down",
        "VPN \u27e610.2.3.4\u27e7 and App \u27e6192.168.1.1\u27e7",
        "server \u27e68.8.8.8\u27e7",
        "client=\u27e6203.0.113.206\u27e7 ua=",
        "Treiber von \u27e6141.30.9.8\u27e7 geladen",
        "OpenVPN \u27e6141.30.9.7\u27e7",
        "to \u27e62001:db8::1\u27e7.",
        "Login from Chrome on \u27e681.2.69.142\u27e7 at 10:00",
        "User signed in with Firefox at \u27e6203.0.113.77\u27e7",
        "The driver at \u27e6203.0.113.77\u27e7 did not answer, pushed firmware to \u27e6203.0.113.9\u27e7",
        "Edge: \u27e6203.0.113.9\u27e7",
        "Build at \u27e652.28.14.9\u27e7",
        "Patch to \u27e6203.0.113.9\u27e7, release to \u27e6203.0.113.9\u27e7",
        "Chrome on \u27e68.8.4.4\u27e7 (user jdoe), Firefox \u27e68.8.4.4\u27e7",
    ],
)
def test_an_address_is_found(example: str) -> None:
    text, values = plain(example)

    assert found(RECOGNIZERS, text, "IP_ADDRESS") == values
    assert not left_out(RECOGNIZERS, text)


@pytest.mark.parametrize(
    "text",
    [
        "version 24.10.3.1, commit 1",
        "verze 8.14.2.0",
        "s\u00fcr\u00fcm 6.2.14.0",
        "app 5.4.1.0.",
        "v 121.0.61.67",
        "Python 3.12.4.1 and OpenSSL 3.0.13.2",
        "build: 1.2.3.4",
        "bumped log4j 2.24.1.0 and",
        "FortiClient 7.2.4.61",
        "mask 255.255.254.0, listen on 0.0.0.0",
        "the driver is 22.190.0.4, the firmware now 141.30.9.7",
        "il driver \u00e8 22.190.0.4, le pilote est 141.30.9.7",
        "Edge: 12.0.3.4, Firefox 12.0.3.4, patch 2.4.1.9, runtime 8.0.1.2, update: 9.1.0.3",
        "driver to 22.19.0.4, version 1.1.1.1",
        "IPv6 address :: is any, ::/0 too",
        "sterownik jest 22.190.0.4, ovlada\u010d je 141.30.9.7, BIOS 141.30.9.7",
    ],
)
def test_a_version_is_none(text: str) -> None:
    assert found(RECOGNIZERS, text, "IP_ADDRESS") == []


def test_what_it_needs_is_known() -> None:
    assert unknown(RECOGNIZERS) == []


@pytest.mark.parametrize("unit", ["1.2.3.4 ", "App ", "1.", "a:"])
def test_time_grows_with_the_text(unit: str) -> None:
    assert growth(RECOGNIZERS[0], unit) < 10
