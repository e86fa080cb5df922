"""False findings, written into files as people write them."""

from __future__ import annotations

import pytest

from gateway.core.errors import PolicyInvalid, ProtocolError
from gateway.policy import compile_bundle
from gateway.policy.amend import with_findings
from gateway.policy.load import Source

ONE, TWO = (f"hmac-sha256:2026-11:{digit * 32}" for digit in "12")
HEAD = "apiVersion: cloister/v1\nkind: RedactionPolicy\nmetadata: {name: hr}\n"


def amended(text: str, **findings: list[str]) -> str:
    (made,) = with_findings([Source("p.yaml", text)], {"hr": findings}, scope="acme")
    compile_bundle([made], scope="acme")
    return made.text


@pytest.mark.parametrize(
    ("spec", "expected"),
    [
        (
            "spec:\n  # for the people's office\n  media: refuse  # no pictures\n",
            "spec:\n  # for the people's office\n{new}  media: refuse  # no pictures\n",
        ),
        (
            "spec:\n  allow:\n      values: [Acme]\n  media: refuse\n",
            "spec:\n  allow:\n{deep}      values: [Acme]\n  media: refuse\n",
        ),
        (
            "spec:\n  allow:\n    findings:\n      AGE: [{two}]\n",
            "spec:\n  allow:\n    findings:\n      PERSON:\n        - {one}\n      AGE: [{two}]\n",
        ),
        (
            "spec:\n  allow:\n    findings:\n      PERSON:\n      -   {two} # Rosa\n",
            "spec:\n  allow:\n    findings:\n      PERSON:\n      -   {one}\n      -   {two} # Rosa\n",
        ),
    ],
)
@pytest.mark.parametrize("end", ["\n", "\r\n"])
def test_lines_come_and_no_other_changes(spec: str, expected: str, end: str) -> None:
    new = "  allow:\n    findings:\n      PERSON:\n        - {one}\n"
    deep = "      findings:\n        PERSON:\n          - {one}\n"
    written = HEAD + expected.replace("{new}", new).replace("{deep}", deep)
    text, wanted = (
        each.replace("{one}", f'"{ONE}"').replace("{two}", f'"{TWO}"').replace("\n", end)
        for each in (HEAD + spec, written)
    )

    assert amended(text, PERSON=[ONE]) == wanted


def test_several_types_come_together_and_what_is_there_does_not_come_again() -> None:
    text = HEAD + f"spec:\n  allow:\n    findings:\n      PERSON:\n        - {ONE}\n"

    once = amended(text, PERSON=[ONE, TWO, TWO], AGE=[TWO], US_SSN=[ONE])
    assert once.count(ONE) == 2
    assert once.count(TWO) == 2
    assert amended(once, PERSON=[ONE, TWO], AGE=[TWO], US_SSN=[ONE]) == once


def test_only_the_policy_of_that_name_changes() -> None:
    other = HEAD.replace("hr", "crm") + "spec:\n  match: {apps: [crm]}\n"
    control = "apiVersion: cloister/v1\nkind: ChangeControl\nmetadata: {name: hr}\nspec:\n  approvals: 1\n"
    text = f"{other}---\n{control}---\n{HEAD}spec:\n  media: refuse\n"

    assert amended(text, PERSON=[ONE]) == text.replace(
        f"{HEAD}spec:\n", f'{HEAD}spec:\n  allow:\n    findings:\n      PERSON:\n        - "{ONE}"\n'
    )
    assert amended(other, PERSON=[ONE]) == other


@pytest.mark.parametrize(
    "spec",
    [
        "spec: {media: refuse}\n",
        "spec: {}\n",
        "spec:\n  allow: {values: [Acme]}\n",
        "spec:\n  allow: {}\n  media: refuse\n",
        f"spec:\n  allow:\n    findings: {{PERSON: [{TWO}]}}\n",
        f"spec:\n  allow:\n    findings:\n      PERSON: [{TWO}]\n",
        "spec:\n  allow:\n    findings:\n      PERSON: []\n",
        "spec:\n  allow:\n    findings: {}\n",
    ],
)
def test_where_no_line_can_be_added_it_is_said_what_is_to_be_written(spec: str) -> None:
    with pytest.raises(ProtocolError) as raised:
        amended(HEAD + spec, PERSON=[ONE])

    assert raised.value.detail.startswith("p.yaml:")
    assert f'{{"PERSON": ["{ONE}"]}} to spec.allow.findings by hand' in raised.value.detail


def test_a_file_in_another_order_or_at_its_very_end_is_amended_too() -> None:
    text = "spec:\n    media: refuse\nmetadata:\n    name: hr\nkind: RedactionPolicy\napiVersion: cloister/v1"

    assert amended(text, PERSON=[ONE]).startswith(
        f'spec:\n    allow:\n      findings:\n        PERSON:\n          - "{ONE}"\n    media: refuse\n'
    )


@pytest.mark.parametrize(
    "spec",
    ["", "spec:\n", "spec: [a]\n", "spec:\n  allow:\n", "spec:\n  allow:\n    findings:\n", "spec: {}\n# \udcff\n"]
    + [f"spec:\n  allow:\n    findings:\n      PERSON:{of}\n" for of in ("", " abc", " {a: b}", "\n        - a: b")],
)
def test_a_file_with_mistakes_is_not_touched(spec: str) -> None:
    with pytest.raises(PolicyInvalid):
        amended(HEAD + spec, PERSON=[ONE])


@pytest.mark.parametrize("value", ["Ann Lee", "", ONE[:-1]])
def test_what_is_no_value_as_events_name_it_is_not_written(value: str) -> None:
    with pytest.raises(PolicyInvalid):
        amended(HEAD + "spec:\n  media: refuse\n", PERSON=[value])


def test_a_type_that_a_policy_may_not_name_keeps_none_of_the_others_out() -> None:
    text = HEAD + "spec:\n  media: refuse\n"
    badges = "  recognizers: [{name: b, supported_entity: BADGE, deny_list: [B-1]}]\n"

    assert amended(text, BADGE=[TWO], **{"PERSON: []\n#": [TWO]}) == text
    assert "BADGE" not in (one := amended(text, BADGE=[TWO], PERSON=[ONE]))
    assert ONE in one
    assert TWO in amended(text + badges, BADGE=[TWO], PERSON=[ONE])
