"""Rules of authorities in Asia, the Pacific and Africa for their numbers.

Law: as in ``europe``.
"""

from __future__ import annotations

from typing import Final

from gateway.detect.checksums import check_11, is_day, luhn, luhn_36, mod11_2, verhoeff, weighted

_TAIWAN: Final = "ABCDEFGHJKLMNPQRSTUVXYWZIO"
_SINGAPORE: Final = {"S": "JZIHGFEDCBA", "F": "XWUTRQPNMLK", "M": "XWUTRQPNJLK"}
_AGES: Final = {"T": ("S", 4), "G": ("F", 4), "M": ("M", 3)}
"""Series since 2000 and 2022: whose letters they take, and what they add."""


def in_aadhaar(number: str) -> bool:
    """India, Aadhaar (UIDAI): begins with 2 to 9, and reads otherwise from behind."""
    return number[0] not in "01" and number != number[::-1] and verhoeff(number)


def in_gstin(number: str) -> bool:
    """India, GSTIN: state, PAN, entity, Z, check character."""
    return 1 <= int(number[:2]) <= 38 and luhn_36(number)


def cn_resident_id(number: str) -> bool:
    """China, resident identity number (GB 11643)."""
    return "1850" < number[6:10] < "2100" and is_day(number[10:12], number[12:14]) and mod11_2(number)


def hk_id(number: str) -> bool:
    """Hong Kong, identity card: a blank before a single letter counts 36; the check digit A is 10."""
    body = number[:-1]
    total = weighted(reversed(body), range(2, 10)) + (36 * 9 if len(body) == 7 else 0)
    return "0123456789A"[-total % 11] == number[-1]


def tw_id(number: str) -> bool:
    """Taiwan, identity and resident numbers: the letter counts as two digits."""
    whole = f"{_TAIWAN.index(number[0]) + 10}{number[1:]}"
    return weighted(whole, (1, 9, 8, 7, 6, 5, 4, 3, 2, 1, 1)) % 10 == 0


def jp_my_number(number: str) -> bool:
    """Japan, individual number (Ordinance 85 of 2014): 10 is written 0."""
    return check_11(number, (6, 5, 4, 3, 2, 7, 6, 5, 4, 3, 2)) % 10 == int(number[11])


def kr_rrn_day(number: str) -> bool:
    """South Korea, resident registration number of any age: since October 2020 it has no check digit."""
    return is_day(number[2:4], number[4:6]) and number[6] in "12345678"


def kr_rrn(number: str) -> bool:
    """South Korea, resident registration number with its check digit; foreigners' have 2 more."""
    check = (11 - weighted(number, (2, 3, 4, 5, 6, 7, 8, 9, 2, 3, 4, 5)) % 11) % 10
    return kr_rrn_day(number) and (check + 2 * (number[6] in "5678")) % 10 == int(number[12])


def sg_nric(number: str) -> bool:
    """Singapore, NRIC and FIN."""
    series, more = _AGES.get(number[0], (number[0], 0))
    return _SINGAPORE[series][(weighted(number[1:8], (2, 7, 6, 5, 4, 3, 2)) + more) % 11] == number[8]


def my_nric(number: str) -> bool:
    """Malaysia, MyKad: day and place of birth."""
    return is_day(number[2:4], number[4:6]) and number[6:8] not in {"00", "17", "18", "19", "20", "69", "70", "73"}


def th_id(number: str) -> bool:
    """Thailand, identity card."""
    return number[0] != "9" and (11 - weighted(number, range(13, 1, -1)) % 11) % 10 == int(number[12])


def id_nik(number: str) -> bool:
    """Indonesia, NIK: province, day of birth (women's from 41)."""
    known = 11 <= int(number[:2]) <= 97 and int(number[6:8]) < 72
    return known and is_day(number[8:10], str(int(number[6:8]) % 40))


def au_tfn(number: str) -> bool:
    """Australia, TFN (ATO)."""
    return weighted(number, (1, 4, 3, 7, 5, 8, 6, 9, 10)) % 11 == 0


def au_medicare(number: str) -> bool:
    """Australia, Medicare card: begins with 2 to 6; the last digits are the card's issue and the person's."""
    return number[0] in "23456" and weighted(number, (1, 3, 7, 9, 1, 3, 7, 9)) % 10 == int(number[8])


def au_abn(number: str) -> bool:
    """Australia, ABN (ABR): one is taken from the first digit."""
    return number[0] != "0" and (weighted(number, (10, 1, 3, 5, 7, 9, 11, 13, 15, 17, 19)) - 10) % 89 == 0


def nz_ird(number: str) -> bool:
    """New Zealand, IRD number: a second row of weights where the first gives 10."""
    body = number.zfill(9)
    check = check_11(body, (3, 2, 7, 6, 5, 4, 3, 2))
    check = check_11(body, (7, 4, 3, 2, 5, 2, 7, 6)) if check == 10 else check
    return 10_000_000 < int(body) < 200_000_000 and check == int(body[8])


def za_id(number: str) -> bool:
    """South Africa, identity number: citizenship 0 to 2, then 8 or 9."""
    known = is_day(number[2:4], number[4:6]) and number[10] in "012" and number[11] in "89"
    return known and luhn(number)


def il_id(number: str) -> bool:
    """Israel, identity number."""
    return number != "000000000" and luhn(number)


def ae_id(number: str) -> bool:
    """United Arab Emirates, Emirates ID: the country's 784, year of birth, Luhn's digit."""
    return number.startswith("784") and "1900" < number[3:7] < "2100" and luhn(number)
