import re

import pytest

from gateway.core.actor import PLATFORM
from gateway.policy.diff import differences
from gateway.policy.load import Document, Source, load

HEAD = "apiVersion: cloister/v1\nkind: {kind}\nmetadata: {{name: {name}}}\nspec: {spec}\n"


def changed(before: str, after: str, kind: str = "RedactionPolicy") -> list[str]:
    """Return what changes of one document, without what it is called."""
    read = [load([Source("p", HEAD.format(kind=kind, name="p", spec=s))], scope=PLATFORM) for s in (before, after)]
    return [line.split(": ", 1)[1] for line in differences(*read) if not line.startswith("nothing ")]


@pytest.mark.parametrize(
    ("before", "after", "told"),
    [
        ("{}", "{}", []),
        ("{}", "{mode: enforce, languages: [en], defaults: {threshold: 0.5}}", []),
        ("{}", "{entities: {PERSON: {operator: block}}}", ["PERSON: pseudonymise → block"]),
        ("{}", "{entities: {PERSON: {threshold: 0.3}}}", ["PERSON: threshold 0.5 → 0.3"]),
        (
            "{entities: {IBAN_CODE: {operator: mask, keep_last: 4}}}",
            "{entities: {IBAN_CODE: {operator: mask, keep_last: 2, threshold: 1}}}",
            ["IBAN_CODE: mask but for the last 4 → mask but for the last 2, threshold 0.5 → 1"],
        ),
        ("{entities: {AGE: {operator: keep}}}", "{entities: {AGE: {operator: keep, threshold: 0.9}}}", []),
        ("{}", "{mode: shadow}", ["mode: enforce → shadow"]),
        ("{}", "{floor: true}", ["floor: false → true"]),
        ("{internal_domains: [a.example]}", "{internal_domains: [b.example]}", ['internal_domains: + "b.example", - "a.example"']),
        ("{allow: {values: [Acme]}}", "{allow: {values: [Acme, Mr X]}}", ['allow.values: + "Mr X"']),
        (
            "{allow: {findings: {PERSON: ['hmac-sha256:2026-11:0123456789abcdef0123456789abcdef']}}}",
            "{allow: {findings: {AGE: ['hmac-sha256:2026-11:00000000000000000000000000000000']}}}",
            [
                'allow.findings.AGE: + "hmac-sha256:2026-11:00000000000000000000000000000000"',
                'allow.findings.PERSON: - "hmac-sha256:2026-11:0123456789abcdef0123456789abcdef"',
            ],
        ),
        ("{}", "{responses: {restore: false}}", ["responses.restore: true → false"]),
        (
            "{}",
            "{responses: {restore_in_tools: {default: never, allow: [find]}}}",
            ["responses.restore_in_tools: always → {default: never, allow: [find]}"],
        ),
        ("{}", "{match: {apps: [crm]}}", ["match: {} → {apps: [crm]}"]),
    ],
)  # fmt: skip
def test_a_change_is_told_by_what_it_does(before: str, after: str, told: list[str]) -> None:
    assert changed(before, after) == told


def test_types_that_change_alike_are_counted() -> None:
    (line,) = changed("{}", "{defaults: {operator: redact}}")

    assert line.endswith(" …): pseudonymise → redact")
    assert int(line.split()[0]) > 80


def test_what_is_looked_for_is_not_told() -> None:
    before = "{recognizers: [{name: A, supported_entity: CODE, deny_list: [Blue Whale]}]}"
    after = "{recognizers: [{name: A, supported_entity: CODE, deny_list: [Red Fox]}, {name: B, supported_entity: CODE, deny_list: [Owl]}]}"

    assert changed(before, after) == ['recognizer "A" changed: deny_list', 'recognizer "B" added']
    assert 'recognizer "B" removed' in changed(after, before)


def test_documents_come_and_go_by_name_and_say_whom_they_are_for() -> None:
    def document(name: str) -> str:
        return HEAD.format(kind="RedactionPolicy", name=name, spec="{match: {tenants: ['*'], apps: [crm, hr]}}")

    one, other = (load([Source("p", document(name))], scope=PLATFORM) for name in ("one", "other"))

    first, second = differences(one, other)

    assert first == 'RedactionPolicy "one": removed'
    assert second.startswith('RedactionPolicy "other" for app crm, hr: added, pseudonymise ')


def documents(kind: str, name: str, spec: str) -> list[Document]:
    return load([Source("p", HEAD.format(kind=kind, name=name, spec=spec))], scope=PLATFORM)


