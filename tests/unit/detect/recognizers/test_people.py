"""Names that their place gives away, in a dozen languages, and things that stand in such places too."""

from __future__ import annotations

import pytest

from gateway.detect.recognizers.people import PeopleRecognizer
from tests.doubles.examples import found, growth, left_out, plain, unknown

RECOGNIZERS = [PeopleRecognizer()]
EXAMPLES = [
    "From: ⟦Jane Roe⟧ <jane@x.example>",
    'Cc: "⟦Roe, Peter⟧" <p@x.example>; ⟦anna schmidt⟧ <a@x.example>',
    "Write to ⟦Maria Gonzalez⟧ <maria@x.example> now",
    "Dear Ms ⟦Novak⟧,\nplease",
    "Hi ⟦Tom⟧,\nplease",
    "[21:12] ⟦Flor⟧ 5A: hola",
    "<nom>⟦Wenzlonne⟧</nom>\n  <prenom>x</prenom>",
    "Mevr. ⟦Van 't Quxenhof⟧ boos",
    "Patient : Mag. ⟦Elfriede Wenzl⟧, Graz",
    "Sehr geehrte Frau Kollegin ⟦Ahlbach⟧,\nwir",
    "gez. ⟦Wenzl⟧, PHM",
    "aga : hej\n⟦okafor⟧ : hi\naga : tak".replace("aga", "⟦ottka⟧"),
    "Sehr geehrter Herr Dr. ⟦Weiß⟧,",
    "Liebe ⟦Ayşe⟧,",
    "Bonjour Mme ⟦Dupont⟧,",
    "Estimada Sra. ⟦García⟧:",
    "Gentile dott.ssa ⟦Esposito⟧,",
    "Beste mevrouw ⟦de Vries⟧,",
    "Szanowny Panie ⟦Kowalski⟧,",
    "Prezado Sr. ⟦Silva⟧,",
    "Hej ⟦Björn⟧,",
    "Kære ⟦Mette⟧,",
    "Vážená paní ⟦Nováková⟧,",
    "Best regards,\n⟦Jan Kowalski⟧",
    "Mit freundlichen Grüßen\ni. A. ⟦Eva Meier⟧",
    "Cordialement,\n⟦Luc Martin⟧",
    "Un saludo,\n⟦Ana Díaz⟧",
    "Cordiali saluti\n⟦Marco Rossi⟧",
    "Met vriendelijke groet,\n⟦Joost van Dam⟧",
    "Z poważaniem\n⟦Piotr Nowak⟧",
    "Vänliga hälsningar\n⟦Åsa Lind⟧",
    "cheers, ⟦Anna⟧",
    "> > On 2 Sep 2025, ⟦Hope Sommer⟧ wrote:",
    "> Den 9. okt. skrev ⟦Torben Sand⟧:",
    "Le 3 mai 2025 à 10:22, ⟦Rose Blanche⟧ a écrit :",
    "> 8 Ekim 2025 tarihinde ⟦Deniz Barış⟧ yazdı:",
    "1 ⟦IVANOVA/LARISSA ANN⟧ MRS   PPT",
    "[10:03] ⟦anna⟧: hi there",
    "anna: hi\ntom: hello\nanna: bye".replace("anna:", "⟦anna⟧:").replace("tom:", "⟦tom⟧:"),
    "Name: ⟦Fuchs, Anneliese⟧",
    "Vorname: ⟦Anneliese⟧\nNachname: ⟦O'Brien⟧",
    "Nom : ⟦Dupont⟧\nPrénom : ⟦Anne-Marie⟧".replace("Nom : ⟦Dupont⟧", "Nom de famille : ⟦Dupont⟧"),
    "Apellidos: ⟦García López⟧",
    "Cognome: ⟦Rossi⟧",
    "Achternaam: ⟦van der Meer⟧",
    "Nazwisko: ⟦Nowak⟧",
    "Efternamn: ⟦Lindström⟧",
    "Soyad\u0131: ⟦Y\u0131lmaz⟧",
    "Příjmení: ⟦Dvořák⟧",
    '{"name": "⟦Lena Schmidt⟧", "email": "x@y.example"}',
    '{"firstName": "⟦Lena⟧"}',
    "<lastName>⟦Schmidt⟧</lastName>",
    "Attendees: ⟦Tom Hill⟧, ⟦Ana Díaz⟧ and ⟦Piotr Nowak⟧",
    "Author: ⟦Jane Roe⟧ <jane@x.example>",
    "Patient: ⟦Berg, Maria⟧",
    "first_name,last_name,city\n⟦lena⟧,⟦schmidt⟧,Wien\n⟦tom⟧,⟦hill⟧,Graz",
    "| Name | E-Mail |\n|---|---|\n| ⟦Lena Schmidt⟧ | a@x.example |",
    "INSERT INTO staff (first_name, city) VALUES ('⟦lena⟧', 'Wien')",
    "Frau ⟦Meier⟧ kam spät.",
    "gez. ⟦A. von Bülow⟧",
]
HARMLESS = [
    "Van : Emma\nAan : Ottka\nVan : Otto\nAan : Emma",
    "AGENT: Thanks, Mr. Speaker",
    "ein dipl. Treuhandexperte, dipl. Steuerexpertin",
    "CC: Loonadministratie <loon@x.example>",
    "D.Lgs. 81/2008 und V. Exa. wie L.dz. 4",
    "<nom>Produit</nom><prix>3</prix>",
    "Dear Team,\nDear Sir or Madam,\nHi all,\nHello World\nMorning IT,",
    "Best regards,\nThe Support Team",
    "name: eslint-plugin\nversion: 1.2.3",
    '"name": "Blue Widget", "price": 3',
    "name,price\nBolt,3.20\nNut,1.10",
    "Name: Unknown, Name: required",
    "Kunde: Firma Muster GmbH",
    "Customer: Acme Ltd",
    "To: Berlin, from: Vienna",
    "[10:04] ERROR: not found",
    "09:15 Keynote: The Future",
    "feat: a thing\nfix: b thing\nfix: c thing",
    "user: hi\nassistant: hello\nuser: bye",
    "from typing import Final",
    "Frau Ministerin, Mr. President",
    "Contact: Sales Department",
]


@pytest.mark.parametrize("example", EXAMPLES)
def test_a_name_is_found_by_its_place(example: str) -> None:
    text, values = plain(example)

    assert found(RECOGNIZERS, text, "PERSON") == values
    assert not left_out(RECOGNIZERS, text)


@pytest.mark.parametrize("text", HARMLESS)
def test_what_else_stands_there_stays(text: str) -> None:
    assert found(RECOGNIZERS, text, "PERSON") == []


def test_what_it_needs_is_known() -> None:
    assert unknown(RECOGNIZERS) == []


def test_only_what_is_wanted_is_given() -> None:
    assert RECOGNIZERS[0].analyze("Dear Ms Novak,", ["EMAIL_ADDRESS"], None) == []


@pytest.mark.parametrize("unit", ["Dear ", "Aa ", "name: Aa, ", "A. ", "\n", "a: b\n", "Best,\n", "A <a@", "van de "])
def test_time_grows_with_the_text(unit: str) -> None:
    assert growth(RECOGNIZERS[0], unit) < 10
