import unicodedata
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gateway.detect import lookalikes
from gateway.detect.lookalikes import plain
from gateway.detect.views import View

DISGUISED = [
    ("４１１１\u3000１１１１", "4111 1111"),
    ("𝐣𝐨𝐡𝐧 𝟜𝟙 ④①", "john 41 41"),
    ("ⓙⓞⓗⓝ 🅙🅞🅗🅝", "john JOHN"),
    ("⁴¹¹¹¹¹¹¹ ᴊᴏʜɴ", "41111111 john"),
    ("٤١١١ ४१११ ４１", "4111 4111 41"),
    ("4\u200b1\u00ad1\u20601\ufeff", "4111"),
    ("jo\u200dhn\ufe0f", "john"),
    ("4\u0336\u03351\u20e3", "41"),
    ("Jo\u0308rg Zoe\u0301", "Jörg Zoé"),
    ("4111\u20111111\u22121111–1111", "4111-1111-1111-1111"),
    ("john@my–host．com", "john@my-host.com"),
    ("Ｍ－ＡＢ\u3000１２３４", "M-AB 1234"),
    ("john＠example。com", "john@example.com"),
    ("10\u00b70\uff0e0\u20241", "10.0.0.1"),
    ("（030）123 ＋49", "(030)123 +49"),
    ("a\u2028b\u00a0c\u2009d", "a\nb c d"),
    ("".join(chr(0xE0000 + ord(each)) for each in "x@y"), "x@y"),
    ("jоhn еxаmple", "john example"),
    ("DЕ89 АВ1234", "DE89 AB1234"),
    ("88:90:9е:05:а9:58", "88:90:9e:05:a9:58"),
    ("ѕсоре@host", "scope@host"),
    ("Mr Ѕсоре arrives", "Mr Scope arrives"),
    ("ﬁle Grifﬁn", "file Griffin"),
]

CLEAN = [
    "Встреча в четверг, в 10:30; с. 5, а потом IT-отдел и USB-кабель.",
    "в 9е: 5а, 10:30е",
    "Η συνάντηση είναι την Πέμπτη, α-έλικα, 5μm.",
    "İstanbul'da ılık bir gün, ığdır",
    "会议在星期四举行，时间：三点。请看《手册》（第二版）！使用Python。",
    "東京タワー・スーパー、コーヒー",
    "عُقد الاجتماع يوم الخميس",
    "جلسه پنجشنبه می\u200cشود",
    "प्रबंधन की बैठक क्\u200dष",
    "🏴\U000e0067\U000e0062\U000e0065\U000e006e\U000e0067\U000e007f ❤\ufe0f 👩\u200d💻",
    "10 m² or x³, 2⁸ bits ½ 1ª nº № ™ …",
    "a–b — c, the quick–brown fox",
    "col·lecció de l’àvia",
    "Der Laut wird /ʃtʁaːsə/ notiert, [ˈbaʊ̯m] ebenso; ƙasa, ɓera, ǀxam",
    "ᏣᎳᎩ ᎦᏬᓂᎯᏍᏗ, ⲙⲉⲧⲣⲉⲙⲛ̀ⲭⲏⲙⲓ, հայոց լեզու, Kapitel Ⅳ",
]


@pytest.mark.parametrize(("text", "read"), DISGUISED)
def test_a_disguise_is_read_as_what_it_looks_like(text: str, read: str) -> None:
    assert plain(View.of(text)).text == read


@pytest.mark.parametrize("text", CLEAN)
def test_what_stands_in_its_own_writing_stays(text: str) -> None:
    assert plain(View.of(text)).text == text


def test_each_character_stands_for_what_is_read_as_it() -> None:
    source = "x 4\u200b1\u0336１ y"
    view = plain(View.of(source))

    assert view.text == "x 411 y"
    assert source[slice(*view.place(2, 5))] == "4\u200b1\u0336１"
    assert source[slice(*view.place(2, 3))] == "4"
    assert source[slice(*view.place(3, 4))] == "1\u0336"


@given(st.text(st.characters(max_codepoint=0x7F)))
def test_ascii_is_as_it_is_written(text: str) -> None:
    view = View.of(text)

    assert plain(view) is view


@given(st.text(max_size=60))
def test_whatever_is_read_stands_in_order_in_the_text(text: str) -> None:
    view = plain(View.of(text))

    assert len(view.starts) == len(view.ends) == len(view.text)
    assert all(0 <= start < end <= len(text) for start, end in zip(view.starts, view.ends, strict=True))
    assert list(view.starts) == sorted(view.starts)
    assert list(view.ends) == sorted(view.ends)


WRITINGS = "ARMENIAN CANADIAN CARIAN CHEROKEE COPTIC CYRILLIC ELBASAN GREEK LISU LYCIAN MATHEMATICAL MIAO OLD ROMAN TIFINAGH WARANG"


def test_every_lookalike_is_a_letter_of_another_writing_or_of_phonetics() -> None:
    names = [unicodedata.name(letter).removeprefix("SMALL ") for letter in lookalikes.LATIN]
    latin = [letter for letter in lookalikes.LATIN if unicodedata.name(letter).startswith("LATIN")]

    assert len(names) > 400
    assert {name.split()[0] for name in names} == {*WRITINGS.split(), "LATIN"}
    assert all(letter > "\u024f" for letter in latin)
    assert all(latin.isascii() and latin.isalpha() and len(latin) == 1 for latin in lookalikes.LATIN.values())


def test_none_looks_like_another_letter_to_compatibility() -> None:
    folded = {letter: unicodedata.normalize("NFKC", letter) for letter in lookalikes.LATIN}

    assert [letter for letter, read in folded.items() if read.isascii() and read != lookalikes.LATIN[letter]] == []


@pytest.mark.parametrize(
    "letters", ["АВСЕНІЈКМОРЅТХУ", "авсеһіјкморѕтхуԁԛԝ", "ΑΒΕΗΙΚΜΝΟΡΤΧΥΖ", "ꓮꓐꓚꓓꓰꓝꓖ", "ⲞⲢⲤⲦ", "ՕՍ"]
)
def test_a_letter_within_a_word_is_read_as_it_looks(letters: str) -> None:
    read = [plain(View.of(f"x{each}y")).text for each in letters]

    assert all(each.isascii() and len(each) == 3 for each in read)


def test_the_lookalikes_stand_in_order_and_once() -> None:
    file = Path(lookalikes.__file__).with_name("confusables.txt")
    lines = [line.split() for line in file.read_text(encoding="ascii").splitlines() if not line.startswith("#")]
    codes = [code for _, *each in lines for code in each]

    assert [line[0] for line in lines] == sorted(line[0] for line in lines)
    assert len(codes) == len(set(codes))


def test_what_is_seen_at_a_glance_is_all_that_is_looked_for() -> None:
    for character in map(chr, [*range(0xD800), *range(0xE000, 0x110000)]):
        for text in (f"a{character}b", f"1{character}2", f"\u00e9{character}"):
            assert not lookalikes._UNSEEN.search(text) or lookalikes._HIDDEN.search(text), hex(ord(character))
            assert not lookalikes._BETWEEN.search(text) or lookalikes._APART.search(text), hex(ord(character))
