"""European authorities' rules for their numbers.

Law: each takes a number of its form, capitals and ASCII digits without separators, and says whether its issuer could
have issued it: its check digits, and its day of birth where it holds one.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from gateway.detect.checksums import (
    check_11,
    cross_summed,
    is_day,
    luhn,
    mod11_10,
    mod97,
    verhoeff,
    weighted,
)

_SPAIN: Final = "TRWAGMYFPDXBNJZSQVHLCKE"
_FINLAND: Final = "0123456789ABCDEFHJKLMNPRSTUVWXY"
_IRELAND: Final = "WABCDEFGHIJKLMNOPQRSTUV"
_ITALY_ODD: Final = (1, 0, 5, 7, 9, 13, 15, 17, 19, 21, 2, 4, 18, 20, 11, 3, 6, 8, 12, 14, 16, 10, 22, 25, 24, 23)
_ITALY_MONTHS: Final = "ABCDEHLMPRST"
_ITALY_DIGITS: Final = str.maketrans("LMNPQRSTUV", "0123456789")
"""Letters that stand for digits where two people would have the same code."""


def at_ssn(number: str) -> bool:
    """Austria, Sozialversicherungsnummer (ASVG §31): months 13 to 15 where the days of one are used up."""
    month = f"{int(number[6:8]) - 12:02}" if number[6:8] in {"13", "14", "15"} else number[6:8]
    known = is_day(month, number[4:6])
    return known and number[0] != "0" and weighted(number, (3, 7, 9, -1, 5, 8, 4, 2, 1, 6)) % 11 == 0


def be_national_number(number: str) -> bool:
    """Belgium, Rijksregisternummer: 97 less the rest, with a 2 before it since 2000; month 0 where none is known."""
    known = is_day(number[2:4], number[4:6]) or number[2:6] == "0000"
    return known and int(number[9:]) in {97 - int(number[:9]) % 97, 97 - int("2" + number[:9]) % 97}


def bg_egn(number: str) -> bool:
    """Bulgaria, EGN: months from 21 before 1900, from 41 since 2000."""
    known = is_day(str(int(number[2:4]) % 20), number[4:6]) and int(number[2:4]) < 53
    return known and weighted(number, (2, 4, 8, 5, 10, 9, 7, 3, 6)) % 11 % 10 == int(number[9])


def cy_tax_id(number: str) -> bool:
    """Cyprus, tax identification code."""
    total = sum(_ITALY_ODD[int(digit)] for digit in number[:8:2]) + sum(map(int, number[1:8:2]))
    return chr(65 + total % 26) == number[8]


def cz_birth_number(number: str) -> bool:
    """Czechia and Slovakia, rodné číslo (133/2000 Sb.): months from 51 for women, 20 more where numbers ran out."""
    known = is_day(str(int(number[2:4]) % 50 % 20), number[4:6]) and int(number[2:4]) % 50 < 33
    if len(number) == 9:
        return known and number[:2] < "54" and number[6:] != "000"
    return known and int(number[:9]) % 11 % 10 == int(number[9])


def de_tax_id(number: str) -> bool:
    """Germany, Identifikationsnummer (AO §139b): of ten digits one stands there twice or three times."""
    body = number[:10]
    often = sorted(map(body.count, set(body)))[-2:]
    return body[0] != "0" and often[-1] in {2, 3} and often[0] == 1 and mod11_10(number)


def de_social_security(number: str) -> bool:
    """Germany, Versicherungsnummer (VKVV §4); days run on where numbers run out."""
    digits = f"{number[:8]}{ord(number[8]) - 64:02}{number[9:]}"
    known = is_day(number[4:6], f"{int(number[2:4]) % 31 or 31}")
    return known and cross_summed(digits, (2, 1, 2, 5, 7, 1, 2, 1, 2, 1, 2, 1)) % 10 == int(number[11])


def de_health_insurance(number: str) -> bool:
    """Germany, Krankenversichertennummer (SGB V §290)."""
    return cross_summed(f"{ord(number[0]) - 64:02}{number[1:9]}", (1, 2) * 5) % 10 == int(number[9])


def de_document(number: str) -> bool:
    """Germany, serial number of an identity card or passport (ICAO 9303); the check digit need not be there."""
    return len(number) == 9 or weighted(number, (7, 3, 1) * 3) % 10 == int(number[9])


def dk_cpr(number: str) -> bool:
    """Denmark, CPR-nummer: a day; its check digit has not held since 2007."""
    return is_day(number[2:4], number[:2])


def ee_lt_personal_code(number: str) -> bool:
    """Estonia and Lithuania, isikukood and asmens kodas (EVS 585)."""
    check = weighted(number, (1, 2, 3, 4, 5, 6, 7, 8, 9, 1)) % 11
    check = weighted(number, (3, 4, 5, 6, 7, 8, 9, 1, 2, 3)) % 11 % 10 if check == 10 else check
    return number[0] in "123456" and is_day(number[3:5], number[5:7]) and check == int(number[10])


def es_identity(number: str) -> bool:
    """Spain, NIF and NIE (Real Decreto 1553/2005): X, Y, Z count as 0, 1, 2."""
    first = str("XYZ".index(number[0])) if number[0] in "XYZ" else number[0]
    return _SPAIN[int(first + number[1:-1]) % 23] == number[-1]


def es_social_security(number: str) -> bool:
    """Spain, número de afiliación: province, number, and their rest by 97."""
    body = number[:2] + number[2:10].lstrip("0").zfill(7)
    return (1 <= int(number[:2]) <= 53 or number[:2] == "66") and int(body) % 97 == int(number[10:])


def fi_identity_code(number: str) -> bool:
    """Finland, henkilötunnus, with or without the sign of its century."""
    return is_day(number[2:4], number[:2]) and _FINLAND[int(number[:6] + number[-4:-1]) % 31] == number[-1]


def fr_nir(number: str) -> bool:
    """France, numéro de sécurité sociale with its key: Corsica's 2A and 2B count as 19 and 18."""
    body = number[:13].replace("2A", "19").replace("2B", "18")
    return 97 - int(body) % 97 == int(number[13:])


