"""Streets in capitals, in small letters, with flats, of many countries, and codes around them."""

from __future__ import annotations

import pytest

from gateway.detect.recognizers.addresses import AddressRecognizer
from gateway.detect.recognizers.streets import whole
from tests.doubles.examples import growth, left_out, plain

RECOGNIZER = AddressRecognizer()
EXAMPLES = [
    '("Eva Roe", "⟦Am Markt 1a⟧", "⟦02828⟧")',
    "<StrtNm>⟦Lindenweg⟧</StrtNm><BldgNb>⟦3b⟧</BldgNb><PstCd>⟦12345⟧</PstCd>",
    '{"strasse": "⟦Am Bach⟧", "hausnummer": "⟦4⟧", "plz": "⟦12345⟧"}',
    "name;strasse;plz;ort\nRoe;⟦Am Bach 4⟧;⟦12345⟧;Ulm\nDoe;⟦Zur Eiche 3⟧;⟦54321⟧;Kiel",
    "jmeno;adresa;psc\nRoe;⟦Lesní 14⟧;⟦110 00⟧\nDoe;⟦Na Stráni 2⟧;⟦110 01⟧",
    "Roe • ⟦Hauptstr. 5⟧ • ⟦8010⟧ Graz, ⟦1050⟧ Bruxelles, ⟦avenue Louise 231⟧",
    "wohnt in ⟦12345⟧ Ulm. CP ⟦28013⟧ Madrid",
    "postcode please?\nEva: ⟦3011⟧",
    "the address is ⟦nine mill lane⟧ leeds",
    "in der ⟦Blücherstraße zwölf⟧ in Kiel",
    "vivo en ⟦calle luna número ocho⟧, segundo",
    "abito in ⟦via garibaldi ventidue⟧ a Pisa",
    "au ⟦douze rue des lilas⟧",
    "⟦14 Harcourt Terrace⟧, Dublin 2, ⟦D02 X285⟧",
    "Address: ⟦Flat 2/1, 88 Dumbarton Road⟧, Glasgow ⟦G11 6QE⟧",
    "⟦Unit 7, Fairview Business Park⟧",
    "he lives at ⟦22 pembroke road⟧ in leeds, ⟦ls6 3hd⟧",
    "mailing address is ⟦418 W. Oak St., Apt. 3B⟧, Tulsa, OK ⟦74103⟧.",
    "⟦2201 N 14th Ave⟧, Phoenix AZ ⟦85007⟧",
    "SHIP TO: ⟦77 HILLCREST DR⟧, MARIETTA, GA ⟦30060⟧",
    "⟦Level 4, 120 Collins Street⟧, Melbourne VIC ⟦3000⟧",
    "⟦3/45 Beach Road⟧, Bondi NSW ⟦2026⟧",
    "⟦RR 2, Box 118⟧, Elkhart, IA ⟦50073⟧",
    '"address": {"line1": "⟦9 Marlow Court⟧", "postcode": "⟦SL7 2AA⟧"}',
    "wohnhaft ⟦Gartenweg 3a⟧, ⟦79098⟧ Freiburg",
    "⟦Schulstr. 14, 2. OG links⟧, ⟦8005⟧ Zürich",
    "⟦Mariahilfer Straße 45/3/12⟧, ⟦1060⟧ Wien",
    "⟦Unter den Eichen 87⟧, ⟦12205⟧ Berlin",
    "Ich wohne in der ⟦lindenstr. 5⟧ in köln",
    "Herrn\nJan Roe\n⟦Zum Bruch 4⟧\n⟦33014⟧ Bad Driburg",
    "Postanschrift: ⟦Postfach 11 02 44⟧, ⟦60037⟧ Frankfurt",
    "PLZ/Ort: ⟦04229⟧ Leipzig, Straße: ⟦Könneritzstraße 9⟧",
    "⟦Bahnhofstrasse 21⟧, CH-⟦6300⟧ Zug",
    "⟦18, allée des Tilleuls⟧\n⟦33000⟧ Bordeaux",
    "⟦4 bis rue du Four, bât. C, 3e étage⟧, ⟦54000⟧ Nancy",
    "⟦Rue de l'Hôpital 9⟧, ⟦1700⟧ Fribourg",
    "domiciliée au ⟦12 rue des Acacias⟧ à Metz",
    "⟦avenue Louise 231, bte 4⟧, ⟦1050⟧ Bruxelles",
    "⟦Lieu-dit Kervao⟧, ⟦29860⟧ Plabennec",
    "habite ⟦12 rue des lilas⟧, lyon",
    "⟦Résidence Les Pins, 14 chemin du Lavoir⟧, ⟦13100⟧ Aix",
    "⟦Av. de la Constitución, 12, 4.º B⟧, ⟦41001⟧ Sevilla",
    "⟦Pº de la Castellana 112, esc. 2, 5.º izq.⟧, ⟦28046⟧ Madrid",
    "⟦Ctra. de Cádiz, km 12⟧",
    "⟦Calle 45 # 12-30⟧, Bogotá",
    "⟦Av. Insurgentes Sur 1602, Int. 5⟧, Col. Crédito Constructor, C.P. ⟦03940⟧",
    "vive en ⟦calle luna 8⟧, 2 b",
    "⟦Plaza Mayor, s/n⟧",
    "Bopæl: ⟦Elmebjerg 61, 1. tv.⟧, ⟦9400⟧ Ribe; bopæl uændret: ⟦Elmebjerg 7⟧; roe;⟦Sankt Olafs Gade 20⟧;2200",
    "keys for ⟦Apt 12, The Smithy, Mill Lane⟧, Naas; mudou pra ⟦rua padre sol 88 fundos⟧ no centro",
    "⟦av. 14 oriente 1207, int. 4⟧, col. Luz; ⟦Calle 5 Sur 411⟧; adresiniz ⟦1849/3 Sokak No: 12 D: 5⟧, 35530",
    "habite ⟦27 rue du 8 mai 1945⟧, ⟦69100⟧ Bron; ⟦4 rue du 11-Novembre-1918⟧; ⟦9 rue du Quatre-Août-1789⟧, Lyon",
    "Bien : ⟦64, boulevard Sorel, 3e étage gauche⟧, ⟦13004⟧ Nice; ⟦12, rue Foch, rez-de-chaussée droite⟧",
    'Av. ⟦San Luis 1840, PB "C"⟧, Rosario; END: ⟦RUA DO LIMOEIRO 233 FUNDOS⟧  BAURU CEP ⟦17018-390⟧',
    "ADDRESS: ⟦FLAT 118, ROSE ENCLAVE, 7TH CROSS⟧, HYDERABAD ⟦500034⟧",
    "⟦Flat 4B, Sai Residency, 12th Main Road⟧, Bengaluru ⟦560038⟧, ⟦Plot 41, Green Colony, 3rd Lane⟧, GUWAHATI ⟦781005⟧",
    "Yer: ⟦Fatih Bulvarı⟧ kavşağı, ⟦Gül Caddesi ile Lale Sokağı⟧ kesişimi",
    "⟦Via Giuseppe Garibaldi, 14/B⟧, ⟦10122⟧ Torino",
    "⟦Viale Europa 22, scala C, int. 7⟧, ⟦00144⟧ Roma",
    "residente in ⟦via dei mille 3⟧ a Pisa",
    "⟦Fraz. San Martino 12⟧, ⟦12060⟧ Barolo (CN)",
    "⟦P.zza Dante, 5⟧ - ⟦80135⟧ Napoli",
    "⟦Oude Gracht 118-bis⟧, ⟦3511 AW⟧ Utrecht",
    "woont aan de ⟦Lange Nieuwstraat 14-II⟧",
    "⟦Steenweg op Gent 44 bus 3⟧, ⟦9300⟧ Aalst",
    "⟦Het Kasteel 7⟧\n⟦7325 PB⟧ Apeldoorn",
    "⟦Wilhelminapark 22 hs⟧, ⟦3581 NE⟧ Utrecht",
    "⟦ul. Kościuszki 14 m. 3⟧, ⟦50-037⟧ Wrocław",
    "zam. ⟦os. Piastów 12/45⟧, ⟦31-624⟧ Kraków",
    "mieszka przy ⟦ulicy Polnej 7⟧",
    "⟦Stara Wieś 44⟧, ⟦34-600⟧ Limanowa",
    "UL. ⟦3 MAJA 22/4⟧",
    "⟦Rua de São Bento, 112, 3.º Esq.⟧, ⟦1200-820⟧ Lisboa",
    "⟦Av. Brigadeiro Faria Lima, 2.232, cj. 41⟧ - ⟦01451-000⟧",
    "⟦Travessa do Carmo, n.º 4, r/c dto.⟧, ⟦4050-164⟧ Porto",
    "⟦SQN 308 Bloco K Apto 204⟧, Brasília",
    "moro na ⟦rua das acácias 45⟧, bairro x",
    "⟦Kungsgatan 12 B, 3 tr⟧, ⟦111 35⟧ Stockholm",
    "⟦Björkvägen 3⟧\n⟦903 42⟧ Umeå",
    "⟦Östra Hamngatan 41, lgh 1101⟧",
    "Adress: ⟦Norra Vallgatan 9⟧",
    "⟦Søndergade 4, 2. th.⟧, ⟦8000⟧ Aarhus C",
    "⟦Åbrinken 88⟧, ⟦2830⟧ Virum",
    "bor på ⟦Nørrebrogade 12, st. tv.⟧",
    "⟦Ved Kirken 3⟧\n⟦5600⟧ Faaborg",
    "⟦Na Vyhlídce 12⟧, ⟦312 00⟧ Plzeň",
    "bytem ⟦Husova 45/8⟧, ⟦602 00⟧ Brno",
    "⟦Masarykovo náměstí 7⟧, ⟦586 01⟧ Jihlava",
    "⟦Horní Lhota 118⟧, ⟦763 23⟧ Dolní Lhota",
    "⟦nám. Míru 3⟧",
    "⟦Bağdat Cad. No: 112 Kat:3 D:7⟧ Kadıköy ⟦34710⟧ İstanbul",
    "⟦Yeni Mah. Okul Sok. No:5/2⟧, ⟦06100⟧ Ankara",
    "⟦Cumhuriyet Mahallesi 1204. Sokak No 8⟧",
    "adres: ⟦fatih mah. lale sok. no 4⟧ bursa",
    "⟦Alsancak Mah. 1448 Sk. No:12⟧ 35220 İzmir",
    "⟦Flat 2/14 Banksia Parade⟧, Hobart",
    "Post to ⟦Lot 5 Mulga Street⟧, or ⟦Rt 7 Box 310⟧, Waco",
    "⟦Corner House, 9 Tanyard Lane⟧, Wells ⟦BA5 1AA⟧",
    "now ⟦Blk 411 Pasir Melati Drive 6 508-231⟧, Singapore ⟦550923⟧",
    "⟦48 Elm Crescent 311-07⟧ S(⟦550921⟧), ⟦7 Lorong Melati 02-18⟧ Singapore ⟦550922⟧",
    "⟦88/2, 5th Cross, Opp. Lakshmi Bakery, Jaynagar⟧, Mysuru",
    "⟦12 KINGS RD, BESIDE NO. 4 WATER TANK⟧",
    "<rue>⟦21 IMP DES SAULES⟧</rue> ⟦3 ALL DU PARC⟧",
    "vive en ⟦Pje. Las Violetas 310 dto. 8⟧, Morón",
    "⟦Salita sup. San Nicola 4/7⟧, ⟦16121⟧ Genova",
    "⟦RUA DO OURO X ESQ. RUA DA PRATA⟧",
    "⟦Calle Luna esquina Calle Sol⟧, ⟦Lindenstraße / Gartenweg⟧, ⟦hoek Kerkstraat en Molenlaan⟧",
    "⟦corner of Mill Road and Tenison Avenue⟧, ⟦ul. Długiej róg ul. Krótkiej⟧",
    "over de ⟦piet van dorpstraat tweehonderdtwaalf⟧ daar",
    "⟦Björkgatan 3  C  lgh 1002⟧\nPostnr / ort         ⟦903  42⟧   UMEÅ",
    "ny adr. ⟦Skovbrynet 8, st.⟧, efter flytning, ⟦Enghavevej 31⟧: ring på",
    "⟦YILDIZ CAD. NAR APT. K:2 D:5⟧, ⟦Sanayi Böl. 7. Cad. No: 4⟧",
    "adresi ⟦gültepe mah. 88 sk. no:4/2⟧ bornova",
    "Bydliště ⟦Zahradní 14⟧,        ⟦U Rybníka 7⟧\n         ⟦533 41⟧  Lázně             ⟦53002⟧ Pardubice",
    "LEJER  ⟦ELMEVEJ 9 1.TH⟧   side 2\n              ⟦5000⟧  ODENSE  C\n",
    "⟦Calz. Reforma Norte 118, Col. Roma⟧, ⟦880, boul. des Pins⟧, 9 Purvis Way, S⟦188701⟧",
    "⟦Rua 5 de Outubro, 12⟧, ⟦Loc. Monte Alto snc⟧, ⟦Fraz. Valle Nuova, 8⟧",
    "⟦Rés. Les Lilas Bât C Apt 3⟧, ⟦9 ZA du Grand Champ⟧, ⟦6 sq. des Tilleuls⟧",
    "⟦Urbanização Vale Verde lote 9⟧, ⟦C/ Goya nº 8 esc. izq. 2º D⟧",
    "⟦Fatih Bulv. 12/3⟧, ⟦İncirli Mah. Gül Cad. Yasemin Sitesi A Blok D:4⟧",
    "⟦330 w 12th st apt 5⟧, ⟦907 County Rd 8⟧, ⟦Ivy Cottage, Mill Lane⟧, ⟦H.No 6-11/B⟧",
    "zam. ⟦ul. Klonowa 3/4⟧  ⟦15-222⟧\npojazd",
]
HARMLESS = [
    "Great place 5 stars, a nice view 3 times",
    "BP 120 over 80, BP 164/92, HR 88",
    "address the 3 issues, address: 10.0.0.1, address = 0x7ffe",
    "the cable R2V 5G2,5 and part U-1000",
    "via email 3, largo 5 cm, strada 2024",
    "Arbeitsplatz 2024, Bericht 118/2024",
    "in 2024 Berlin grew, in 20000 Cases",
    "Unit 5 of 7, Level 4 support, Block 12",
    "Summary\n\n2024 Budget\n3 points",
    "email: a@b.example, url: http://x.example/5",
    "one way street, two lane road, on the road, on Dallas Street",
    "w1 2nd place, se1 3gb",
    "Veloraum, Parkplatz 17, Stellplatz 4, Dichtungsring 12, Parkeringsplats 8",
    "Na Adama 5 čeká, U Evy 3 děti",
    "and/or input/output 5, Straße / Weg, corner of the road and the lane",
    "R. Holm. Punkt 4: done",
    "Bulvarı geçtik, Gül Caddesi kapalı, rue du marché, plot 3, Main Story, Block One",
    "Rückkehr am 8 mai 1945, au fond, en frente",
    "route 66, box 12, Plot 3, Sector analysis 4",
]


