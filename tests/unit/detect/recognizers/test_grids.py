"""Addresses of network cards, and places on national grids."""

from __future__ import annotations

import pytest

from gateway.detect.recognizers.grids import grids
from tests.doubles.examples import found, growth, left_out, plain, unknown

RECOGNIZERS = grids()
EXAMPLES = {
    "MAC_ADDRESS": [
        "on ⟦3c:5a:b4:11:92:e3⟧ and ⟦A4-77-33-1F-0D-59⟧, ⟦a477.331f.0d59⟧",
        "MAC ⟦F0B3EC339B52⟧, wifi_mac: ⟦f0b3ec339b52⟧",
        "the card has -⟦0e:2e:1c:c4:2a:31⟧, at .⟦0b:a5:88:e3:63:8d⟧",
        "tag;wifi_mac;state\nA1;⟦F0B3EC339B52⟧;ok\nA2;⟦F0B3EC339B53⟧;lost",
        "BSSID=⟦F0B3EC-339B52⟧, fyzická adresa ⟦f0 b3 ec 33 9b 52⟧, MAC: ⟦0047.2041.3390⟧",
    ],
    "COORDINATES": [
        "grid ref ⟦SN 7310 8254⟧, NGR: ⟦TQ305801⟧",
        "52.48317, -3.71942 (or ⟦SN 7310 8254⟧)",
        "UTM: ⟦33U 392104 5820117⟧, MGRS ⟦31U DQ 48251 11932⟧",
        "LV95: ⟦2'683'141 / 1'247'922⟧, SWEREF 99 TM ⟦6580822, 1674032⟧",
        "Koordinaten: ⟦4468503 / 5332112⟧",
    ],
}


@pytest.mark.parametrize(("entity", "example"), [(kind, each) for kind, all_ in EXAMPLES.items() for each in all_])
def test_it_is_found(entity: str, example: str) -> None:
    text, values = plain(example)

    assert found(RECOGNIZERS, text, entity) == values
    assert not left_out(RECOGNIZERS, text)


@pytest.mark.parametrize(
    "text",
    [
        "code 12.361.0047.2041.3390.30 of the budget",
        "commit F0B3EC339B52, order F0B3EC339B52",
        "sum 1234.5678.9012",
        "00:11:22:33:44:55:66:77",
        "on our iMac 2020, machine 123456789012",
        "SN 7310 8254 and part AB 1234 5678",
        "UTM_source=mail, grid of 12, position 3 of 5",
    ],
)
def test_other_numbers_stay(text: str) -> None:
    assert {kind: found(RECOGNIZERS, text, kind) for kind in EXAMPLES if found(RECOGNIZERS, text, kind)} == {}


def test_what_it_needs_is_known() -> None:
    assert unknown(RECOGNIZERS) == []


@pytest.mark.parametrize("unit", ["mac ", "a1:", "grid ", "1.2345 ", "0a1b2c"])
def test_time_grows_with_the_text(unit: str) -> None:
    assert all(growth(each, unit) < 10 for each in RECOGNIZERS)
