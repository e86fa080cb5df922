import os
import subprocess
import sys
import tracemalloc
from itertools import pairwise, product
from pathlib import Path

import numpy as np
import pytest

from gateway.detect import tagger
from gateway.detect.ner import EMBEDDED
from gateway.detect.tagger import LEANING, REACH, STEPS, TYPES, Tagger
from gateway.detect.words import PART_ROWS, TRAIT_ROWS, WORD_ROWS, tokens

WIDTH, INNER = 12, 8
TEXT = "Dear Maria,\n\nplease ask Dr. Erik Svensson (Berlin) about order 4711 of 2024-03-01.  Thanks, Bob O'Neill\n"


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A model of chance: it knows nothing, but works as one that does."""
    folder, chance = tmp_path_factory.mktemp("model"), np.random.default_rng(7)
    for name, rows, size in (("word", WORD_ROWS, 4), ("part", PART_ROWS, 3), ("trait", TRAIT_ROWS, 2)):
        np.save(folder / f"{name}.npy", chance.integers(-127, 128, (rows, size), dtype=np.int8))
        np.save(folder / f"{name}_scale.npy", np.full(rows, 0.01, np.float16))
    shapes = {"enter.weight": (9, WIDTH), "enter.bias": (WIDTH,), "leave.weight": (WIDTH, 11), "leave.bias": (11,)}
    for number in range(len(STEPS)):
        shapes |= {f"look{number}.weight": (3 * WIDTH, INNER), f"look{number}.bias": (INNER,)}
        shapes |= {f"turn{number}.weight": (INNER, WIDTH), f"turn{number}.bias": (WIDTH,), f"edge{number}": (WIDTH,)}
    made = {name: chance.standard_normal(shape).astype(np.float32) for name, shape in shapes.items()}
    np.savez(folder / "layers.npz", **made)
    (folder / "words.txt").write_text("# 1\nmaria erik\n", encoding="utf-8")
    return folder


@pytest.fixture(scope="module")
def trained() -> Tagger:
    return Tagger(EMBEDDED)


def test_it_gives_the_same_for_the_same_text(folder: Path) -> None:
    one, two = Tagger(folder), Tagger(folder)
    found = list(one.names(TEXT * 3))
    list(two.names("Something else, read before. " * 20))

    assert found
    assert list(two.names(TEXT * 3)) == found == list(one.names(TEXT * 3))


def test_a_worker_multiplies_on_one_thread() -> None:
    code = (
        "import gateway.detect.worker, os, numpy as np; a = np.ones((2000, 2000), np.float32); a @ a;"
        "print(len(os.listdir('/proc/self/task')))"
    )
    environment = {name: value for name, value in os.environ.items() if "THREADS" not in name}
    ran = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, env=environment)

    assert ran.stdout.strip() == "1"


def test_names_lie_in_the_text_apart_and_in_order(folder: Path) -> None:
    text = TEXT * 5
    found = list(Tagger(folder).names(text))

    assert all(0 <= name.start < name.end <= len(text) for name in found)
    assert all(one.end <= two.start for one, two in pairwise(found))
    assert all(0.5 <= name.score <= 1 and name.kind in TYPES for name in found)
    assert not any(text[name.start].isspace() for name in found)


@pytest.mark.parametrize("text", ["", " ", "\n", "\n\n \n", "\x00\x01", "\U0001f600"])
def test_what_holds_no_word_is_read_too(folder: Path, text: str) -> None:
    assert all(0 <= name.start < name.end <= len(text) for name in Tagger(folder).names(text))


@pytest.mark.parametrize("size", [17, 50, 399])
def test_where_a_text_is_cut_into_blocks_does_not_matter(
    folder: Path, size: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    cut = tokens(TEXT * 20)
    whole = Tagger(folder)._likely(cut)
    monkeypatch.setattr(tagger, "_BLOCK", size)

    assert np.allclose(Tagger(folder)._likely(cut), whole, atol=1e-5)


def test_a_token_is_judged_by_what_is_near(folder: Path) -> None:
    model, cut = Tagger(folder), tokens(TEXT * 3)
    other = ["Zebra", *cut[1:]]
    one, two = model._likely(cut), model._likely(other)

    assert np.allclose(one[REACH + 1 :], two[REACH + 1 :], atol=1e-6)
    assert not np.allclose(one[: REACH + 1], two[: REACH + 1], atol=1e-3)


def test_kept_words_are_bounded_and_old_ones_are_read_alike(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tagger, "_MOST_WORDS", 500)
    model = Tagger(folder)
    found = list(model.names(TEXT))
    syllables = [one + two for one, two in product("bdfgklmnprstvwz", "aeiou")]
    for one in syllables:
        list(model.names(" ".join(one + two + three for two, three in product(syllables[:20], syllables[:12]))))
        assert len(model._rows) <= 500

    assert list(model.names(TEXT)) == found


def test_memory_stays_flat_over_many_words(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tagger, "_MOST_WORDS", 1000)
    model = Tagger(folder)

    def read(first: int) -> int:
        for number in range(first, first + 20):
            list(
                model.names(
                    " ".join(f"{chr(97 + number % 26)}{chr(97 + at % 26)}{chr(97 + at // 26)}q" for at in range(400))
                )
            )
        return tracemalloc.get_traced_memory()[0]

    tracemalloc.start()
    try:
        before = read(0)
        assert read(20) < before + 1_000_000
    finally:
        tracemalloc.stop()


def test_no_number_is_kept(folder: Path) -> None:
    model = Tagger(folder)
    list(model.names("card 4111111111111111, pin 9731, born 1984, \u0664\u0665\u0666"))

    assert not any(word.strip().isdecimal() and set(word.strip()) != {"0"} for word in model._rows)


@pytest.mark.parametrize("run", ["a", "Maria ", "\n", "1", "M\u00fcller-", " ", "@", "\u738b", "a\u0301"])
def test_long_texts_are_read_in_bounded_pieces(folder: Path, run: str) -> None:
    text = (run * 20_000)[:20_000]

    assert all(name.end <= len(text) for name in Tagger(folder).names(text))


def likely(*tags: str) -> np.ndarray:
    """Certain tokens: ``O``, or a place and the first letter of a type."""
    columns = ["O", *(f"{place}{kind[0]}" for kind in TYPES for place in "BI")]
    return np.array([[0.9 if each == tag else 0.01 for each in columns] for tag in tags], np.float32)


@pytest.mark.parametrize(
    ("cut", "tags", "found"),
    [
        (["Ask", " Maria", " Lopez", "."], "O BP IP O", ["Maria Lopez"]),
        (["Ask", " Maria", " Lopez", "."], "O IP IP O", ["Maria Lopez"]),
        ([" Maria", " Erik"], "BP BP", ["Maria", "Erik"]),
        ([" Maria", "\n", " Erik"], "BP IP IP", ["Maria", "Erik"]),
        ([" Maria", " Berlin"], "BP IL", ["Maria", "Berlin"]),
        ([" O", "'", "Neill"], "BP IP IP", ["O'Neill"]),
        (["\n", " ", "a"], "BP IP O", []),
        (["a"], "O", []),
        (["Mr", ".", " Zell"], "BP IP IP", ["Zell"]),
        (["Frau", " Dr", ".", " Ina", " Zell"], "BP IP IP IP IP", ["Ina Zell"]),
        ([" Mr", " x"], "BP O", []),
    ],
)
def test_tokens_of_one_type_become_a_name(cut: list[str], tags: str, found: list[str]) -> None:
    text = "".join(cut)

    assert [text[name.start : name.end] for name in tagger._names(cut, likely(*tags.split()))] == found


def test_persons_are_leaned_to() -> None:
    even = likely("BP")
    even[0, :3] = [0.45, 0.2, 0.15]

    assert LEANING[1 + TYPES.index("PERSON")] > 1 == LEANING[0]
    assert [name.kind for name in tagger._names(["Maria"], even)] == ["PERSON"]


@pytest.mark.parametrize(("word", "leant"), [("Wietske", True), ("wietske", False), ("Al", False), ("Table", False)])
def test_known_given_names_with_a_capital_are_leaned_to_further(folder: Path, word: str, leant: bool) -> None:
    near = likely("BP")
    near[0, :3] = [0.8, 0.1, 0.1]

    assert bool(Tagger(folder)._leant([word], near.copy())[0, 1] > near[0, 1]) is leant


def test_what_is_far_from_a_person_is_leant_to_no_given_name(folder: Path) -> None:
    far = likely("BP")
    far[0, :3] = [0.98, 0.005, 0.005]

    assert (Tagger(folder)._leant(["Wietske"], far.copy()) == far).all()


def test_a_score_says_how_sure() -> None:
    (sure,) = tagger._names(["Maria"], likely("BP"))
    faint = likely("BP")
    faint[0, 0] = 0.9
    (unsure,) = tagger._names(["Maria"], faint)

    assert 0.5 <= unsure.score < sure.score <= 1


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("Please write to Maria Gonzalez today.", "Maria Gonzalez"),
        ("I met Thandiwe Mokoena at the station.", "Thandiwe Mokoena"),
        ("Attendees: Priya Raman, Olek Wrona", "Olek Wrona"),
        ("hi, this is dave, is karen there?", "karen"),
        ("Sehr geehrter Herr Brandstetter, vielen Dank.", "Brandstetter"),
        ("Die Rechnung ging an Annika Vogelsang in Kassel.", "Annika Vogelsang"),
        ("Madame Lefebvre a rencontr\u00e9 Benoît Carpentier hier.", "Benoît Carpentier"),
        ("La doctora Luc\u00eda Herrero llam\u00f3 ayer.", "Luc\u00eda Herrero"),
        ("Il signor Paolo Bianchetti abita qui.", "Paolo Bianchetti"),
        ("Volgens Sanne de Wit is alles klaar.", "Sanne de Wit"),
        ("O senhor Tiago Figueira ligou.", "Tiago Figueira"),
        ("Pani Agnieszka Zaremba mieszka w Gda\u0144sku.", "Agnieszka Zaremba"),
        ("V\u00e1\u017een\u00e1 pan\u00ed Marie Hor\u00e1kov\u00e1, d\u011bkujeme.", "Marie Hor\u00e1kov\u00e1"),
        ("Smlouvu s panem Tom\u00e1\u0161em Kova\u0159\u00edkem m\u00e1me.", "Tom\u00e1\u0161em Kova\u0159\u00edkem"),
        ("Say\u0131n Ay\u015fe Demirta\u015f, randevunuz yar\u0131n.", "Ay\u015fe Demirta\u015f"),
        ("Dosyay\u0131 Mehmet'e ilettim.", "Mehmet"),
        ("| id | owner |\n| 7 | Ingrid Solberg |", "Ingrid Solberg"),
        ('{"id": 4, "contact": "Farid Mansouri"}', "Farid Mansouri"),
    ],
)
def test_the_trained_model_finds(trained: Tagger, text: str, name: str) -> None:
    covered = {at for found in trained.names(text) for at in range(found.start, found.end)}

    assert set(range(text.index(name), text.index(name) + len(name))) - {text.index(name) + name.find(" ")} <= covered


@pytest.mark.parametrize(
    "text",
    [
        "def parse(line):\n    return line.split(',')[0].strip()",
        "for (int i = 0; i < rows.length; i++) { total += rows[i].price; }",
        "SELECT status, COUNT(*) FROM orders WHERE created_at > now() GROUP BY status;",
        "2026-03-01 10:22:31 ERROR connection to db-2:5432 refused, retrying in 5 seconds",
        "services:\n  web:\n    image: nginx\n    ports:\n      - 80:80",
        "Traceback (most recent call last):\n  File \"main.py\", line 3, in <module>\nKeyError: 'total'",
        "id,status,amount,currency\n1,open,20.00,EUR\n2,closed,13.50,USD",
        "diff --git a/readme.md b/readme.md\n+Installation\n-Setup",
        "First Name, Last Name, Date of Birth, Phone Number",
        "Vorname, Nachname, Geburtsdatum, Rechnungsanschrift",
        "Die Datenverarbeitung erfolgt auf Grundlage der gesetzlichen Vorschriften.",
        "TERMS AND CONDITIONS OF SALE AND DELIVERY",
        "Please restart the service and clear the cache before the next deployment.",
        "Prod\u00e1m \u0160koda Octavia, servisn\u00ed kn\u00ed\u017eka, n\u00edzk\u00e1 spot\u0159eba.",
        "\u0130zin formu, \u0130ptal nedeni, Onay durumu",
        "Ordine del giorno: Apertura, Bilancio, Varie",
        "Rozpoznanie: Choroba Parkinsona, Nadci\u015bnienie",
        "M\u00f8delokale optaget, Dagsorden f\u00f8lger",
        "S\u00edndrome de Down, Ley de Ohm, Jefe de turno",
        '{"enabled": true, "retries": 3, "mode": "Standard"}',
    ],
)
def test_the_trained_model_sees_nobody_in(trained: Tagger, text: str) -> None:
    assert [text[name.start : name.end] for name in trained.names(text) if name.kind == "PERSON"] == []
