"""Numbers that a house gives to people, with their words in the languages of its offices."""

from __future__ import annotations

import pytest

from gateway.detect.folding import folded
from gateway.detect.recognizers.identifiers import WORDS, has_digits, identifiers
from tests.doubles.examples import found, growth, left_out, plain, unknown

RECOGNIZERS = identifiers()
EXAMPLES = {
    "EMPLOYEE_ID": [
        "STAFF NO  ⟦SM/2204⟧    LATE",
        "nr ewid. ⟦P-41722⟧, hala 3",
        "NR SŁ. ⟦914408⟧",
        "N.º empl. ⟦55829⟧",
        "Legajo ⟦5582⟧",
        "Medew.nr ⟦55829⟧",
        "N.º MECAN.: ⟦3391⟧",
        "MAT. ⟦4.228.513⟧   ASS.",
        "Ma.-Nr.: ⟦00482⟧",
        "sluzebni cislo ⟦77120⟧",
        "Her employee number is ⟦E204117⟧.",
        "Staff no. ⟦118-204⟧ signed in",
        '{"employeeId": "⟦X4123⟧"}',
        "<EmployeeNumber>⟦88213⟧</EmployeeNumber>",
        "export EMPLOYEE_ID=⟦48213⟧",
        "employee_id: ⟦MZ-7781⟧",
        "Personalnummer: ⟦4711-22⟧",
        "Mitarbeiter-Nr. ⟦00817⟧",
        "Votre matricule : ⟦20114⟧",
        "numéro d'employé ⟦55-120⟧",
        "número de empleado: ⟦88123⟧",
        "numero dipendente ⟦D4410⟧",
        "personeelsnummer ⟦30442⟧",
        "numer pracownika: ⟦PR-5512⟧",
        "número de funcionário ⟦7741-2⟧",
        "anställningsnummer ⟦61120⟧",
        "medarbejdernummer: ⟦2290-1⟧",
        "sicil no: ⟦90114⟧",
        "číslo zaměstnance: ⟦12077⟧",
        "ask ⟦EMP-004171⟧ about it",
        "os. č. ⟦SP20418⟧",
        "Pay no  ⟦0082 771 K⟧\nDept: Stores",
        "clerk ⟦KT-4482⟧ stamped it",
        "lønnr. ⟦058112⟧",
        "(sicil ⟦AKD-0881⟧)",
        "name;Personal-Nr;site\nEva;⟦4711⟧;Graz\nJan;⟦4712⟧;Linz",
    ],
    "CUSTOMER_ID": [
        "Kundennummer (neu): ⟦4471-220⟧",
        "kundenr.?\n[10:04] kunde: ⟦DK-0055193⟧",
        "Polizza furto ⟦1/40229/31/229315528⟧",
        "polis auto ⟦AV-220.118⟧",
        "Vertr.-Nr. ⟦558293-09⟧",
        "Mieternr. ⟦208-4471-03⟧",
        "Póliza n° ⟦KL/0055-220.118⟧        | ⟦QHD4417265993⟧",
        "UPDATE c SET x = N'Van' WHERE CariKod = '⟦120.07.0552⟧';",
        "insert into soci (id, tessera) values (7, '⟦FIT-0088317⟧')",
        "Polisnr . . . . . . . : ⟦AV.31.220.118⟧    Mij: Vecht",
        '"kunde": {\n  "nr": "⟦88120-4⟧"',
        "Pol ⟦KAX 5520 118 04⟧, comp",
        "assuré: soc. ⟦5518027 R⟧",
        "NrPolisy=⟦P-771204⟧",
        "customer no. ⟦C-2204117⟧",
        "N.º de cliente ⟦31 558 220⟧ | NIF",
        "nr albumu ⟦229518⟧, rok II",
        "policy ⟦NVM-HOM-6612083⟧ lapsed",
        "VS-Nr.: ⟦KB 8820-417-229/2⟧   Tarif",
        "studentul, matricola ⟦S0388127⟧",
        "klient ⟦MODULO 88215503⟧ prosi",
        "Our CIF: ⟦40228951⟧",
        "Customer ID: ⟦88 120 445⟧",
        "policy number is ⟦POL/2025/0091⟧",
        "member #⟦55412⟧",
        "?customer_id=⟦90214⟧&x",
        "Kundennr. ⟦40-55512⟧",
        "Vertragsnummer ⟦V2025-881⟧",
        "Mitgliedsnummer: ⟦M-10442⟧",
        "n° de client : ⟦445566⟧",
        "numéro de contrat ⟦CT-9912⟧",
        "número de cliente: ⟦77120⟧",
        "número de póliza ⟦PZ-33107⟧",
        "codice cliente ⟦CL0912⟧",
        "klantnummer ⟦551-220⟧",
        "polisnummer: ⟦NL-417359⟧",
        "numer klienta ⟦5567123⟧",
        "número de apólice ⟦33-9012⟧",
        "kundnummer ⟦778120⟧",
        "kundenummer: ⟦20-4410⟧",
        "Müşteri no: ⟦442211⟧",
        "číslo zákazníka: ⟦90321⟧",
        "| Kunden-ID | Betrag |\n|---|---|\n| ⟦88-123⟧ | 12,50 |",
        "INSERT INTO clients (customer_no, city) VALUES ('⟦C-9910⟧', 'Bath')",
    ],
    "PATIENT_ID": [
        '"pacjent": { "id": "⟦pac_8Hk31⟧"',
        "<patient>\n  <id>⟦4418-22⟧</id>",
        "fallnummer?\nleonie 10:18: ⟦F-2024-669213⟧",
        "hasta ece kos protokol ⟦2026/220431⟧",
        "id paz. ⟦P-55120⟧",
        "MRN: ⟦MRN-8800412⟧",
        "Patient ID ⟦0044812⟧",
        "prescription no. ⟦RX-55120⟧",
        "Patientennummer: ⟦77-1204⟧",
        "Fallnr.: ⟦202542769⟧",
        "IPP ⟦8042266425⟧",
        "numéro de patient ⟦55120⟧",
        "NHC: ⟦4410228⟧",
        "cartella clinica n. ⟦SA-4410⟧",
        "patiëntnummer ⟦990412⟧",
        "numer pacjenta: ⟦55120⟧",
        "chorobopis: ⟦24/2/00518⟧",
        "Kontakt-id: ⟦KON-771.204.11⟧",
        "Aufnahme-Nr. ⟦2024-118207⟧",
        "patientnummer ⟦33120⟧",
        "journalnr. ⟦55-2201⟧",
        "hasta no: ⟦90412⟧",
        "číslo pacienta: ⟦55120⟧",
    ],
    "CASE_NUMBER": [
        "Vg.-Nr. ⟦202500814772⟧",
        "Déclaration sous n° ⟦251003448022⟧",
        "KPP, ⟦RSOW-2299/25⟧, mandat",
        "PU ⟦0558293/2025⟧",
        "Akz. ⟦2025/55829⟧",
        "Diligencias previas ⟦558/2025⟧",
        "J.nr. ⟦2025-55829⟧",
        "soruşturma no: ⟦2025/2295 Sor⟧.",
        "Ihr Verfahren ⟦6 O 190/12⟧",
        "SCIA n. ⟦2025/SUE/00812⟧",
        "reklamace ⟦RK-27-0881⟧",
        "szkoda ⟦PO/00558819/2027⟧ pilne",
        "löneutmätning ⟦U-40518-27⟧",
        "eNeschopenka ⟦2710-881-042991⟧",
        "Schadenr . . . . .  : ⟦S25-0082204⟧",
        "case no. ⟦HR-2025/17⟧",
        "Claim ⟦TGM/25/0091824⟧ - second letter",
        "Č. j.: ⟦MUXY/05582/2025/ABC-Kov⟧",
        "Znak sprawy: ⟦2207-SKB-3.5521.88.2025⟧",
        '"vorgang": "⟦BG-40118//0007723⟧"',
        "sinistro ⟦SK-0558120/25⟧",
        "Ref ⟦AMQ/2425/118⟧\nDear student",
        "SCHADEN-NR.:              ⟦S-2025-0552044⟧",
        "Our file: ⟦VKD-S-S-352018⟧",
        "crime no. ⟦25361182204⟧",
        "Polisanmälan: ⟦5000-K445982-25⟧",
        "Č. události:     ⟦PU-2025-215528⟧",
        "please quote ⟦ARK-2025-66120⟧",
        "Claim number: ⟦CLM-88120⟧",
        "Docket ⟦1:25-cv-00417⟧ was opened",
        "Aktenzeichen ⟦12 O 345/23⟧",
        "Az. ⟦PA 17/25-001⟧",
        "Schadennummer: ⟦ST/0079731/2025⟧",
        "n° de sinistre : ⟦SIN-44102⟧",
        "número de expediente ⟦EXP-2025/7623⟧",
        "numero pratica ⟦PR-88/25⟧",
        "dossiernummer ⟦2025-0441⟧",
        "zaaknummer: ⟦C/10/55120⟧",
        "Sygn. akt: ⟦II K 45/21⟧",
        "processo n.º ⟦441/25-7⟧",
        "ärendenummer ⟦A-55120⟧",
        "sagsnummer: ⟦25-44962⟧",
        "dosya no: ⟦2025/0612⟧",
        "č. j. and číslo případu ⟦25-307550⟧",
        "see ⟦ECLI:EU:C:2014:317⟧ again",
    ],
    "HEALTH_ID": [
        "Gult EU-kort ⟦80208 00422 3982 33401 8⟧.",
        "medical aid no. ⟦0095528834⟧",
        "Krankenvers.-Nr. ⟦A558293014⟧",
        "n° sécu ⟦262036912345678⟧",
        "tessera san. ⟦80380001234567890123⟧",
        "nr ubezp. ⟦558293014⟧",
        "HEALTH CARD .... ⟦3835-319-442-LM⟧",
        "Vers.-Nr. ⟦K391824455⟧",
        "Cartão SUS ⟦909 5134 2770⟧",
        "CIP: ⟦CCCCCCCX825013⟧",
        "Nr karty EKUZ: ⟦80616000120055829930⟧",
        "n.º de utente ⟦883 481 072⟧",
        "SGK sicil no: ⟦4605299915582⟧",
    ],
    "NATIONAL_ID": [
        "RG: ⟦3118229-5 SSP/BA⟧, CPF",
        "Rijksregisternr. moeder: ⟦87.03.22-142-76⟧",
        "BPA ⟦LHX8L8TPW1⟧, 3 Kinder",
        "carta d'id. ⟦AX2345678⟧",
        "BVN:  ⟦33453900804⟧",
        "SOC. SEC. N0.     SEX\n⟦512-39-5582⟧       F",
        "občanský průkaz ⟦319558204⟧",
        "RV-Nr. ⟦13 190298 L 62 3⟧, Steuerklasse 1",
        "dokument tożsamości ⟦DLW835928⟧",
        "residence permit no. ⟦RP-5581204⟧",
        '"ausweis": "⟦PZ97H01AQ1⟧"',
        "RG: ⟦49.528.013-X⟧ SSP",
    ],
    "TAX_ID": [
        "St.-Nr. ⟦133/8150/8159⟧",
        "vergi no: ⟦8840365617⟧",
        "ein no. ⟦88-4471203⟧",
        "taxpayer ref ⟦66120-88120⟧",
        "NIPC: ⟦552563485⟧",
        "P.I. ⟦84619321128⟧",
    ],
    "PASSPORT": [
        "DOC.: PASSAP. ⟦AB229513⟧",
        "č. pasu ⟦15BC71833⟧",
        "Passap. n. ⟦YA5582930⟧",
        "Reisepass ⟦V 3029 1558⟧",
        "pasaporte n.º ⟦XDA558120⟧",
        "číslo pasu: ⟦52993108⟧",
        "passport ⟦P5581204⟧",
    ],
    "DRIVER_LICENSE": [
        "FS ⟦K541B28GS62⟧ (Kl. B)",
        "Führersch.-Nr. ⟦B083SSE3J66⟧",
        "ŘP č.   ⟦EJ  429138⟧               ⟦EC 815527⟧",
        "DRIVER'S LIC . . . . . . ⟦T8372-41058⟧",
        "DRIVER'S LIC ... ⟦T8372-41058-06934⟧",
        "Führerschein-Nr.: ⟦K52118LY9P3⟧",
        "patente ⟦VF6032618L⟧",
        "EHLİYET   ⟦528931⟧                    ⟦BZ 0822953⟧",
        "licencia ⟦P19528830⟧",
        "körkort nr ⟦550412-7781⟧",
    ],
    "BANK_ACCOUNT": [
        "ROUTING ⟦204011147⟧   CASH",
        "sort ⟦40-33-72⟧ please",
        "til reg. ⟦5162 0005529931⟧ i dag",
        "nowe ma ⟦53 1090 2402 1234 5678 9012 3456⟧",
        "namn;konto;kr\nEva;⟦8438-0,955 318 972-6⟧;3",
        "NemKonto ⟦8001 0005582933⟧",
        "CTA VISTA ⟦23-588-12003-9⟧",
        "transit ⟦31422⟧ folio ⟦195528-3⟧",
        "na konto ⟦75 2201 9531 6382 2953 7998 8243⟧",
        "ag ⟦0528-4⟧ cc ⟦99.312-6⟧",
        "na účet ⟦19-6173272099/0800⟧",
        "konto ⟦8438-0 015 528 839-2⟧ varje månad",
    ],
    "DEVICE_ID": [
        "S/N: ⟦C02XK1ABJGH5⟧",
        "serial number ⟦PF-2X9A1⟧",
        "device_id=⟦9f8e7d6c5b4a⟧",
        "UDID ⟦00008030-001C2D223C88802E⟧",
        "Seriennummer: ⟦SN4410-22⟧",
        "numéro de série ⟦FR-99120⟧",
        "número de serie: ⟦ES77120⟧",
        "numero di serie ⟦IT-4410⟧",
        "serienummer ⟦NL88120⟧",
        "numer seryjny: ⟦PL-55120⟧",
        "seri no: ⟦TR90412⟧",
    ],
}
HARMLESS = [
    "Order 114-3941689-8772232 of 12.03.2025",
    "Ticket #882193, status pending",
    "invoice number INV-2025-0417",
    "order number: 55-201, part no. 0280-158-117",
    "Bestellnummer 4711-2024, Artikelnummer 100.456-22",
    "no customer was called in 2024",
    "Employee handbook 2025, chapter 4",
    "customer 3 of 5, case 2, patient 1",
    "claims rose by 12.4 % in 2024",
    "The case of 2025-01-12 was closed",
    "customer since 12.03.2019, contract from 2024-02-01",
    "employee: required, customer_id: string",
    "version 3.11.2 for customers no. one",
    "zákona č. 500/2004 Sb.",
    "Ärende #INC-30518",
    'xmlns="urn:iso:std:iso:20022:tech:xsd:pain.001.001.03"',
    "our policy 2024-2025, account manager, claim 3 of 4",
    "the contract runs until 31.12.2026; the client pays 1,204.50 EUR",
    "Kontoauszug 3/2025, Passwort vergessen, Akte X",
    "see BUG-117, HELP-1482 and CVE-2024-38819",
    "card exp 11/27, lot K88, exp 09/2028",
    "PŘEDÁVACÍ PROTOKOL č. PP/27/229, protokoll nr 6/2027",
    "nowe ma 53 1090 2402 1234 5678 9012 3457",
    "Urteil v. 19.12.2013 \u2013 6 AZR 190/12, Beschl. v. 1.2.2014 - 3 StR 12/14",
    "guter AZ. RR 145/80 mmHg, exp 17MAR31",
    "clearing 8438-9, BLZ 70150000, reg.nr. 1662, Reg. UE 1169/2011",
    "Pregão n. 47 - Processo 23070.005529/2025-11",
    "pliego, expediente SUM-2025/0442",
    "Vergabe 7, Aktenzeichen V-2025/118",
    "clamps cat HC-020-27, takip no 7340 0219 5568",
    "dosya kayit_0058.m4a ve vaka_2027.pdf",
    "A/C VARME 01.01-30.09, BSB 064-001, branch code 058-214",
    "neu: Tilidin 50/4 1-0-1",
    "asset_tag;model\nMB-00522;Pixel 8a",
    "SN 8320 9147, cert serial 4F:02:9A, RMA/882/27",
    "faktura VAT nr FV/558/2025, SERİ A  NO 229314, serie B nr. 558293",
    "RRN 611009482210   STAN 004417",
    "ein 12345678 Byte großer Block",
    "id,name,price\n4711,Bolt,3.20\n4712,Nut,1.10",
]


