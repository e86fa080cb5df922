"""Streets with their numbers, and postal codes, as countries write them."""

from __future__ import annotations

import pytest

from gateway.detect.recognizers.addresses import AddressRecognizer
from tests.doubles.examples import found, growth, left_out, plain, unknown

RECOGNIZERS = [AddressRecognizer()]
EXAMPLES = {
    "STREET_ADDRESS": [
        "Er wohnt im ⟦Schulweg 12⟧ in Kassel, sie ⟦Schulweg 12⟧",
        "Treffen im ⟦Heimweg 4⟧, das Haus am ⟦Radweg 3⟧",
        "sie wohnt ⟦Rückweg 12⟧, er lebt jetzt am ⟦Aufstieg 7⟧",
        '{"firma": "X", "ulice": "⟦Nerudova 8⟧", "mesto": "Most"}',
        "navn;vej;by\nEva Roe;⟦Birkedal 14⟧;Skive",
        "mieszkam w Pile, ⟦Długosza 12 m. 7⟧.",
        "Karaköy, ⟦2204 Sokak No: 11/2⟧",
        "Yer: ⟦Çamlık Caddesi no 11 önü⟧, İzmir",
        'vive en ⟦C/ Rosal 9, 2.º izda.⟧, o en ⟦Calle Sol 22 piso 4 "B"⟧',
        "⟦1200 – 44 Sample Street⟧, Toronto",
        "⟦skrzyżowanie Długosza i Rejtana⟧, godz. 9",
        "Roe e.K.  ·  ⟦An der Hohen Wiese 3⟧  ·  71634 Ludwigsburg",
        "domicilio en ⟦carrer de la Palma, 12, 3.º 2.ª⟧, 08201 Terrassa",
        "el piso de ⟦ronda Llevant, 14, ático B⟧, libre",
        "ADDR ⟦2204 COUNTY ROAD 117⟧, ALVIN TX 77511",
        "Roe GmbH · ⟦Am Hochofenwerk 4⟧ · 48431 Rheine",
        '{"vej": "⟦Gl. Strandvej 12, kld.⟧"}',
        "am ⟦Ostring 4⟧, ⟦Theodor-Roth-Ring 12⟧, ⟦Alter Weg 3⟧, ⟦Lindegade 4⟧, ⟦Mittelweg 5⟧, ⟦Kerksteeg 7⟧, ⟦Bahnhofsteig 9⟧",
        "lives at ⟦12 High Street⟧, Leeds",
        "⟦1600 Sample Ave NW, Apt 4B⟧, Dover",
        "⟦PO Box 1234⟧, ⟦Postfach 10 20 30⟧",
        "⟦Flat 3, 221B Orchard Road⟧",
        "⟦Musterstraße 12a⟧, ⟦Rathausplatz 1⟧, ⟦Berliner Straße 5⟧",
        "⟦Karl-Muster-Allee 33⟧",
        "⟦Am Markt 3⟧, 50667 Köln",
        "Anschrift: ⟦Hinter den Höfen 7⟧",
        "⟦12 bis, rue de la Paix⟧, 75002 Paris",
        "⟦5 avenue Victor Hugo⟧",
        "⟦Calle Mayor 5, 2º B⟧, 28013 Madrid",
        "⟦C/ Rosal 53, 2º dcha⟧",
        "⟦Via Roma 10⟧, ⟦Corso Vittorio Emanuele II 12⟧",
        "⟦Hoofdstraat 12-A⟧, ⟦Prinsengracht 263⟧",
        "⟦Rua das Flores, 45⟧",
        "⟦R. Augusta, 1500, apto 12⟧",
        "⟦ul. Długa 7/3⟧, ⟦al. Jana Pawła II 16 m. 45⟧",
        "⟦Storgatan 4⟧, ⟦Nørregade 12, 3. th⟧",
        "⟦Atatürk Caddesi No: 12/5⟧",
        "⟦Dlouhá 12/34⟧, 110 00 Praha",
        "⟦Blk 123 Ang Mo Kio Ave 3 #04-12⟧",
        "⟦5 MG Road⟧, Bengaluru",
        "⟦Flat 2, 14 Quay View⟧, Cork",
        '("Eva", "⟦Am Alten Tor 1a⟧", 3)',
    ],
    "POSTAL_CODE": [
        "CALLE ROBLE 12\nC.P. / MUNICIPIO: ⟦44100⟧ / ZAPOPAN",
        "C/ Rosal 9, bajo. ⟦23001⟧ Jaén",
        "London ⟦SW1A 1AA⟧",
        "Grange SA ⟦5022⟧, bond; Mumbai ⟦400053⟧; calle Rosal 5, Sevilla (⟦41008⟧)",
        "('x', '⟦41-200⟧', 'Bytom'), \"postaKodu\": \"⟦21070⟧\"",
        "Hoofdstraat 12, ⟦7545AE⟧.",
        "ul. Długa 7/3  ⟦16-400⟧\nPojazd",
        "22 High Street, S⟦188603⟧.",
        "Code post. ⟦75011⟧, c.a.p. ⟦20121⟧, Cod.Post.: ⟦1200-195⟧",
        "kod poczt. ⟦00-238⟧ i ZIP+4 ⟦62704-1234⟧",
        'nom="Usine" cp="⟦03100⟧" ville="Vichy"',
        '"kod": "⟦35-222⟧", "miasto": "Bytom"',
        "SIVAS    PK: ⟦58040⟧",
        "Postnr / ort            ⟦871  42⟧   Umeå",
        "7 Tampines Ave S(⟦408571⟧), Singapore ⟦329134⟧",
        "TULSA  OK  ⟦74106⟧",
        "insert into kyc (city, pin) values ('Salem', '⟦620017⟧')",
        "Musterstraße 12a            Rathausplatz 1\n⟦80331⟧                       ⟦1196⟧ Gland (CH)",
        "Lejemål  3     Nørregade 12\n        ⟦5230⟧  ODENSE  M",
        "Ottawa ⟦K1A 0B1⟧",
        "Galway ⟦H91 X3C4⟧",
        "PLZ/Ort: ⟦23557⟧ Lübeck",
        "⟦1234 AB⟧ Utrecht",
        "Springfield, IL ⟦62704⟧",
        "Dover, Delaware ⟦19901-1234⟧",
        "Musterstraße 12a, ⟦10115⟧ Berlin",
        "Rathausplatz 1\n⟦80331⟧ München",
        "12 bis, rue de la Paix, ⟦75002⟧ Paris",
        "Via Roma 10, ⟦00184⟧ Roma",
        "ul. Długa 7/3, ⟦00-238⟧ Warszawa",
        "Rua das Flores, 45, ⟦1200-195⟧ Lisboa",
        "Storgatan 4, ⟦111 22⟧ Stockholm",
        "São Paulo, ⟦01310-100⟧",
        "⟦D-80331⟧ München",
        "5 MG Road, Bengaluru ⟦560001⟧",
        "PLZ: ⟦80331⟧, zip code ⟦62701⟧, CAP ⟦00184⟧",
        "Kod pocztowy: ⟦90-001⟧, PSČ ⟦110 00⟧, postnummer ⟦2100⟧",
        '"postalCode": "⟦10115⟧"',
        "name,zip\nEva,⟦10115⟧\nJan,⟦80331⟧",
        "INSERT INTO k (id, city, pin) VALUES (7, 'Madurai', '⟦625017⟧'), (8, 'Salem', '⟦636 007⟧')",
        '{"kod": "⟦35-111⟧"}, <i cp="⟦03200⟧"/>, PK: ⟦16050⟧, C.P. ⟦46401⟧',
        "RENO  NV  ⟦89501⟧, spore ⟦310122⟧, Singapore ⟦310123⟧, S(⟦310124⟧)",
        "Postnr / ort          ⟦871  40⟧   HÄRNÖSAND",
    ],
}
HARMLESS = [
    "Heimweg 12 km, Radweg 3, Rückweg 12, Aufstieg 4, im Fluchtweg 3, im Monitoring 5, in der Garantie 24 Monate",
    "er wohnt hier, Bahnsteig 4, Dienstweg 3",
    "Treffpunkt am Bahnsteig 4, Ausstieg 2",
    "Garantie 24 Monate, Locatie 4, Sortie 12, Optie 3, Bahnsteig 4, Einstieg 2, Fußzeile 2, Steckplatz 3",
    "Vergadering 12, Levering 3-5 dage, Sikring 12, Ændring 3, Spring 12, Monitoring 5, MONITORING 5, Umweg 3",
    "Navigate 3, Aggregate 12, Blockade 3, Extended Garantie 24",
    "sizes 14 and 18 Ch. Bertha's Ward, 12 ch. Queen\u2019s ward",
    "set NL-53-R. Afmetingen 80x28x202 cm",
    "Main Street was quiet, and Wall Street fell.",
    "12 Road safety rules, 3 Way calls",
    "Straße 2024 Bericht, Hauptstraße gesperrt",
    "10115 Units sold, 12345 Errors in 2024",
    "4500 KM and 2000 MB, order 1234 AB",
    "see Kapitel 3, Im Jahr 2024, Version 12 Release Notes",
    "on 12 May 2024, 3 Points of 5",
    "part 55-201, room 12-334, 100-200 Boxes",
    "The Boulevard has 5 shops; rue barrée",
    "Via e-mail 3 times, via 2 servers",
    "Postbox is full, Platz 2 im Turnier",
    "v1.12.3 Street, $12 Street price",
    '"kod": "4711", "pk": "12", "cp": "x"',
    "LOCK  OK  200 and S(12)",
]


@pytest.mark.parametrize(("entity", "example"), [(kind, each) for kind, all_ in EXAMPLES.items() for each in all_])
def test_it_is_found(entity: str, example: str) -> None:
    text, values = plain(example)

    assert found(RECOGNIZERS, text, entity) == values
    assert not left_out(RECOGNIZERS, text)


@pytest.mark.parametrize("text", HARMLESS)
def test_what_is_no_address_stays(text: str) -> None:
    assert {kind: found(RECOGNIZERS, text, kind) for kind in EXAMPLES if found(RECOGNIZERS, text, kind)} == {}


def test_every_type_has_examples() -> None:
    assert set(RECOGNIZERS[0].supported_entities) == set(EXAMPLES)


def test_what_it_needs_is_known() -> None:
    assert unknown(RECOGNIZERS) == []


@pytest.mark.parametrize(
    "unit", ["A", "Aa ", "12 A ", "Rue de la ", "12345 Aa ", "Calle ", "Am Markt 3 ", "1 ", "Aa-", "ul. "]
)
def test_time_grows_with_the_text(unit: str) -> None:
    assert growth(RECOGNIZERS[0], unit) < 10
