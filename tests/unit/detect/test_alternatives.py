import random
import re

import pytest

from gateway.detect.alternatives import alternatives, head, leftmost

PATTERNS = [
    "ab|b|abc",
    "a+|ba|(?=b)",
    r"(?<!a)(?=(?P<x>bc))|ab|c",
    "(?:a|b)c|(?=c)|cc",
    "b(?=(?P<x>a*))|(?=a)|aa",
    r"(?=(?P<x>a))|(?=(?P<y>ab))|b",
]


def test_a_pattern_is_cut_where_it_has_a_choice_and_nowhere_else() -> None:
    assert alternatives(r"a(?:b|c)[|]\||(?P<x>d|(?=e|f))|") == [r"a(?:b|c)[|]\|", "(?P<x>d|(?=e|f))", ""]
    assert alternatives("[]|]x|y") == ["[]|]x", "y"]


@pytest.mark.parametrize("pattern", PATTERNS)
def test_together_they_find_what_the_pattern_finds(pattern: str) -> None:
    chance = random.Random(5)
    whole, parts = re.compile(pattern), list(map(re.compile, alternatives(pattern)))
    for _ in range(500):
        text = "".join(chance.choices("abc ", k=chance.randint(0, 12)))

        assert seen(leftmost(parts, text)) == seen(whole.finditer(text))


def seen(matches: object) -> list[tuple[tuple[int, int], dict[str, str]]]:
    return [
        (match.span(), {name: value for name, value in match.groupdict().items() if value is not None})
        for match in matches  # type: ignore[attr-defined]
    ]


def test_those_that_could_not_match_may_be_left_out() -> None:
    pattern = "ab|c+|(?=d)"
    parts = list(map(re.compile, alternatives(pattern)))

    assert seen(leftmost(parts[1:], "cca d")) == seen(re.finditer(pattern, "cca d"))
    assert seen(leftmost([], "ab")) == []


@pytest.mark.parametrize(
    ("pattern", "began"),
    [
        (r"(?i:\bpw[:=])(?=(?P<x>\S+))", r"(?i:\bpw[:=])"),
        (r"(?i:(?:pw|pin)[^\n]{0,40}?)(?=(?P<x>\d))", "(?i:(?:pw|pin))"),
        (r"(?<![^\s])a(?!b[^c])d[^e]f", r"(?<![^\s])a(?!b[^c])d"),
        (r"(?:a|b[^c]d)e", "(?:a|b)"),
        (r"(?:b[^c]d|a)e", r"(?:b[^c]d|a)e"),
        (r"(?:b[^c]d)?e", r"(?:b[^c]d)?e"),
        (r"(?:(?:b[^c]d)e){0,3}f", r"(?:(?:b[^c]d)e){0,3}f"),
        (r"(?:b[^c](?:d|e))f", "(?:b)"),
        (r"a[^c]|x", r"a[^c]|x"),
        (r"a\[^b", r"a\[^b"),
    ],
)
def test_a_head_is_what_each_match_begins_with(pattern: str, began: str) -> None:
    assert head(pattern) == began
