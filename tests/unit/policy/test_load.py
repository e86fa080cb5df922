import time
from pathlib import Path

import pytest

from gateway.core.actor import PLATFORM
from gateway.core.errors import PolicyInvalid, ProtocolError
from gateway.policy.load import Source, load, read_sources

REDACTION = "apiVersion: cloister/v1\nkind: RedactionPolicy\nmetadata: {name: %s}\nspec: {match: {tenants: [%s]}}\n"
RETENTION = "apiVersion: cloister/v1\nkind: RetentionPolicy\nmetadata: {name: r}\nspec:\n  rules:\n    - %s\n"


def codes(text: str, scope: str = PLATFORM) -> list[str]:
    with pytest.raises(PolicyInvalid) as raised:
        load([Source("p.yaml", text)], scope=scope)
    return [problem.code for problem in raised.value.problems]


@pytest.mark.parametrize("tenants", ['"*"', "other", "acme, other"])
def test_a_tenant_names_no_other(tenants: str) -> None:
    assert codes(REDACTION % ("p", tenants), scope="acme") == ["CL2008"]


def test_a_tenant_may_name_itself_or_nobody() -> None:
    assert load([Source("p.yaml", REDACTION % ("p", "acme"))], scope="acme")
    assert load(
        [Source("p.yaml", "apiVersion: cloister/v1\nkind: RedactionPolicy\nmetadata: {name: p}\nspec: {}\n")],
        scope="acme",
    )


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("", "CL1010"),
        ("# nothing\n", "CL1010"),
        ("- a\n", "CL1005"),
        ("kind: Redaction\n", "CL1006"),
        ("apiVersion: cloister/v1\n", "CL1004"),
        ("a: [\n", "CL1001"),
        ("a: b: c\n", "CL1001"),
        ("a: &x 1\nb: *x\n", "CL1007"),
        ("? [a]\n: 1\n", "CL1005"),
        ("<<: {}\n", "CL1007"),
        ((REDACTION % ("p", '"*"')) + "---\n" + (REDACTION % ("p", '"*"')), "CL1011"),
    ],
)
def test_the_form_of_a_file(text: str, code: str) -> None:
    assert code in codes(text)


@pytest.mark.parametrize(
    ("rule", "code"),
    [
        ("{data: transcripts, keep: P30D}", "CL3001"),
        ("{data: pseudonyms, keep: P1D}", "CL3001"),
        ("{data: transcripts}", "CL3001"),
        ("{data: audit, delete_after: P13M}", "CL1004"),
        ("{data: audit, keep_at_least: P6M, delete_after: P5M}", "CL2007"),
        ("{data: audit, keep_at_least: P6M, delete_after: 180d}", "CL2006"),
        ("{data: audit, keep_at_least: P6M, delete_after: P180D}", "CL2007"),
        ("{data: audit, keep_at_least: P6M, delete_after: P8000Y}", "CL2006"),
        ("{data: audit, keep_at_least: P9999M, delete_after: P9000Y}", "CL2006"),
        ("{data: logs, keep: P0D}", "CL1006"),
        ("{keep: P0D}", "CL1004"),
    ],
)
def test_retention_rules_that_are_not_enforced_are_refused(rule: str, code: str) -> None:
    assert codes(RETENTION % rule) == [code]


def test_a_second_rule_for_the_same_data_is_refused_in_its_place() -> None:
    rule = "{data: audit, keep_at_least: P6M, delete_after: P13M}"

    with pytest.raises(PolicyInvalid) as raised:
        load([Source("r.yaml", RETENTION % f"{rule}\n    - {rule.replace('P13M', 'P1Y')}")], scope=PLATFORM)

    (problem,) = raised.value.problems
    assert (problem.code, problem.line, problem.column) == ("CL2010", 7, 7)


def test_retention_by_app_is_not_enforced_yet() -> None:
    text = RETENTION % "{data: transcripts, keep: P0D}" + "  match: {apps: [crm]}\n"

    assert codes(text) == ["CL3001"]


def test_the_audit_rule_is_accepted() -> None:
    assert load(
        [Source("r.yaml", RETENTION % "{data: audit, keep_at_least: P6M, delete_after: P184D}")], scope=PLATFORM
    )


@pytest.mark.parametrize(
    "bomb",
    [
        "a: " + "x" * (10 * 1024 * 1024),
        "a: &a [x,x,x,x,x,x,x,x,x]\nb: &b [*a,*a,*a,*a,*a,*a,*a,*a]\nc: [*b,*b,*b,*b,*b,*b,*b]\n",
        "[" * 100_000,
        "a: " + "{b: " * 5000,
        "---\n" * 65_536,
        "- a\n" * 65_536,
        "a\n" * 131_072,
        "\t\n" * 131_072,
        "".join(f"k{number}: 1\n" for number in range(20_000)),
    ],
    ids=["10 MB", "aliases", "brackets", "braces", "documents", "items", "lines", "tabs", "keys"],
)
def test_a_bomb_is_refused_at_once(bomb: str) -> None:
    began = time.monotonic()

    assert codes(bomb)
    assert time.monotonic() - began < 5


def test_a_file_is_refused_for_its_documents_before_they_are_read() -> None:
    text = "".join(REDACTION % (f"p{number}", f"t{number}") + "---\n" for number in range(101))

    assert codes(text) == ["CL1009"]
    assert len(load([Source("p.yaml", text.rsplit("---\n", 3)[0])], scope=PLATFORM)) == 99


def test_of_very_many_mistakes_the_first_are_reported() -> None:
    found = codes(REDACTION % ("p", "a") + "".join(f"wrong{number}: 1\n" for number in range(3000)))

    assert found == ["CL1003"] * 1000 + ["CL1014"]


def test_files_and_folders_are_read_in_order(tmp_path: Path) -> None:
    for name in ("b.yaml", "a.yaml", "c.txt"):
        (tmp_path / name).write_text(name)

    assert [source.text for source in read_sources([tmp_path])] == ["a.yaml", "b.yaml"]


@pytest.mark.parametrize("data", [b"\xff\xfe", None])
def test_a_file_that_cannot_be_read_is_named(tmp_path: Path, data: bytes | None) -> None:
    if data:
        (tmp_path / "x.yaml").write_bytes(data)

    with pytest.raises(ProtocolError, match=r"x\.yaml"):
        read_sources([tmp_path / "x.yaml"])
