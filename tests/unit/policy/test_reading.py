from datetime import UTC, datetime, timedelta

import pytest

from gateway.core.errors import PolicyInvalid
from gateway.policy.compile import compile_bundle
from gateway.policy.lint import lint
from gateway.policy.load import Source, load
from gateway.policy.reading import MOST_WARNINGS, read, read_closely

HEAD = "apiVersion: cloister/v1\nkind: RedactionPolicy\nmetadata: {name: %s}\nspec: %s\n"
NOON = datetime(2027, 2, 1, 12, tzinfo=UTC)
DAY = timedelta(days=1)


def files(**specs: str) -> list[Source]:
    return [Source(f"{name}.yaml", HEAD % (name, spec)) for name, spec in specs.items()]


def shadow(app: str) -> str:
    return f"{{mode: shadow, match: {{apps: [{app}]}}}}"


def test_files_are_read_as_they_are_loaded_compiled_and_looked_at() -> None:
    sources = files(p="{floor: true}", q="{}")
    quick, close = (each(sources, scope="acme") for each in (read, read_closely))

    assert quick.bundle == close.bundle == compile_bundle(sources, scope="acme")
    assert [each.name for each in quick.documents] == ["p", "q"]
    assert (quick.warnings, close.warnings) == ((), lint(load(sources, scope="acme")))
    assert [each.code for each in close.warnings] == ["CL4010"]
    for each in (read, read_closely):
        with pytest.raises(PolicyInvalid):
            each(files(p="{mod: x}"), scope="acme")


def test_a_document_is_in_shadow_since_it_first_was_without_a_break() -> None:
    first = read(files(p="{}", q=shadow("crm")), scope="acme").shadows({}, NOON)
    assert first == {"q": "2027-02-01T12:00:00.000000Z"}

    later = read(files(p="{}", q=shadow("hr"), r=shadow("crm")), scope="acme").shadows(first, NOON + DAY)
    assert later == {"q": "2027-02-01T12:00:00.000000Z", "r": "2027-02-02T12:00:00.000000Z"}

    taken = read(files(p="{}", q="{match: {apps: [hr]}}", r=shadow("crm")), scope="acme").shadows(later, NOON + 2 * DAY)
    assert taken == {"r": "2027-02-02T12:00:00.000000Z"}

    again = read(files(p="{}", q=shadow("hr")), scope="acme").shadows(taken, NOON + 3 * DAY)
    assert again == {"q": "2027-02-04T12:00:00.000000Z"}


@pytest.mark.parametrize(("days", "codes"), [(0, []), (30, []), (31, ["CL4018"]), (-1, [])])
def test_of_a_shadow_that_is_long_one_is_warned(days: int, codes: list[str]) -> None:
    reading = read_closely(files(p="{}", q=shadow("crm")), scope="acme")
    since = reading.shadows({}, NOON)

    assert [each.code for each in reading.warned(since, NOON + days * DAY)] == codes
    assert reading.warned({}, NOON + days * DAY) == ()


def test_of_very_many_warnings_some_are_told_and_first_those_of_time() -> None:
    many = {f"p{number:03}": f"{{mode: 'off', match: {{apps: [a{number}]}}}}" for number in range(MOST_WARNINGS + 1)}
    reading = read_closely(files(**many, q=shadow("crm")), scope="acme")
    told = reading.warned({"q": "2026-01-01T00:00:00.000000Z"}, NOON)

    assert len(reading.warnings) == MOST_WARNINGS + 1
    assert (len(told), told[-1].code) == (MOST_WARNINGS, "CL4018")
    assert [each.file for each in told] == sorted(each.file for each in told)