def fr_tax_id(number: str) -> bool:
    """France, numéro fiscal de référence."""
    return int(number[:10]) % 511 == int(number[10:])


def gr_amka(number: str) -> bool:
    """Greece, AMKA."""
    return is_day(number[2:4], number[:2]) and luhn(number)


def gr_afm(number: str) -> bool:
    """Greece, AFM."""
    return weighted(number, (256, 128, 64, 32, 16, 8, 4, 2)) % 11 % 10 == int(number[8])


def hu_tax_id(number: str) -> bool:
    """Hungary, adóazonosító jel: begins with 8."""
    return number[0] == "8" and weighted(number, range(1, 10)) % 11 == int(number[9])


def hu_taj(number: str) -> bool:
    """Hungary, TAJ-szám."""
    return weighted(number, (3, 7) * 4) % 10 == int(number[8])


def ie_pps(number: str) -> bool:
    """Ireland, PPS number: the second letter has the weight 9, but for those of spouses and of before 2013."""
    second = ord(number[8]) - 64 if number[8:] not in {"", "T", "W", "X"} else 0
    return _IRELAND[(weighted(number[:7], range(8, 1, -1)) + 9 * second) % 23] == number[7]


def it_fiscal_code(number: str) -> bool:
    """Italy, codice fiscale (DM 23/12/1976): women's days count from 41."""
    total = sum(
        value if place % 2 else _ITALY_ODD[value]
        for place, value in enumerate(int(each) if each.isdigit() else ord(each) - 65 for each in number[:15])
    )
    month, day = _ITALY_MONTHS.index(number[8]) + 1, int(number[9:11].translate(_ITALY_DIGITS))
    return is_day(str(month), str(day % 40)) and day < 72 and chr(65 + total % 26) == number[15]


def lu_national_id(number: str) -> bool:
    """Luxembourg, matricule: Luhn's digit, then Verhoeff's, each over the first eleven."""
    known = "1880" < number[:4] < "2100" and is_day(number[4:6], number[6:8])
    return known and luhn(number[:12]) and verhoeff(number[:11] + number[12])


def lv_personal_code(number: str) -> bool:
    """Latvia, personas kods: since 2017 it begins with 32 to 39 and says nothing."""
    if "32" <= number[:2] <= "39":
        return True
    check = (1101 - weighted(number, (1, 6, 3, 7, 9, 10, 5, 8, 4, 2))) % 11 % 10
    return is_day(number[2:4], number[:2]) and number[6] in "012" and check == int(number[10])


def nl_bsn(number: str) -> bool:
    """Netherlands, burgerservicenummer."""
    return number != "000000000" and weighted(number, (9, 8, 7, 6, 5, 4, 3, 2, -1)) % 11 == 0


def no_national_number(number: str) -> bool:
    """Norway, fødselsnummer and D-nummer (whose days count from 41)."""
    known = is_day(number[2:4], str(int(number[:2]) % 40)) and int(number[:2]) < 72
    return (
        known
        and check_11(number, (3, 7, 6, 1, 8, 9, 4, 5, 2)) == int(number[9])
        and check_11(number, (5, 4, 3, 2, 7, 6, 5, 4, 3, 2)) == int(number[10])
    )


