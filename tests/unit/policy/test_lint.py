from datetime import timedelta
from pathlib import Path

import pytest

from gateway.core.actor import PLATFORM
from gateway.policy.codes import CODES
from gateway.policy.lint import forgotten, in_shadow, lint
from gateway.policy.load import Document, Source, load, read_sources
from tests.doubles.golden import golden, told

DOUBTFUL = sorted((Path(__file__).parent / "doubtful").glob("*.yaml"))
HEAD = "apiVersion: cloister/v1\nkind: RedactionPolicy\nmetadata: {name: %s}\nspec: %s\n"


def loaded(*specs: str, scope: str = PLATFORM) -> list[Document]:
    sources = [Source(f"{number}.yaml", HEAD % (f"p{number}", spec)) for number, spec in enumerate(specs)]
    return load(sources, scope=scope)


def warned(*specs: str, scope: str = PLATFORM) -> list[str]:
    return [each.code for each in lint(loaded(*specs, scope=scope))]


@pytest.mark.parametrize("file", DOUBTFUL, ids=lambda file: file.stem)
def test_a_doubtful_file_is_warned_of_as_it_says(file: Path) -> None:
    wanted = golden(file)

    assert told(lint(load(read_sources([file]), scope=wanted.scope))) == wanted.expected


def test_there_is_a_doubtful_file_for_every_warning_but_that_of_time() -> None:
    expected = {code for file in DOUBTFUL for _, _, code, _ in golden(file).expected}

    assert expected == {code for code in CODES if code.startswith("CL4")} - {"CL4018"}


@pytest.mark.parametrize("file", DOUBTFUL, ids=lambda file: file.stem)
def test_a_warning_shows_no_value_of_a_list_to_find_or_to_let_through(file: Path) -> None:
    for each in lint(load(read_sources([file]), scope=PLATFORM)):
        assert each.severity == "warning"
        for secret in ("Fox", "Deer", "Whale", "B-1", "Cloister", "@corp", "[0-9]", "[a-z]"):
            assert secret not in each.message + each.source + each.suggestion


def test_of_the_shipped_policies_nothing_is_doubtful(root: Path) -> None:
    shipped = sorted((root / "policies").glob("*.yaml")) + sorted((root / "policies" / "examples").glob("*.yaml"))

    assert len(shipped) >= 8
    assert [lint(load(read_sources([file]), scope=PLATFORM)) for file in shipped] == [()] * len(shipped)


def test_a_shadow_that_is_tried_for_long_is_asked_about() -> None:
    documents = loaded("{}", "{mode: shadow, match: {apps: [crm]}}", "{mode: 'off', match: {apps: [hr]}}")

    def asked_about(days: float, *names: str) -> list[tuple[str, str, int, str]]:
        found = forgotten(documents, dict.fromkeys(names, timedelta(days=days)))
        return [(each.code, each.file, each.line, each.message) for each in found]

    assert [each.name for each in in_shadow(documents)] == ["p1"]
    assert asked_about(30, "p0", "p1", "p2") == asked_about(31, "p0", "p2") == asked_about(-1, "p1") == []
    told = '"p1" has been in shadow for 31 days'
    assert asked_about(31.9, "p0", "p1", "p2") == [("CL4018", "1.yaml", 4, told)]


def test_of_many_shadows_in_a_file_each_is_asked_about() -> None:
    text = "---\n".join(HEAD % (f"p{number}", f"{{mode: shadow, match: {{apps: [a{number}]}}}}") for number in range(3))
    documents = load([Source("p.yaml", text)], scope=PLATFORM)
    found = forgotten(documents, dict.fromkeys(["p0", "p2"], timedelta(days=100)))

    assert [(each.file, each.line) for each in found] == [("p.yaml", 4), ("p.yaml", 14)]


def test_of_a_tenants_shadow_nobody_here_knows_what_stands_beside_it() -> None:
    assert warned("{mode: shadow}", scope="acme") == []
    assert warned("{mode: shadow}") == ["CL4012"]


@pytest.mark.parametrize(
    ("spec", "codes"),
    [
        ("{defaults: {threshold: 0.4}}", []),
        ("{defaults: {operator: keep, threshold: 0.4}, entities: {PERSON: {operator: mask}}}", []),
        ("{entities: {PERSON: {operator: keep}}, defaults: {threshold: 0.4}}", []),
        ("{responses: {restore: false}}", []),
        ("{responses: {restore: false, screen: mask}}", []),
        ("{defaults: {operator: mask}, entities: {PERSON: {operator: pseudonymise}}, responses: {restore: true}}", []),
        ("{internal_domains: [corp.local], responses: {restore_in_urls: internal}}", []),
        ("{internal_domains: [corp.local], responses: {restore: false}}", ["CL4004"]),
        ("{internal_domains: []}", []),
        ("{responses: {restore_in_tools: {default: never, allow: [a]}}}", []),
        ("{responses: {restore_in_tools: {default: always, deny: [a]}}}", []),
        ("{floor: true, defaults: {operator: redact}}", []),
        ("{floor: true}", ["CL4010"]),
        ("{floor: true, defaults: {operator: keep}, entities: {US_SSN: {operator: block}}}", []),
        ("{floor: true, defaults: {operator: keep}, media: refuse}", []),
        ("{floor: true, defaults: {operator: keep}, responses: {restore_in_tools: {default: never}}}", []),
        ("{floor: true, defaults: {operator: keep}, responses: {restore_in_urls: always}}", ["CL4011"]),
        ("{floor: false}", []),
    ],
)
def test_what_is_warned_of_and_what_is_not(spec: str, codes: list[str]) -> None:
    assert warned(spec) == codes


def test_retention_is_looked_at_as_well() -> None:
    text = (
        "apiVersion: cloister/v1\nkind: RetentionPolicy\nmetadata: {name: r}\nspec: {match: {tenants: []}, rules: []}\n"
    )

    assert [each.code for each in lint(load([Source("r.yaml", text)], scope=PLATFORM))] == ["CL4001"]


def test_warnings_of_all_files_are_sorted() -> None:
    files = ["b.yaml", "a.yaml"]
    found = lint(
        load(
            [Source(name, HEAD % (name[0], f"{{match: {{apps: [{name[0]}, 'x*']}}, mode: 'off'}}")) for name in files],
            scope=PLATFORM,
        )
    )

    assert [each.file for each in found] == ["a.yaml", "b.yaml"]