@pytest.mark.parametrize("example", EXAMPLES)
def test_it_is_covered_whole(example: str) -> None:
    text, values = plain(example)
    found = RECOGNIZER.analyze(text, ["STREET_ADDRESS", "POSTAL_CODE"])
    covered = {at for each in found for at in range(each.start, each.end)}

    assert [value for value in values if not covered.issuperset(_places(text, value))] == []
    assert not left_out([RECOGNIZER], text)


def _places(text: str, value: str) -> range:
    return range(text.index(value), text.index(value) + len(value))


@pytest.mark.parametrize("text", HARMLESS)
def test_what_is_no_address_stays(text: str) -> None:
    assert RECOGNIZER.analyze(text, ["STREET_ADDRESS", "POSTAL_CODE"]) == []


@pytest.mark.parametrize(
    ("text", "street", "expected"),
    [
        ("Hof 4, 2. OG links, Ulm", "Hof 4", "Hof 4, 2. OG links"),
        ("Level 3, 12 Oak Rd", "12 Oak Rd", "Level 3, 12 Oak Rd"),
        ("Oak Rd 12, no one", "Oak Rd 12", "Oak Rd 12"),
        ("Nygade 4, st. tv. i Aarhus", "Nygade 4", "Nygade 4, st. tv."),
    ],
)
def test_a_flat_belongs_to_its_street(text: str, street: str, expected: str) -> None:
    start = text.index(street)
    low, high = whole(text, start, start + len(street))

    assert text[low:high] == expected


@pytest.mark.parametrize(
    "unit",
    [
        "A ",
        "AA STRASSE ",
        "calle a ",
        "1 rue a ",
        "ul. a ",
        "a mah. ",
        "Unit 1 A ",
        "\n12345 Aa",
        "5, 5, ",
        "5/5",
        "address: a1",
    ],
)
def test_time_grows_with_the_text(unit: str) -> None:
    assert growth(RECOGNIZER, unit) < 10
