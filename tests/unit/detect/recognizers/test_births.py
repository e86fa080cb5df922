"""Dates of birth and ages, and all the dates and numbers that are neither."""

from __future__ import annotations

import pytest

from gateway.detect.recognizers.births import births
from tests.doubles.examples import found, growth, left_out, plain, unknown

RECOGNIZERS = births()
EXAMPLES = {
    "DATE_OF_BIRTH": [
        "Les dossiers de Maud Sorel (\u27e614/03/2018\u27e7, CM1) et de Lou Sorel (\u27e602/11/2020\u27e7, CP)",
        "4711;Tór\u00f3 \u00ed Dal;\u27e611-01-1983\u27e7;Ribe",
        "Jona Roth (\u27e614.03.2017\u27e7, Klasse 4), Ada Sol (\u27e614.3.2016\u27e7, 4b), Iga Lis (\u27e614.03.2015\u27e7, 5 klasa)",
        "Born ⟦the 3rd of March 1980⟧. FECHA NAC. : ⟦14/MAR/1962⟧",
        "temsilci: doğum tarihi\narayan: ⟦on iki mart bin dokuz yüz seksen iki⟧",
        "DOB: ⟦1970-08-09⟧",
        "my date of birth is ⟦march third nineteen seventy one⟧ and",
        "DNI 1, FN ⟦22/06/79⟧. Plan",
        "ur. ⟦9 maja 1983 r⟧.), umowa",
        "Doğum T.   : ⟦12.11.1953⟧      Adres",
        "<Naissance>⟦09081970⟧</Naissance>",
        "<dtNascto>⟦1970-08-09⟧</dtNascto>",
        '"ur": "⟦1970-08-09⟧", "nazwisko": "Kos"',
        '"nar": "⟦9.8.1970⟧"',
        "FEC_NAC=⟦09/08/1970⟧ gebDat='⟦09.08.1970⟧' dogTar: ⟦9.8.1970⟧",
        "geb. am ⟦14. Mrz 1962⟧",
        "Geb.dat.: ⟦14-03-62⟧, GebDat: ⟦140362⟧",
        "D. naiss. ⟦14/03/1962⟧",
        "Nais. ⟦14-03-1962⟧",
        "fech. nac. ⟦14/03/62⟧ y nac. ⟦15/03/1962⟧",
        "N. il ⟦14/03/1962⟧ a Bari",
        "urodz. ⟦14.03.62⟧",
        "Fdat ⟦1962-03-14⟧",
        "D.T. ⟦14/03/1962⟧",
        "Doğum yeri ve tarihi: Sivas ⟦14.03.1962⟧",
        "FN ........ : ⟦09/08/1970⟧",
        "n\u00e9(e) ⟦09/08/1970⟧                ⟦3.12.84⟧",
        "Nar.    ⟦9.8.1970⟧          ⟦12/04/79⟧",
        "DOB ⟦09/08/1970⟧ vs ⟦08/09/1970⟧",
        "f\u00f8dt ⟦9. august 1970⟧ og ikke ⟦8. september 1970⟧",
        "INSERT INTO k (Ad, DT, Tel) VALUES (N'Ece', N'⟦1984-08-30⟧', '1')",
        "insert into soci (nome, nato) values ('Dell\\'Aia', '⟦1958-02-03⟧')",
        "NAME          DATE 0F BIRTH\nR0Y, ADA      ⟦11 / 02 / 1968⟧",
        "   MAIER RESI     ⟦23.11.1968⟧   Kind",
        "born on ⟦the 3rd of March 1980⟧ in Leeds",
        "Date of birth ⟦March 3, 1980⟧",
        "born ⟦3 Mar 1980⟧",
        '"birthDate": "⟦1980/03/03⟧"',
        "year of birth: ⟦1980⟧",
        "geb. ⟦12.3.1975⟧",
        "Geburtsdatum: ⟦01.02.1990⟧",
        "geboren am ⟦5. Mai 1982⟧ in Ulm",
        "née le ⟦5 mars 1988⟧",
        "Date de naissance : ⟦05/03/1988⟧",
        "nacida el ⟦3 de mayo de 1977⟧",
        "fecha de nacimiento: ⟦03/05/1977⟧",
        "nato a Torino il ⟦1º luglio 1966⟧",
        "data di nascita ⟦01/07/1966⟧",
        "geboren op ⟦12-03-1980⟧",
        "geboortedatum: ⟦12 maart 1980⟧",
        "ur. ⟦5 maja 1981⟧",
        "data urodzenia: ⟦05.05.1981⟧",
        "nascido em ⟦12/05/1980⟧",
        "data de nascimento: ⟦12 de maio de 1980⟧",
        "född ⟦1980-02-01⟧",
        "födelsedatum ⟦1 februari 1980⟧",
        "født den ⟦3. marts 1971⟧",
        "fødselsdato: ⟦03.03.1971⟧",
        "doğum tarihi: ⟦14.03.1969⟧",
        "⟦12 Mart 1980⟧ doğumlu",
        "narozen ⟦12. 3. 1980⟧",
        "datum narození: ⟦12. března 1980⟧",
        "Bodil Kragh, f. ⟦05.01.1938⟧, and Eva Roe (*⟦12.3.1970⟧)",
        "b. ⟦4 April 1947⟧, Eva *⟦12.3.1970⟧, Jan °⟦12/03/1970⟧",
        "ur. w ⟦1939⟧, f. ⟦1956⟧, Jg. ⟦1961⟧",
        "hasta, d. ⟦18.03.1956⟧",
        "F. Nac.: ⟦03/05/1977⟧, Dt. Nasc.: ⟦12/05/1980⟧, DDN: ⟦12/05/1981⟧",
        "<BirthDt>⟦1981-05-12⟧</BirthDt>",
        "Data ur.: ⟦05.05.1981⟧, födelsedat. ⟦1980-02-01⟧".replace("födelsedat.", "född"),
        "date of birth and postcode pls\n[14:03:15] Eva: ⟦9 sept 94⟧, 3011",
        "född ⟦4/8 1997⟧",
        "nata il ⟦12 04 1981⟧, geboren op ⟦3 11 1975⟧",
        '("Eva Roe", "4711", "⟦1981-01-30⟧"), Jan Roe (⟦12.3.1962⟧)',
        "my date of birth is ⟦the fourth of april nineteen forty six⟧. and",
        "geboren ⟦am vierten März neunzehnhundertsechzig⟧ in Ulm",
        "date of birth?\nCaller: ⟦the ninth of June nineteen eighty-two⟧.",
        "né à Dakar le ⟦3 novembre 1951⟧, FN: ⟦03/11/1951⟧, classe ⟦1951⟧",
        "nacida el ⟦3/XI/1951⟧, f. ⟦1951-11-03⟧, nasc. ⟦03/11/1951⟧",
        "född ⟦511103⟧, ⟦1951⟧ doğumlu, D.T.: ⟦03.11.1951⟧",
        "Geburtsdatum?\nJan: ⟦12.3.1975⟧",
        "name,birth_date,start\nEva,⟦1980-01-02⟧,2019-04-01\nJan,⟦1981-05-06⟧,2020-04-01",
        "dob ⟦09/08/1982⟧ vs ⟦08/09/1982⟧, født ⟦3. maj 1990⟧ og ikke ⟦5. maj 1990⟧",
        "Nar.    ⟦23.2.1969⟧                  ⟦12/05/78⟧",
        "né(e) ⟦18/06/1967⟧        ⟦4.12.93⟧",
        "Personen im Haushalt:\n   MUSTER LEO   ⟦05.02.2018⟧   Kind\n   ROE ARBEN   ⟦23.10.1987⟧",
        "Passengers\n1 ROE/JAN MR  ⟦12mar84⟧\n2 ROE/EVA MRS  ⟦03jan85⟧",
        "Členové domácnosti:\nRoe Jan, ⟦12. 3. 2011⟧, syn",
        "S0CIAL SEC N0.       DATE 0F BIRTH\n078-05-1120          ⟦11 / 03 / 1967⟧\n",
        "date of birth is ⟦april second nineteen seventy two⟧ and",
        "<Naissance>⟦15041984⟧</Naissance><dtNascto>⟦1997-11-05⟧</dtNascto>",
        '"ur": "⟦1996-07-11⟧", ur. ⟦8 maja 1982 r⟧., FN ⟦21/06/78⟧',
        "NATO/A IL ⟦11 08 1993⟧",
        "Doğum T.   : ⟦13.10.1952⟧",
        "geb ⟦130482⟧, née en avril ⟦1982⟧, nar. ⟦11/1983⟧",
        "nac. ⟦13-abr-1982⟧, F/N: ⟦13/04/82⟧, doğ. ⟦13.04.1982⟧, b: ⟦13.4.82⟧",
        "Pat. Roe, Eva (⟦13.04.1972⟧), *⟦13.04.1983⟧, classe '⟦82⟧",
        "INSERT INTO i (id,nome,nato) VALUES (1,'Ugo','⟦1957-02-03⟧')",
    ],
    "AGE": [
        "a ⟦34⟧-year-old man",
        "she is ⟦34⟧ years old",
        "age: ⟦34⟧",
        '"age": ⟦45⟧,',
        "a man aged ⟦51⟧, living alone",
        "I just turned ⟦54⟧.",
        "pt is ⟦54⟧ y/o",
        "Eva (f, ⟦34⟧)",
        "⟦34⟧ Jahre alt",
        "die ⟦34⟧-jährige Klägerin",
        "Alter: ⟦33⟧",
        "âgée de ⟦34⟧ ans",
        "Rossi, ⟦61⟧ ans, marié",
        "tiene ⟦34⟧ años.",
        "de ⟦34⟧ años de edad",
        "edad: ⟦71⟧",
        "un uomo, anni ⟦67⟧, pensionato",
        "età: ⟦48⟧",
        "⟦80⟧ jaar oud",
        "een ⟦34⟧-jarige vrouw",
        "⟦34⟧-letnia pacjentka",
        "wiek: ⟦34⟧",
        "⟦34⟧ anos de idade",
        "idade: ⟦29⟧",
        "⟦73⟧ år gammal",
        "en ⟦41⟧-årig kvinna",
        "⟦41⟧ år gammel",
        "⟦35⟧ ya\u015f\u0131nda",
        "yaş: ⟦35⟧",
        "ve věku ⟦62⟧ let",
        "věk: ⟦62⟧",
        "Kind, ⟦4⟧ Jahre; Tochter (⟦9⟧); un patient de ⟦54⟧ ans",
        "paciente de ⟦71⟧ años, paziente di ⟦63⟧ anni, ⟦63⟧enne",
        "man van ⟦55⟧ jaar, ⟦49⟧-latek, homem de ⟦33⟧ anos",
        "en ⟦66⟧-åring, mand på ⟦74⟧ år, ⟦57⟧letý pacient, yaş ⟦61⟧",
        "42/F? ⟦42⟧/F".replace("42/F? ", ""),
        "name,age\nEva,⟦44⟧",
    ],
}
HARMLESS = [
    "Sol Marin (14/03/2026, lu), Sol Marin (14/03/2026, 5 pages)",
    "a 3-year contract from 01.02.2024",
    "10 Jahre Garantie ab 12.03.2025",
    "garantie 2 ans, garanzia di 3 anni, 2 anos de garantia, 3 lata gwarancji",
    "The meeting is on 12.03.2025 at 10:00.",
    "DOB: unknown. Date: 13.03.2025",
    "Issued 3 May 2024, due 2024-06-01",
    "ETA: 14:30, ETA 30 minutes",
    "Cache-Control: max-age=60",
    "ALTER TABLE t ADD c 5",
    "page: 34, image 34, stage: 3, usage: 81",
    "released in 1999, founded in 1980",
    "25 years of experience, 30 Tage Urlaub, 40 hours",
    "message age: 30 min, age: 5 days",
    "* 12.03.2024 meeting\n* 13.03.2024 review",
    "Aalborg, d. 18.03.2024; see f. 12 and p. 1990",
    "Jan Roe, 12.03.2024; Acme, 12.03.1998; Eva Roe, 1998",
    "homme avec 12 ans d'ancienneté, patient of 5 years warranty",
    "man (2024), born to run in the march of time",
    "a 30-day trial, 5 anni di garanzia, 30-tägige Frist, 14 dnů",
    "build 20250312, version 34.1",
    "he has 3 cars and 12 boxes",
    "* 12.03.2024: call, *12.03.2024* done; Jg. 12, classe 10",
    "Jan, Firma, 12.03.1968",
    "SUWAŁKI, DN. 14.03.2024, dn. 3.04.2024",
    "not 12.03.2024 vs 13.03.2024, ikke 14.03.2024",
    "Passengers board on time.\nThe ship leaves on 12.03.2024",
]


@pytest.mark.parametrize(("entity", "example"), [(kind, each) for kind, all_ in EXAMPLES.items() for each in all_])
def test_it_is_found_by_its_word(entity: str, example: str) -> None:
    text, values = plain(example)

    assert found(RECOGNIZERS, text, entity) == values
    assert not left_out(RECOGNIZERS, text)


@pytest.mark.parametrize("text", HARMLESS)
def test_other_dates_and_numbers_stay(text: str) -> None:
    assert {kind: found(RECOGNIZERS, text, kind) for kind in EXAMPLES if found(RECOGNIZERS, text, kind)} == {}


def test_every_type_has_examples() -> None:
    assert {each.supported_entities[0] for each in RECOGNIZERS} == set(EXAMPLES)


def test_what_it_needs_is_known() -> None:
    assert unknown(RECOGNIZERS) == []


@pytest.mark.parametrize(
    "unit", ["born ", "geb. x ", "1.1.", "12 ", "age:", "34 years ", "jan 1 ", "dob\n", "né le 1 mars "]
)
def test_time_grows_with_the_text(unit: str) -> None:
    assert growth(RECOGNIZERS[0], unit) < 10
