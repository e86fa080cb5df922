"""Documents of our own making: letters, mail, chats, tables, forms and logs with names, and the same without any.

Law: a document is made of the lines of ``templates`` in one language, laid out in one of several ways; those whose
names begin with ``none`` hold no name. Every value is invented.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path
from random import Random
from typing import Final

from tests.training.names import NameMaker, faker_places
from tests.training.sources import Document
from tests.training.tables import (
    BRANDS,
    CARS,
    CASES,
    ENDINGS,
    FORMS,
    KEYS,
    LABELS,
    LANGUAGES,
    MONTHS,
    NATIONS,
    OTHERS,
    ROLES,
    SUFFIXES,
    THINGS,
    TITLES,
    TOOLS,
    VALUES,
    WORDS,
)

Pieces = list[tuple[str, str]]

_SLOT: Final = re.compile(r"\{([A-Za-z]+)(?:\.(UP|C))?\}|\{!((?:[^{}]|\{[^{}]*\})*)\}|#|\\n")
_VOWEL: Final = re.compile("[aıoueiöü]")
_KNOWN_AS: Final = "!"
"""The type of what may be an organization, a place, or nothing, but nobody."""


class Maker:
    """Makes documents by chance."""

    def __init__(self, chance: Random, words: dict[str, list[str]]) -> None:
        """words: of some languages, those that are written with a capital and are no names, or that are everyday ones."""
        self._chance, self._everyday = chance, words
        self._names = NameMaker(chance, invented=0.2)
        self._places = sorted(faker_places())
        self._lines = {file.stem: file.read_text(encoding="utf-8").splitlines() for file in _templates()}
        self._slots = self._slot_values()
        self._layouts: list[tuple[Callable[[str], Pieces], int]] = [
            (self._prose, 8), (self._mail, 4), (self._chat, 3), (self._form, 3), (self._table, 3),
            (self._json, 2), (self._log, 2), (self._list, 2), (self._code, 1), (self._bare, 2), (self._babble, 4),
        ]  # fmt: skip
        self._empty: list[tuple[Callable[[str], Pieces], int]] = [
            (self._plain, 6), (self._empty_form, 2), (self._empty_table, 2), (self._empty_log, 2), (self._headings, 2),
            (self._config, 2), (self._query, 1), (self._diff, 1), (self._addresses, 2), (self._capitals, 6), (self._babble_only, 4),
        ]  # fmt: skip

    def named(self) -> Document:
        """Return a document with names."""
        return self._made(self._layouts)

    def nameless(self) -> Document:
        """Return a document that holds no name."""
        return self._made(self._empty)

    def _made(self, layouts: list[tuple[Callable[[str], Pieces], int]]) -> Document:
        language = self._chance.choice(LANGUAGES)
        self._names.settle(language if self._chance.random() < 0.7 else "")
        (layout,) = self._chance.choices([each for each, _ in layouts], [weight for _, weight in layouts])
        return Document(pieces=tuple(layout(language)), language=language, source="made")

    # Values

    def _pick(self, table: dict[str, str], language: str) -> str:
        return self._chance.choice(re.split(r"[,|]", table.get(language, table["en"])))

    def _full(self) -> str:
        chance, names = self._chance, self._names
        given = names.given()
        if chance.random() < 0.12:
            given += chance.choice([" ", "-"]) + names.given()
        if chance.random() < 0.08:
            given += f" {chance.choice('ABCDEFGHJKLMPRSTW')}."
        surname = names.surname()
        if chance.random() < 0.08:
            surname += chance.choice(["-", " "]) + names.surname()
        if chance.random() < 0.05:
            surname = chance.choice(["von ", "van der ", "de ", "di ", "Mc", "O'", "El ", "de la ", "St. "]) + surname
        return f"{given} {surname}"

    def _slot(self, name: str, language: str) -> tuple[str, str]:
        value, kind = self._slots[name]
        return value(language), kind

    def _slot_values(self) -> dict[str, tuple[Callable[[str], str], str]]:
        """Return what stands in each slot, and as what."""
        chance, names = self._chance, self._names
        return {
            "P": (lambda _: self._full(), "PERSON"),
            "p": (lambda _: self._full().lower(), "PERSON"),
            "G": (lambda _: names.given(), "PERSON"),
            "g": (lambda _: names.given().lower(), "PERSON"),
            "S": (lambda _: names.surname(), "PERSON"),
            "s": (lambda _: names.surname().lower(), "PERSON"),
            "F": (lambda _: f"{names.surname()}, {names.given()}", "PERSON"),
            "INI": (lambda _: self._initials(), "PERSON"),
            "O": (lambda _: self.organization(), "ORGANIZATION"),
            "L": (lambda _: chance.choice(self._places), "LOCATION"),
            "D": (self.date, "DATE_TIME"),
            "N": (lambda language: self._pick(NATIONS, language), "NRP"),
            "T": (lambda language: chance.choice(TITLES.get(language, TITLES["en"])), ""),
            "R": (lambda language: self._pick(ROLES, language), ""),
            "E": (lambda _: self.address(), ""),
            "K": (lambda _: chance.choice(TOOLS), ""),
            "U": (lambda _: chance.choice(THINGS), ""),
            "X": (lambda _: chance.choice(CARS), _KNOWN_AS),
            "B": (lambda _: chance.choice(BRANDS), _KNOWN_AS),
            "Y": (lambda _: names.surname(), _KNOWN_AS),
            "Z": (lambda _: f"{names.given()} {names.surname()}", _KNOWN_AS),
            "q": (self._word, ""),
            "Q": (lambda language: cased(self._word(language), str.capitalize, language), ""),
        }

    def _word(self, language: str) -> str:
        """Return an everyday word; a frequent one more often."""
        words = self._everyday[language if language in self._everyday else "en"]
        return words[int(len(words) * self._chance.random() ** 2)]

    def _initials(self) -> str:
        first, surname = self._chance.choice("ABCDEFGHJKLMNPRSTW"), self._names.surname()
        return self._chance.choice([f"{first}. {surname}", f"{surname} {first}."])

    def organization(self) -> str:
        """Return the name of one."""
        form = self._chance.choice(FORMS)
        values = {"S": self._names.surname, "W": lambda: self._chance.choice(WORDS)}
        values["L"] = lambda: self._chance.choice(self._places)
        return re.sub(r"\{(\w)\}", lambda slot: values[slot[1]](), form)

    def date(self, language: str) -> str:
        """Return one, as it is written there."""
        chance = self._chance
        day, month, year = chance.randint(1, 28), chance.randint(1, 12), chance.randint(1940, 2030)
        word = MONTHS.get(language, MONTHS["en"])[month - 1]
        forms = [
            f"{year}-{month:02}-{day:02}",
            f"{day:02}.{month:02}.{year}",
            f"{day}/{month}/{year}",
            f"{word} {year}",
        ]
        forms += [f"{day}. {word} {year}" if language == "de" else f"{day} {word} {year}", f"{word} {day}, {year}"]
        return chance.choice(forms)

    def host(self) -> str:
        """Return the name of a host."""
        chance = self._chance
        words = [
            chance.choice([*WORDS, *TOOLS, self._names.surname()]).lower() for _ in range(chance.choice([1, 1, 2]))
        ]
        return ".".join([*words, chance.choice(ENDINGS)]).replace(" ", "")

    def address(self) -> str:
        """Return an e-mail address."""
        chance, names = self._chance, self._names
        given, surname = names.given().lower(), names.surname().lower()
        forms = [
            f"{given}.{surname}",
            f"{given[0]}{surname}",
            given,
            f"{surname}{self.number()}",
            "info",
            "support",
            "noreply",
        ]
        return f"{chance.choice(forms)}@{self.host()}".replace(" ", "")

    def number(self) -> str:
        """Return one of some length."""
        return str(self._chance.randrange(10 ** self._chance.choice([1, 2, 2, 3, 4, 6, 8])))

    def _filled(self, line: str, language: str) -> Pieces:
        line = line.replace("{G} {S}", "{P}").replace("{g} {s}", "{p}")
        pieces: Pieces = []
        at = 0
        for slot in _SLOT.finditer(line):
            pieces.append((line[at : slot.start()], ""))
            at = slot.end()
            if slot[0] == "#":
                pieces.append((self.number(), ""))
            elif slot[0] == r"\n":
                pieces.append(("\n", ""))
            elif slot[3]:
                pieces += [(text, _KNOWN_AS) for text, _ in self._filled(slot[3], language)]
            else:
                pieces += self._changed(self._slot(slot[1], language), slot[2] or "", language)
        return [*pieces, (line[at:], "")]

    def _line(self, language: str, *, names: bool = True) -> Pieces:
        return self._filled(self._chance.choice(self._lines[language if names else f"none.{language}"]), language)

    def _changed(self, piece: tuple[str, str], how: str, language: str) -> Pieces:
        """Return a value in capitals, or bent as the language bends names."""
        value, kind = piece
        if how == "UP":
            return [(value.upper(), kind)]
        if how != "C" or not value[-1].isalpha():
            return [piece]
        if language == "tr":
            vowels = _VOWEL.findall(value.lower()) or ["e"]
            suffix = self._chance.choice(SUFFIXES[vowels[-1]])
            ends_so = value[-1].lower() in SUFFIXES
            return [piece, (suffix if ends_so or suffix[1] == "d" else "'" + suffix[2:], "")]
        for end, others in CASES.get(language, ()):
            if value.endswith(end):
                other = self._chance.choice(others.split("|"))
                if "'" in other:
                    return [piece, (other.removeprefix(end), "")]
                return [(value.removesuffix(end) + other, kind)]
        return [piece]

    # Layouts with names

    def _prose(self, language: str) -> Pieces:
        pieces: Pieces = []
        glue = self._chance.choice([" ", " ", "\n", "\n\n"])
        for _ in range(self._chance.randint(1, 6)):
            pieces += [*self._line(language, names=self._chance.random() < 0.65), (glue, "")]
        return pieces

    def _mail(self, language: str) -> Pieces:
        person = self._slot("P", language)
        pieces: Pieces = [("From: ", ""), person, (f" <{self._slot('E', language)[0]}>\nTo: ", "")]
        pieces += [self._slot(self._chance.choice(["P", "F"]), language), (" <", ""), self._slot("E", language)]
        pieces += [(">\nDate: ", ""), self._slot("D", language), ("\nSubject: ", "")]
        pieces += [*self._line(language, names=False), ("\n\n", ""), *self._prose(language), ("\n\n", "")]
        return [*pieces, (person[0].split()[0], "PERSON"), ("\n", "")]

    def _chat(self, language: str) -> Pieces:
        speakers = [self._slot(self._chance.choice(["G", "G", "P", "g"]), language) for _ in range(3)]
        stamp = self._chance.random() < 0.4
        pieces: Pieces = []
        for _ in range(self._chance.randint(2, 7)):
            start = f"[{self._chance.randint(0, 23):02}:{self._chance.randint(0, 59):02}] " if stamp else ""
            pieces += [(start, ""), self._chance.choice(speakers), (": ", "")]
            pieces += [*self._line(language, names=self._chance.random() < 0.4), ("\n", "")]
        return pieces

    def _form(self, language: str) -> Pieces:
        mark = self._chance.choice([": ", ":\t", " = ", ": ", " | ", ":\n", " - "])
        pieces: Pieces = []
        for _ in range(self._chance.randint(2, 8)):
            if self._chance.random() < 0.5:
                pieces += [
                    (self._pick(LABELS, language) + mark, ""),
                    self._slot(self._chance.choice("PPPFGS"), language),
                ]
            else:
                pieces += [(self._chance.choice(OTHERS).replace("_", " ").title() + mark, ""), self._value(language)]
            pieces.append(("\n", ""))
        return pieces

    def _value(self, language: str) -> tuple[str, str]:
        draw = self._chance.random()
        if draw < 0.35:
            return self.number(), ""
        if draw < 0.7:
            return self._chance.choice(VALUES), ""
        return self._slot(self._chance.choice("ODLU"), language)

    def _table(self, language: str, *, names: bool = True) -> Pieces:
        glue = self._chance.choice([",", ";", "\t", " | ", ", "])
        columns = self._chance.choices(OTHERS, k=self._chance.randint(2, 5))
        kinds = [self._chance.choice(["n", "v", "v", "L", "O", "D"]) for _ in columns]
        if names:
            at = self._chance.randrange(len(columns))
            columns[at], kinds[at] = self._chance.choice([*KEYS, self._pick(LABELS, language)]), "P"
            if self._chance.random() < 0.4:
                columns[at : at + 1], kinds[at : at + 1] = ["last_name", "first_name"], ["S", "G"]
        pieces: Pieces = [(glue.join(columns) + "\n", "")]
        for _ in range(self._chance.randint(2, 7)):
            for number, kind in enumerate(kinds):
                value = (self.number(), "") if kind == "n" else (self._chance.choice(VALUES), "")
                pieces += [(glue if number else "", ""), value if kind in "nv" else self._slot(kind, language)]
            pieces.append(("\n", ""))
        return pieces

    def _json(self, language: str) -> Pieces:
        pieces: Pieces = [("{", "")]
        tight = self._chance.random() < 0.5
        for number in range(self._chance.randint(2, 6)):
            pieces.append((("," if number else "") + ("" if tight else "\n  "), ""))
            if self._chance.random() < 0.5:
                value = self._slot(self._chance.choice("PPPGF"), language)
                pieces += [(f'"{self._chance.choice(KEYS)}":{"" if tight else " "}"', ""), value, ('"', "")]
            else:
                text, kind = self._value(language)
                pieces += [(f'"{self._chance.choice(OTHERS)}":{"" if tight else " "}"', ""), (text, kind), ('"', "")]
        return [*pieces, ("}" if tight else "\n}", "")]

    def _log(self, language: str) -> Pieces:
        pieces: Pieces = []
        verbs = ["logged in", "updated the record", "approved request", "uploaded file", "was added to group admins"]
        for _ in range(self._chance.randint(1, 5)):
            pieces += [(self._stamp(), ""), ("user ", "") if self._chance.random() < 0.3 else ("", "")]
            pieces += [self._slot(self._chance.choice("PPPG"), language), (f" {self._chance.choice(verbs)} ", "")]
            pieces.append((f"id={self.number()}\n", ""))
            if self._chance.random() < 0.5:
                pieces += self._empty_log(language)
        return pieces

    def _list(self, language: str) -> Pieces:
        mark = self._chance.choice(["- ", "* ", "\u2022 ", "1. ", ""])
        kind = self._chance.choice(["P", "F", "G", "P"])
        pieces: Pieces = self._filled(self._pick(LABELS, language) + "\n", language)
        for _ in range(self._chance.randint(2, 8)):
            pieces += [(mark, ""), self._slot(kind, language)]
            if self._chance.random() < 0.4:
                pieces.append((f" ({self._pick(ROLES, language)})", ""))
            pieces.append(("\n", ""))
        return pieces

    def _code(self, language: str) -> Pieces:
        key, comment = self._chance.choice(KEYS), self._chance.choice(["#", "//", "--", ";"])
        pieces: Pieces = [(f"{comment} Author: ", ""), self._slot("P", language), (f'\n{key} = "', "")]
        return [*pieces, self._slot("P", language), (f'"\n{comment} {self._chance.choice(THINGS)}\n', "")]

    def _bare(self, language: str) -> Pieces:
        mark = self._chance.choice(["", "\n", ", ", "?", " / "])
        return [self._slot(self._chance.choice("PPPGF"), language), (mark, "")]

    def _sentence(self, language: str, slots: str) -> Pieces:
        """Return everyday words in a row with a value between some: the words say where a name is, and nothing else."""
        chance = self._chance
        words = [self._word(language) for _ in range(chance.randint(2, 9))]
        pieces: Pieces = [(cased(words[0], str.capitalize, language), "")]
        at = chance.randrange(len(words)) if slots else -1
        for number, word in enumerate(words):
            if number:
                pieces.append((chance.choice([" ", " ", " ", " ", " ", ", ", " - ", ": "]) + word, ""))
            if number == at:
                pieces += [
                    (" ", ""),
                    *self._changed(self._slot(chance.choice(slots), language), chance.choice(["", "C"]), language),
                ]
        return [*pieces, (chance.choice([". ", ".\n", "\n", "! ", "? "]), "")]

    def _babble(self, language: str) -> Pieces:
        slots = self._chance.choices(["PPPSGF", ""], [2, 1], k=self._chance.randint(2, 5))
        return [piece for each in slots for piece in self._sentence(language, each)]

    # Layouts without

    def _babble_only(self, language: str) -> Pieces:
        slots = self._chance.choices(["XBYKOL", ""], [1, 4], k=self._chance.randint(2, 6))
        return [piece for each in slots for piece in self._sentence(language, each.replace("Y", ""))]

    def _addresses(self, language: str) -> Pieces:
        chance = self._chance
        pieces: Pieces = []
        for _ in range(chance.randint(1, 5)):
            word = chance.choice(KEYS)
            value = chance.choice([
                self.address(), f"https://{self.host()}/{word}/{self.number()}", f"www.{self.host()}", f"/srv/{word}/{chance.choice(OTHERS)}.txt",
                f"C:\\{chance.choice(WORDS)}\\{chance.choice(WORDS)}.docx", f"{chance.choice(WORDS)}_{chance.choice(OTHERS)}.xlsx",
                f"{chance.choice(WORDS)}{chance.choice(WORDS)}.{word}()", f"<{word}>{chance.choice(VALUES)}</{word}>",
            ])  # fmt: skip
            pieces += [
                *self._line(language, names=False),
                (" ", ""),
                (value, ""),
                (chance.choice(["\n", " ", ". "]), ""),
            ]
        return pieces

    def _capitals(self, language: str) -> Pieces:
        chance = self._chance
        change = chance.choice([str.capitalize, str.capitalize, str.capitalize, str.upper, str])
        alike = chance.random() < 0.6
        mark = chance.choice([": ", " ", ", ", " - ", ":\n", "\t", " = ", "; ", ". "])
        pieces: Pieces = []
        for _ in range(chance.randint(2, 9)):
            words = [self._word(language) for _ in range(chance.choice([1, 1, 2, 2, 3, 4]))]
            phrase = " ".join(
                cased(word, change, language) if number == 0 or alike else word for number, word in enumerate(words)
            )
            pieces += [(phrase, ""), (mark, "")]
            if chance.random() < 0.3:
                pieces.append((chance.choice([self.number(), chance.choice(VALUES), chance.choice(TOOLS)]), ""))
            pieces.append((chance.choice(["\n", "\n", " "]), ""))
        return pieces

    def _plain(self, language: str) -> Pieces:
        pieces: Pieces = []
        glue = self._chance.choice([" ", "\n", "\n\n", "\n- "])
        for _ in range(self._chance.randint(1, 7)):
            pieces += [*self._line(language, names=False), (glue, "")]
        return pieces

    def _empty_form(self, language: str) -> Pieces:
        mark = self._chance.choice([": ", ":", ": ____", " = ", " |", ":\n"])
        labels = [self._pick(LABELS, language) for _ in range(3)]
        labels += [each.replace("_", " ").title() for each in self._chance.choices(OTHERS, k=3)]
        pieces: Pieces = []
        for label in self._chance.sample(labels, len(labels)):
            pieces.append((label + mark, ""))
            if self._chance.random() < 0.4:
                word = self._word(language)
                pieces.append(
                    (self._chance.choice([self.number(), self._chance.choice(VALUES), word, word.title()]), "")
                )
            pieces.append(("\n", ""))
        return pieces

    def _empty_table(self, language: str) -> Pieces:
        return self._table(language, names=False)

    def _stamp(self) -> str:
        chance = self._chance
        clock = f"{chance.randint(0, 23):02}:{chance.randint(0, 59):02}:{chance.randint(0, 59):02}"
        day = f"2026-{chance.randint(1, 12):02}-{chance.randint(1, 28):02}"
        level = chance.choice(["INFO", "WARN", "ERROR", "DEBUG"])
        host = chance.choice(["web01", "db-2", "worker-7", "gateway", "auth"])
        forms = [f"{day} {clock} {level} ", f"[{day}T{clock}Z] {level}: ", f"{day}T{clock}.123+00:00 {host} ", ""]
        return chance.choice([*forms, f"Nov {chance.randint(1, 28)} {clock} {host} sshd[{self.number()}]: "])

    def _empty_log(self, language: str) -> Pieces:
        chance = self._chance
        what = [
            f"Connection to {chance.choice(['redis', 'kafka', 'db-primary'])}:{chance.randint(80, 9999)} refused",
            f"Failed password for root from 10.0.{chance.randint(0, 255)}.{chance.randint(0, 255)} port {self.number()} ssh2",
            f"GET /api/v1/{chance.choice(OTHERS)}/{self.number()} 200 {self.number()}ms",
            f'Traceback (most recent call last):\n  File "/app/{chance.choice(KEYS)}.py", line {self.number()}, in main\n' + chance.choice(["ValueError", "KeyError", "TypeError"]),
            f"\tat com.example.{chance.choice(WORDS).lower()}.{chance.choice(WORDS)}Service.handle({chance.choice(WORDS)}Service.java:{self.number()})",
            f"user={chance.choice(['root', 'admin', 'system', 'postgres', 'guest', 'nobody', 'deploy'])} action=login result=ok",
            f"{chance.choice(TOOLS)} {chance.choice(TOOLS)} {self.number()}.{self.number()} listening on port {self.number()}",
            f"Started {chance.choice(WORDS)}Application in {self.number()} seconds",
            f"Job {chance.choice(WORDS)}{chance.choice(WORDS)}Sync finished: {self.number()} rows, 0 errors",
            "Out of memory: Killed process 4242 (java)", "Health check passed", "Retrying in 5 seconds",
        ]  # fmt: skip
        lines = [self._stamp() + chance.choice(what) for _ in range(chance.randint(1, 5))]
        return [("\n".join(lines) + "\n", "")]

    def _headings(self, language: str) -> Pieces:
        words = re.findall(r"[^\W\d_]{3,}", "".join(text for text, _ in self._plain(language)))
        pieces: Pieces = []
        for number in range(self._chance.randint(2, 6)):
            title = " ".join(self._chance.choices(words, k=self._chance.randint(1, 4)))
            title = self._chance.choice([str.upper, str.title, str.capitalize])(title)
            pieces += [(self._chance.choice(["## ", "", f"{number + 1}. ", "**", "* "]) + title + "\n", "")]
        return pieces

    def _config(self, language: str) -> Pieces:
        chance = self._chance
        mark = chance.choice([": ", "=", " = "])
        lines = []
        for _ in range(chance.randint(3, 9)):
            key = chance.choice(OTHERS)
            key = chance.choice([key, key.upper(), f"{chance.choice(WORDS).lower()}.{key}", "  " + key])
            lines.append(f"{key}{mark}{chance.choice([self.number(), chance.choice(VALUES), chance.choice(THINGS)])}")
        return [(chance.choice(["[section]\n", "---\n", "", "services:\n"]) + "\n".join(lines) + "\n", "")]

    def _query(self, language: str) -> Pieces:
        one, two, table = self._chance.choices(OTHERS, k=3)
        return self._chance.choice([
            [(f"SELECT {one}, COUNT(*) FROM {table} WHERE {two} = '{self._chance.choice(VALUES)}' GROUP BY {one};", "")],
            [(f"CREATE TABLE {table} ({one} INTEGER PRIMARY KEY, {two} VARCHAR(255) NOT NULL);\n", "")],
            [(f"UPDATE {table} SET {one} = {self.number()} WHERE {two} IN ({self.number()}, {self.number()});", "")],
        ])  # fmt: skip

    def _diff(self, language: str) -> Pieces:
        file, word = self._chance.choice(KEYS), self._chance.choice(WORDS)
        head = f"diff --git a/src/{file}.py b/src/{file}.py\nindex 3f2a1b..9c8d7e 100644\n@@ -{self.number()},7 +{self.number()},9 @@\n"
        return [
            (
                head + f"-    return {word}Client({file})\n+    return {word}Client({file}, timeout={self.number()})\n",
                "",
            )
        ]


def cased(word: str, change: Callable[[str], str], language: str) -> str:
    """Return a word with a capital or several; an i of Turkish keeps its dot."""
    if language == "tr" and change is str.upper:
        word = word.replace("i", "\u0130")
    if language == "tr" and change is str.capitalize and word[0] == "i":
        word = "\u0130" + word[1:]
    return change(word)


def _templates() -> list[Path]:
    return sorted((Path(__file__).parent / "templates").glob("*.txt"))
