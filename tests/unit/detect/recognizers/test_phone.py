import random

import phonenumbers
import pytest
from presidio_analyzer.predefined_recognizers import PhoneRecognizer

from gateway.detect.recognizers.phone import _PLANS, REGIONS, OnePassPhoneRecognizer, is_reference

SEPARATORS = (
    " ",
    "-",
    ".",
    "/",
    " / ",
    " - ",
    "",
    "  ",
    ", ",
    "\n",
    " (",
    ") ",
    "x",
    " ext. ",
    "\u2013",
    "+",
    "00",
    "(0)",
)
OTHERS = (
    *("call", "order", "12345", "2026-11-24", "2026-11-24 08:00", "1/2/2020", "$", "a", "192.168.14.77"),
    *(
        "4111 1111 1111 1111",
        "DE89 3704 0044 0532 0130 00",
        "536-22-8147",
        "\u0660\u0663\u0660 \u0669\u0660\u0661\u0668",
    ),
)


@pytest.fixture(scope="module")
def recognizer() -> OnePassPhoneRecognizer:
    return OnePassPhoneRecognizer()


def test_no_valid_number_is_outside_the_plan_of_its_country() -> None:
    chance = random.Random(3)
    valid = 0
    for region in REGIONS:
        code = str(phonenumbers.country_code_for_region(region))
        befores = (
            "",
            "0",
            "1",
            code,
            f"00{code}",
            f"{code}0",
            f"{code}00",
            f"0{chance.choice((15, 21, 31, 41))}",
            "90",
        )
        for _ in range(500):
            example = phonenumbers.example_number_for_type(region, chance.randrange(11))
            digits = chance.choice(befores) + (phonenumbers.national_significant_number(example) if example else "")
            digits = "".join(each if chance.random() < 0.9 else chance.choice("0123456789") for each in digits)
            if is_valid(digits, region):
                valid += 1
                assert _PLANS[region].fullmatch(digits), (region, digits)

    assert valid > 1000


def is_valid(digits: str, region: str) -> bool:
    try:
        return phonenumbers.is_valid_number(phonenumbers.parse(digits, region))
    except phonenumbers.NumberParseException:
        return False


def test_one_pass_covers_what_presidio_covers(recognizer: OnePassPhoneRecognizer) -> None:
    chance = random.Random(7)
    stock = PhoneRecognizer(supported_regions=REGIONS)
    for _ in range(300):
        text = "".join(word(chance) + chance.choice(SEPARATORS) for _ in range(chance.randint(1, 8)))

        wanted = {
            at
            for found in stock.analyze(text, [])
            if sum(character.isdigit() for character in text[found.start : found.end]) >= 6
            and not is_reference(text, found.start, found.end)
            for at in range(found.start, found.end)
        }

        assert wanted <= {at for found in recognizer.analyze(text, []) for at in range(found.start, found.end)}, text


def word(chance: random.Random) -> str:
    kind = chance.randrange(4)
    if kind < 2:
        region = chance.choice(REGIONS if kind else sorted(phonenumbers.SUPPORTED_REGIONS))
        number = phonenumbers.example_number(region)
        return phonenumbers.format_number(number, chance.randrange(4)).replace(" ", chance.choice((" ", *SEPARATORS)))
    if kind == 2:
        return chance.choice(OTHERS)
    return "".join(chance.choice("0123456789") for _ in range(chance.randint(1, 14)))


@pytest.mark.parametrize(
    "text", ["", "no digits", "12345", "1/2/2020", "2026-11-24 08:00", "09.02.2025", "4.3.2025 09:12"]
)
def test_what_is_no_number_is_left(recognizer: OnePassPhoneRecognizer, text: str) -> None:
    assert recognizer.analyze(text, []) == []


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("09.02.2025 030 901820 rang", "030 901820"),
        ("since 09.02.2025, +49 30 901820", "+49 30 901820"),
        ("01.02.03.04.05", "01.02.03.04.05"),
        ("Tel. 03.12.20.25.11.", "03.12.20.25.11"),
    ],
)
def test_a_date_hides_no_number(recognizer: OnePassPhoneRecognizer, text: str, number: str) -> None:
    assert number in {text[found.start : found.end] for found in recognizer.analyze(text, [])}