@pytest.mark.parametrize(("entity", "example"), [(kind, each) for kind, all_ in EXAMPLES.items() for each in all_])
def test_a_number_is_found_by_its_word(entity: str, example: str) -> None:
    text, values = plain(example)

    assert found(RECOGNIZERS, text, entity) == values
    assert not left_out(RECOGNIZERS, text)


@pytest.mark.parametrize("text", HARMLESS)
def test_other_numbers_stay(text: str) -> None:
    assert {kind: found(RECOGNIZERS, text, kind) for kind in EXAMPLES if found(RECOGNIZERS, text, kind)} == {}


def test_every_type_has_examples() -> None:
    assert {kind for each in RECOGNIZERS for kind in each.supported_entities} == set(EXAMPLES)


def test_words_are_written_as_they_are_looked_for() -> None:
    assert [word for words in WORDS for word in (*words.roles, *words.sure) if folded(word) != word] == []


def test_what_it_needs_is_known() -> None:
    assert unknown(RECOGNIZERS) == []


def test_only_what_is_wanted_is_given() -> None:
    assert found(RECOGNIZERS, "customer no. 55120", "EMPLOYEE_ID") == []


@pytest.mark.parametrize(
    "unit", ["customer no ", "customer", "no. of ", "case#", "1-", "a,b\n1,2\n", "matricule\n", "é"]
)
def test_time_grows_with_the_text(unit: str) -> None:
    assert growth(RECOGNIZERS[-1], unit) < 10


@pytest.mark.parametrize(
    ("value", "good"),
    [
        ("A12", True),
        ("4711", True),
        ("2025", False),
        ("A1", False),
        ("12.50", False),
        ("12.03.2025", False),
        ("2025-03-12", False),
        ("v1.2.3", False),
    ],
)
def test_years_dates_prices_and_versions_are_no_numbers_of_somebody(value: str, good: bool) -> None:
    assert has_digits(value) is good
