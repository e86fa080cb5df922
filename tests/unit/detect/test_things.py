"""Things that bear names, and the people who stand in like places."""

from __future__ import annotations

from pathlib import Path

import pytest

from gateway.detect import things
from gateway.detect.folding import folded, words_of
from gateway.detect.lexicon import is_given
from gateway.detect.things import is_thing


def judged(example: str) -> bool:
    before, value, behind = example.replace("]]", "[[").split("[[")
    return is_thing(before + value + behind, len(before), len(before + value))


@pytest.mark.parametrize(
    "example",
    [
        "in zaal [[Beatrix]] om 10 uur",
        "sterownik [[Halina]] v3.2 sam",
        "de fallback [[Marijke]] v12 faalde",
        "regler [[Helga]] till panna",
        "Havestol [[Ingeborg]], hvid".replace("Havestol", "liggestol"),
        '"[[Gartenstuhl Ingeborg]]", weiß',
        "drei [[Carmen L]]5210DN im Lager",
        "ved [[Grundtvigs-boulevarden]] i dag",
        "in der [[Helga-straat]] 4".replace("4", "links"),
        "18 st [[Ingrid-gavlar]] kom",
        "le nombre de [[Reynolds]] vaut",
        "the number of [[Reynolds]] is low",
        "las curvas [[Edwards]] y otras",
        "[[Rockwell C]] e outros",
        "NSTEMI, [[Killip]] II",
        "claves [[Diffie-Hellman]] y más",
        "het algoritme van [[Nagle]] stond aan",
        "varsling efter [[Lex Wolfensberger]]",
        "le [[Reine Claude]] mûres",
        "headings in [[Franklin]] Gothic",
        "[[Ingeborg]] bindings wait for 2.0",
        "[[Sigrid]] calipers are lost",
        "Frau [[Antje Gouda]], jung",
        "ein [[Alfa Romeo]] in Rot",
        "with [[Wolff-Parkinson-White]] in 2019",
        'Dieselpumpe "[[Anton]]" Charge 3',
        "nøglen »[[Holger]]« hænger",
        "sedute mod. [[Luisa]] e tavolo",
        'Gateway 4.2.1-rc3 ("[[Clara Quincetta]]")',
        "node [[marta]]-03 is down",
        "next count: [[June]], first week",
        "19th [[June]], coach at 8",
        "[[Ottilie]] reagent, 2 l",
        "[[Fehling]]'s B stays apart",
        "Treffpunkt ist der [[Saal Friedrich]], 2. Stock",
        "en salle [[Molière]] à 9 h",
        "au lycée [[Jean Moulin]] de Lyon",
        "o artigo da [[Lei Sofia]] em vigor",
        "selon la loi [[Neuwirth]] de 1967",
        "under the [[Lambert]]'s Law",
        "the [[Dodd-Frank]] Act of 2010",
        "in the [[Kelvin Building]] on Monday",
        "a [[Gini]] coefficient of 0.3",
        "constante de [[Planck]], h",
        "[[Petri]] dish, 90 mm",
        "[[Foley]]-Katheter gelegt",
        "Fåtölj [[Karl]], klädsel grå",
        "[[Matratze Sonja]], 90 cm",
        "Sandalye [[Deniz]], siyah",
        "Jeneratör [[Perkins]] 1104C, 88 kVA",
        "the [[Mercedes]] OM 457 engine",
        "the [[Leica]] M10-R",
        "[[Clexane]] 4000 UI x 1",
        "[[Ramipril Hexal]] 5 mg",
        "Vare 5: seng [[Ellen]], EN 60601, 200 kg",
        "Pos. 12 [[Karolina]], 45 kg, RAL 9002",
        "[[Weber]] latéralisé, [[x".replace("[[x", "Rinne"),
        "Signos: [[Blumberg]] +, fiebre",
        "dated 15 [[Mart]] 2022, and",
        "[[Karta Lipiec]]/2024 w zał.",
        "hors [[Toussaint]] et Ascension",
        "una [[Lancia Ypsilon]] targata AB 123 CD",
        "según la [[Ley]] 39/2015",
        "[[Lucia]], jul och påsk",
        "the [[Jenkins]] pipeline is red",
        "[[Victoria]] sponge for all",
        "[[Hashimoto-Thyreoiditis]] bekannt",
        "Ende [[Mai]] geht es los",
        "op 3 [[Mart]]'ta",
        "[[cuma]] günü kapalı",
        "bei Apotheke [[Friedrich]] abholen",
        "an [[Winther]] GmbH",
        "the projector [[Vincent]], 7000 lumen",
        "risotto [[Camilla]] met kaas".replace("met", "con"),
        "projekt [[Helga]] rusza",
        "sofa [[Ludvig]] i gråt",
        "test [[Nowotny]] ujemny",
        "the novel [[Agnetta]]",
        "[[Novotny]]'s algorithm",
        "de [[HELGA-kast]] past",
        "en [[Ulla Bark-lampa]] till",
        "de [[Hendriks]]-curve is vlak",
        "[[Novakova]] choroba",
        "the [[Marion]] shared library",
        "[[Karaca]] tornavida, 3 adet",
        "a theorem of Fermat, [[Euler]] and others",
        "zakon [[Newton]]ovy".replace("]]ovy", "ovy]]"),
        "Syndrome: [[Cushing]] or none",
        "sofa Ludvig og [[Freja]]",
        "MS [[Stockholm]]".replace("MS", "färjan fartyget"),
    ],
)
def test_what_bears_a_name_is_nobody(example: str) -> None:
    assert judged(example)