@pytest.mark.parametrize(
    "reference",
    [
        "GTIN 05012345678917",
        "CPV 33192120-9",
        "1\t55-0182-9911\tTins",
        "DOI 10.5771/9783748920",
        "r\u00e9f. 0418-77-1182",
        "v\u00fdkres 4-1182-004-07",
        "Nr katalogowy 0601.1182.004",
        "doi:10.1016/j.wear.2019.118204",
        "Art.-Nr. 7 834 990",
        "invoice no. 2125550143",
        "RUN-202404-0018",
        "AB/030901820/C",
        "from 06/2024, 0471/2024, 01/2024-06/2024",
        "2024/004417",
        "open 0900-1700",
        "seq=2125550143",
        "A 205 830 11 04",
        "ratio 0.123456789 0.98765432",
        "MHD 06.2026",
        "33 141 000-0, 09310000-5",
        "868 300 000 Hz, 212 555 0143 EUR",
        "VDE 0100-410",
        "communication +++030/9018/20457+++, ***030/9018/20457***",
        "signed 08-14-2023, 14 at 09/10 14:22",
        'debut="01092019", fin="31122024"',
        "steel 1.4404 / 1.4571",
        "part 0734-319-112, par\u00e7a 0734-319-112, obj. \u010d. 0 409 881 36",
        "cod LUK 624 3963 33, ref. 02.111.631, SNOMED 363732003",
        "BKG 4471.903.226, booking 0734-319-112, bon 0417-88-2031",
        "0217-04-031-2",
        "Kassenbon 0417-88-2031, Z\u00e4hler 1160123456, open 10:15-11:45, 08.30-16.15",
        "Bestelnummer 0417 88 20 31, Ersatzteil A 205 830 11 04",
        "7f 45 4c 46 02 01 01 00",
        "Pay to BSB 064-195",
        "A/C HEAT 01.01-30.09",
        "05/2016 \u2013 09/2021 Monteurin, 2016/05, 11.2014 - 2.2019, 03/2016-2019",
        "Compteur : index 017 884, relev\u00e9 017 884, endeks: 900233817",
        "la gu\u00eda 8804310292, n\u00ba de rastreio 8804310292, numero di spedizione 0309018201",
        "E-WAY BILL: 331009284417, AWB 212 5550143, przesy\u0142ka nr 0309018201, z\u00e1silka 2125550143",
        "fakturorna 2125550143 och 2125550144",
        "invoices 2125550143, 2125550144 and 2125550145",
        "Rechnungen 2125550143, 2125550144 und 2125550145",
        "pedidos 2125550143 y 2125550144, faturas 2125550143 e 2125550144",
        "mask 255.255.255.0, 255.255.128.0, to 212.55.50.143 and 30.90.182.44",
        "fakturorna 900233817, gu\u00eda 8804471203, Orders: 2125550143, colis 2125550143",
        "Invoice 2125550100, 2125550143",
        "at 30.90.182.44, 91.41.234.56",
        "col. 06/4471, colegiada 28/3344551",
        "PREG\u00c3O ELETR\u00d4NICO N\u00ba 90.118/2025, Edital n\u00ba 1.090.118/2025",
    ],
)
def test_a_reference_is_no_number(recognizer: OnePassPhoneRecognizer, reference: str) -> None:
    assert recognizer.analyze(reference, []) == []


@pytest.mark.parametrize(
    "text",
    [
        "cod. TEL 030 901820",
        "Tel 631.990.274",
        "mob 347.6610923",
        "Tel/030 901820",
        "phone=030901820",
        "mobil-0171 3920047",
        "030 901820/Fax",
        "to=+49 171 3920047",
        "invoice 4471, 030 901820",
        "invoices 900233817 and 030 901820",
        "since 2016 - 030 901820",
        "212.555.0143",
    ],
)
def test_a_word_for_a_telephone_is_no_reference(recognizer: OnePassPhoneRecognizer, text: str) -> None:
    assert recognizer.analyze(text, []) != []


@pytest.mark.parametrize(
    ("word", "number"),
    [
        ("Orders:", "+44 20 7946 0958"),
        ("order", "+44 20 7946 0958"),
        ("Receipts:", "020 7946 0958"),
        ("Bestellungen:", "089/1234567"),
        ("Pedidos:", "91 412 34 56"),
        ("Commandes :", "01 42 68 53 00"),
        ("Facturas:", "934 123 456"),
        ("suivi :", "06 12 34 56 78"),
        ("colis", "06 12 34 56 78"),
        ("Col.", "06 12 34 56 78"),
        ("Index", "0612345678"),
        ("Call me:", "93.412.34.56"),
        ("Belle sur", "02.123.45.67"),
        ("Mein B\u00fcro:", "044.668.18.00"),
        ("Rechnung 0301234567 und", "0309876543"),
    ],
)
def test_what_is_written_as_telephones_are_is_one(recognizer: OnePassPhoneRecognizer, word: str, number: str) -> None:
    text = f"{word} {number} please"

    assert {text[found.start : found.end] for found in recognizer.analyze(text, [])} == {number}


@pytest.mark.parametrize(
    "unit", ["1", "1 ", "12-", "(1", "+1", "1/", "12 34 56 ", "2125550143, ", "0.0-", "1x", "1 ext "]
)
@pytest.mark.timeout(30)
def test_a_window_of_hostile_text_takes_bounded_time(recognizer: OnePassPhoneRecognizer, unit: str) -> None:
    recognizer.analyze((unit * 8000)[:8000], [])
