"""American authorities' rules for their numbers.

Law: as in ``europe``.
"""

from __future__ import annotations

from typing import Final

from gateway.detect.checksums import check_11, is_day, luhn, weighted

_CURP: Final = "0123456789ABCDEFGHIJKLMN\u00d1OPQRSTUVWXYZ"
_RFC: Final = "0123456789ABCDEFGHIJKLMN&OPQRSTUVWXYZ \u00d1"
_NIT: Final = (3, 7, 13, 17, 19, 23, 29, 37, 41)
_ROUTED: Final = ((0, 12), (21, 32), (61, 72), (80, 80))
"""First two digits of the Federal Reserve's districts, of thrifts, of electronic payments, of traveller's cheques."""

_VIN: Final = dict(zip("ABCDEFGHJKLMNPRSTUVWXYZ", (*range(1, 9), 1, 2, 3, 4, 5, 7, 9, *range(2, 10)), strict=True))
_VIN_WEIGHTS: Final = (8, 7, 6, 5, 4, 3, 2, 10, 0, 9, 8, 7, 6, 5, 4, 3, 2)


def us_ssn(number: str) -> bool:
    """United States, SSN (SSA): no area 000, 666 or from 900, no group 00, no serial 0000; not the advertised one."""
    issued = number[:3] not in {"000", "666"} and number[0] != "9"
    return issued and number[3:5] != "00" and number[5:] != "0000" and number != "078051120"


def us_itin(number: str) -> bool:
    """United States, ITIN (IRS): from 900, groups 50 to 65, 70 to 88, 90 to 92, 94 to 99."""
    group = int(number[3:5])
    return number[0] == "9" and (50 <= group <= 65 or 70 <= group <= 99) and group not in {89, 93}


def us_ein(number: str) -> bool:
    """United States, EIN (IRS): prefixes that were never given out."""
    return number[:2] not in {"00", "07", "08", "09", "17", "18", "19", "28", "29", "49", "69", "70", "78", "79", "89"}


def us_routing(number: str) -> bool:
    """United States, ABA routing transit number."""
    known = any(low <= int(number[:2]) <= high for low, high in _ROUTED)
    return known and number != "000000000" and weighted(number, (3, 7, 1) * 3) % 10 == 0


def us_npi(number: str) -> bool:
    """United States, NPI (45 CFR 162.406): Luhn's rule behind the issuer's 80840."""
    return number[0] in "12" and luhn("80840" + number)


def us_dea(number: str) -> bool:
    """United States, DEA registration number."""
    digits = [int(digit) for digit in number[2:]]
    return (sum(digits[:6:2]) + 2 * sum(digits[1:6:2])) % 10 == digits[6]


def ca_sin(number: str) -> bool:
    """Canada, SIN: 0 is for no person, 8 for firms."""
    return number[0] not in "08" and luhn(number)


def br_cpf(number: str) -> bool:
    """Brazil, CPF (Receita Federal): eleven equal digits are none."""
    return len(set(number)) > 1 and all(
        check_11(number, range(count + 1, 1, -1)) % 10 == int(number[count]) for count in (9, 10)
    )


def br_cnpj(number: str) -> bool:
    """Brazil, CNPJ (IN RFB 2.229/2024): letters count from 17."""
    values = [ord(character) - 48 for character in number]
    return len(set(values)) > 1 and all(
        -sum(value * (2 + (count - 1 - place) % 8) for place, value in enumerate(values[:count])) % 11 % 10
        == values[count]
        for count in (12, 13)
    )


def mx_curp(number: str) -> bool:
    """Mexico, CURP (RENAPO)."""
    total = sum(_CURP.index(character) * (18 - place) for place, character in enumerate(number[:17]))
    return is_day(number[6:8], number[8:10]) and -total % 10 == int(number[17])


def mx_rfc(number: str) -> bool:
    """Mexico, RFC (SAT): that of a firm has three letters, and a blank before them for the check."""
    whole = number.rjust(13)
    total = sum(_RFC.index(character) * (13 - place) for place, character in enumerate(whole[:12]))
    return is_day(whole[6:8], whole[8:10]) and "0123456789A"[-total % 11] == whole[12]


def ar_cuil(number: str) -> bool:
    """Argentina, CUIL and CUIT."""
    known = number[:2] in {"20", "23", "24", "25", "26", "27", "30", "33", "34"}
    return known and check_11(number, (5, 4, 3, 2, 7, 6, 5, 4, 3, 2)) == int(number[10])


def cl_rut(number: str) -> bool:
    """Chile, RUT: K is 10."""
    body = number[-2::-1]
    return "0123456789K"[check_11(body, (2, 3, 4, 5, 6, 7) * 2)] == number[-1]


def co_nit(number: str) -> bool:
    """Colombia, NIT (DIAN): the check digit is what the sum leaves by 11, or what it lacks where that is over 1."""
    rest = weighted(reversed(number[:-1]), _NIT) % 11
    return (rest if rest < 2 else 11 - rest) == int(number[-1])


def vin(number: str) -> bool:
    """Vehicle identification number with the check digit of North America (49 CFR 565.15)."""
    values = (_VIN.get(each) or int(each) for each in number)
    total = sum(value * weight for value, weight in zip(values, _VIN_WEIGHTS, strict=True))
    return "0123456789X"[total % 11] == number[8] and not number.isdigit() and not number.isalpha()