@pytest.mark.parametrize(
    "example",
    [
        "[[Maria Gonzalez]] 1104C",
        "Fåtölj [[Karl Svensson]]",
        "met [[Weber]] today",
        "[[Weber]]: I agree",
        "[[Anna]] 34 years, 164 cm",
        "Anna Meier, [[Schmidt]], 70 kg",
        "[[Hall]] said so",
        "Peter Hall [[Anna]] came",
        "[[Kowalski]] 12.03.2024",
        "[[Kowalski]] 555-0143",
        "la silla de [[Carmen]] es azul",
        "[[Lei Zhang]] called",
        "Ring [[Anna]] i morgon",
        "[[Anna]] tests it",
        "[[Anna]] rings",
        "ahoj pane [[Dvo\u0159\u00e1\u010dku]]",
        "[[abdul al-masri]] kam",
        "[[Ostrander]] reports it",
        "[[Yavuz]] kazand\u0131",
        "[[Yavuz]] telefon etti",
        "Gem\u00e4lde von [[Lucas Ahlbach]]",
        "o pr\u00edncipe [[Henrique]], duque",
        "Abdul [[Al-Masri]] am telefon",
        "ask [[Euler]] tomorrow",
        "[[Anna Euler]], exam of May",
        "Sofa Ludvig og [[Peter Hansen]]",
        "met Karin en [[Peter]]",
        "the iron is [[Anna]]'s",
        "sag [[Peter]] Bescheid",
        "te llama [[Carmen]]",
        "I saw [[Anna]] there",
        "test [[Anna Nowak]]",
        "Mart [[Kowalski]] 2022",
        "[[Lucia]] ringde",
        "[[Mart]] belde in 2022",
        "328, zahlt [[Ornella Bruni]]. EN 3",
        "[[Braun Anna]] came",
        "Winther-[[Abara]]",
        "[[muhammed]]-oglu",
        "[[王小明]] 2",
        "[[+]] 2",
        "im Brief schreibt [[Mai]] davon",
        "[[Anna Winther]] GmbH",
        "yesterday [[Weber]], 82 kg",
        "[[Hashimoto-Novak]] kam",
        "[[Killip]] rang at six",
        "[[Rockwell]] said so",
        "[[Reynolds]] has the number of it",
        "[[Anne-marie]] kommt",
        "[[Lex Bos]] belde",
        "[[Carmen Li]], 52 años",
        "[[Wojtek]], v2 jest gotowe",
        "[[Anna]] signs the form",
    ],
)
def test_a_person_stays_one(example: str) -> None:
    assert not judged(example)


def test_a_line_is_looked_at_no_further_than_needed() -> None:
    text = "zaal " * 20_000 + "zaal Beatrix" + " 1 kg" * 20_000
    start = text.index("Beatrix")

    assert things._line(text, start, start + 7) == (start - things._NEAR, start + 7 + things._NEAR)
    assert is_thing(text, start, start + 7)


@pytest.mark.parametrize("name", ["called", "goods", "eponyms", "kinds"])
def test_the_lists_are_folded_and_say_each_word_once(name: str) -> None:
    file = Path(things.__file__).with_name(f"{name}.txt")
    words = [word for line in file.read_text(encoding="utf-8").splitlines() if line[:1] != "#" for word in line.split()]

    assert sorted(set(words)) == sorted(words)
    assert all(word == folded(word) for word in words)
    assert words_of(file) == set(words)


def test_no_title_or_particle_makes_a_thing() -> None:
    titles = {
        "ms",
        "mr",
        "mrs",
        "dr",
        "herr",
        "frau",
        "don",
        "pan",
        "pani",
        "fru",
        "hr",
        "mw",
        "van",
        "von",
        "de",
        "el",
        "la",
        "pane",
        "panie",
        "bey",
        "hanim",
        "usta",
        "abi",
        "juf",
        "padre",
        "mistr",
        "senor",
    }

    assert titles.isdisjoint(things._CALLED | things._GOODS)
    assert is_given("Maria")