def ch_ahv(number: str) -> bool:
    """Switzerland, AHV-Nummer: EAN-13 under Switzerland's 756."""
    return number.startswith("756") and weighted(number, (1, 3) * 6 + (1,)) % 10 == 0


def pl_pesel(number: str) -> bool:
    """Poland, PESEL: months from 21 since 2000, from 81 before 1900."""
    known = is_day(str(int(number[2:4]) % 20), number[4:6]) and not 32 < int(number[2:4]) < 81
    return known and weighted(number, (1, 3, 7, 9, 1, 3, 7, 9, 1, 3, 1)) % 10 == 0


def pl_nip(number: str) -> bool:
    """Poland, NIP."""
    return weighted(number, (6, 5, 7, 2, 3, 4, 5, 6, 7, -1)) % 11 == 0


def pl_regon(number: str) -> bool:
    """Poland, REGON, of 9 or 14 digits, of which the first 9 are one."""
    if len(number) == 14 and weighted(number, (2, 4, 8, 5, 0, 9, 7, 3, 6, 1, 2, 4, 8)) % 11 % 10 != int(number[13]):
        return False
    return weighted(number, (8, 9, 2, 3, 4, 5, 6, 7)) % 11 % 10 == int(number[8])


def pl_id_card(number: str) -> bool:
    """Poland, dowód osobisty (ICAO 9303): its check digit stands behind the letters."""
    return weighted(number[:3] + number[4:], (7, 3, 1, 7, 3, 1, 7, 3)) % 10 == int(number[3])


def pt_nif(number: str) -> bool:
    """Portugal, NIF: 10 is written 0."""
    return number[0] in "1235689" and check_11(number, range(9, 1, -1)) % 10 == int(number[8])


def pt_citizen_card(number: str) -> bool:
    """Portugal, cartão de cidadão: Luhn's rule, letters from 10."""
    values = (weighted(each, (2 - place % 2,)) for place, each in enumerate(number))
    return sum(value - 9 if value > 9 and not place % 2 else value for place, value in enumerate(values)) % 10 == 0


def ro_cnp(number: str) -> bool:
    """Romania, CNP: sex and century, day, county; 10 is written 1."""
    known = number[0] in "12345678" and is_day(number[3:5], number[5:7]) and 1 <= int(number[7:9]) <= 52
    check = weighted(number, (2, 7, 9, 1, 4, 6, 3, 5, 8, 2, 7, 9)) % 11
    return known and (1 if check == 10 else check) == int(number[12])


def se_personnummer(number: str) -> bool:
    """Sweden, personnummer and samordningsnummer (whose days count from 61)."""
    body = number[-10:]
    return int(body[4:6]) < 92 and is_day(body[2:4], str(int(body[4:6]) % 60)) and luhn(body)


def si_emso(number: str) -> bool:
    """Slovenia, EMŠO: day, three digits of the year, region 50 to 59."""
    known = is_day(number[2:4], number[:2]) and number[4] in "890" and number[7] == "5"
    return known and check_11(number, (7, 6, 5, 4, 3, 2) * 2) == int(number[12])


def tr_national_id(number: str) -> bool:
    """Türkiye, T.C. kimlik no: two check digits."""
    digits = [int(digit) for digit in number]
    tenth = (sum(digits[0:9:2]) * 7 - sum(digits[1:8:2])) % 10
    return digits[0] != 0 and digits[9] == tenth and sum(digits[:10]) % 10 == digits[10]


def uk_nhs(number: str) -> bool:
    """United Kingdom, NHS number (data dictionary): ten equal digits are none."""
    return len(set(number)) > 1 and weighted(number, range(10, 0, -1)) % 11 == 0


def uk_utr(number: str) -> bool:
    """United Kingdom, unique taxpayer reference: the check digit comes first."""
    return "21987654321"[weighted(number[1:], (6, 7, 8, 9, 10, 5, 4, 3, 2)) % 11] == number[0]


def vat(number: str) -> bool:
    """European Union, VAT number: by its country's rule where that is in the table; others pass."""
    rule = _VAT.get(number[:2])
    return rule is None or rule(number[2:])


_VAT: Final[dict[str, Callable[[str], bool]]] = {
    "BE": lambda body: 97 - int(body[:8]) % 97 == int(body[8:]),
    "DE": mod11_10,
    "DK": lambda body: weighted(body, (2, 7, 6, 5, 4, 3, 2, 1)) % 11 == 0,
    "FI": lambda body: check_11(body, (7, 9, 10, 5, 8, 4, 2)) == int(body[7]),
    "HR": mod11_10,
    "IT": luhn,
    "LU": lambda body: int(body[:6]) % 89 == int(body[6:]),
    "NL": lambda body: nl_bsn(body[:9]) or mod97("NL" + body) == 1,
    "PL": pl_nip,
    "PT": pt_nif,
}