@pytest.mark.parametrize(
    ("spec", "told"),
    [
        ("{defaults: {operator: keep}}", ", which keeps everything"),
        (
            "{mode: shadow, defaults: {operator: keep}, entities: {US_SSN: {operator: block}, PERSON: {operator: redact}}}",
            ", in mode shadow; redact PERSON; block US_SSN",
        ),
        (
            "{floor: true, defaults: {operator: keep}, entities: {CREDIT_CARD: {operator: mask, keep_last: 4}}}",
            ", as a floor; mask but for the last 4 CREDIT_CARD",
        ),
    ],
)
def test_a_new_document_is_told_by_what_it_does(spec: str, told: str) -> None:
    (line,) = differences([], documents("RedactionPolicy", "p", spec))

    assert line == f'RedactionPolicy "p": added{told}'


def test_what_nobody_is_any_more_is_told() -> None:
    rules = "{rules: [{data: audit, keep_at_least: P6M, delete_after: P13M}]}"
    everybody = documents("RedactionPolicy", "all", "{}") + documents("RetentionPolicy", "kept", rules)
    one_app = documents("RedactionPolicy", "hr", "{match: {apps: [hr]}}")

    assert [line.split(":")[0] for line in differences(everybody, one_app)[-2:]] == [
        "nothing is for everybody any more",
        "nothing says any more how long everybody's data are kept",
    ]
    assert not any("any more" in line for line in differences(everybody, everybody + one_app))
    assert not any("any more" in line for line in differences(one_app, []))


def test_a_change_names_the_apps_that_it_is_for() -> None:
    before, after = (
        load([Source("p", HEAD.format(kind="RedactionPolicy", name="p", spec=spec))], scope=PLATFORM)
        for spec in ("{match: {apps: [crm]}}", "{match: {apps: [crm]}, entities: {EMAIL_ADDRESS: {operator: block}}}")
    )

    assert differences(before, after) == ('RedactionPolicy "p" for app crm: EMAIL_ADDRESS: pseudonymise → block',)


HOSTILE = [
    r"x\r\e[2K\e[A",
    r"x\n  SECRET keep → redact",
    r"x\x9b2J",
    r"\u202eelpmaxe.live",
    r"x\u200b",
    r"x\", - \"y",
    r"x\\\", y",
    r"x, y",
    r" ",
    r"x\u2028",
]


@pytest.mark.parametrize("text", HOSTILE)
@pytest.mark.parametrize(
    ("kept", "with_it"),
    [
        ("{allow: {values: [a]}}", '{allow: {values: [a, "%s"]}}'),
        ("{match: {apps: [a]}}", '{match: {apps: [a, "%s"]}}'),
        ("{recognizers: []}", '{recognizers: [{name: "%s", supported_entity: CODE, deny_list: [Owl]}]}'),
    ],
    ids=["values", "apps", "recognizers"],
)
def test_no_word_of_a_file_is_taken_for_one_of_ours(kept: str, with_it: str, text: str) -> None:
    spec = with_it % text
    lines = [*changed(kept, spec), *changed(spec, kept), *changed(spec, spec.replace("{", "{mode: shadow, ", 1))]

    assert len(lines) == 3
    for line in lines:
        assert line.isprintable()
        said = re.sub(r'"(?:[^"\\]|\\.)*"', "Q", line)
        assert not set(said) & set('"\\')
        assert "elpmaxe" not in said
        assert "SECRET" not in said
        assert " y" not in said


def test_documents_are_for_apps_of_any_name() -> None:
    documents = [
        load([Source("p", HEAD.format(kind="RedactionPolicy", name="p", spec=spec))], scope=PLATFORM)
        for spec in (r'{match: {apps: ["crm\n", "a b", "c,d", hr-de, "2.0"]}}', "{}")
    ]

    (line,) = differences([], documents[0])

    assert line.startswith(r'RedactionPolicy "p" for app "crm\n", "a b", "c,d", hr-de, 2.0: added')


def test_periods_and_controls_change_too() -> None:
    rules = "{{rules: [{{data: audit, keep_at_least: P6M, delete_after: {}}}]}}"

    assert changed(rules.format("P13M"), rules.format("P2Y"), "RetentionPolicy") == ["audit.delete_after: P13M → P2Y"]
    assert changed("{}", "{approvals: 1}", "ChangeControl") == ["approvals: (not set) → 1"]
