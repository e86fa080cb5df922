import re
import subprocess
from pathlib import Path

import pytest

from gateway.core import errors
from gateway.core.actor import Permission
from gateway.core.audit import ACTIONS, Action
from gateway.core.errors import GatewayError

NOUN_VERB = re.compile(r"[a-z]+(_[a-z]+)*\.[a-z]+(_[a-z]+)*")
ERRORS = [kind for kind in vars(errors).values() if isinstance(kind, type) and issubclass(kind, GatewayError)]


def test_actions_are_sorted_documented_and_coded_once() -> None:
    names = [action.value for action in Action]

    assert names == sorted(names)
    assert all(NOUN_VERB.fullmatch(name) for name in names)
    assert set(ACTIONS) == set(Action)
    assert len({note.code for note in ACTIONS.values()}) == len(ACTIONS)
    assert all(note.text and not note.text.endswith(".") for note in ACTIONS.values())


def test_permissions_are_sorted_nouns_and_verbs() -> None:
    names = [permission.value for permission in Permission]

    assert names == sorted(names)
    assert all(NOUN_VERB.fullmatch(name) for name in names)


@pytest.mark.parametrize("kind", ERRORS, ids=lambda kind: kind.__name__)
def test_every_error_has_a_code_a_status_and_a_sentence(kind: type[GatewayError]) -> None:
    assert re.fullmatch(r"[a-z]+(_[a-z]+)*", kind.code)
    assert 400 <= kind.status <= 599
    assert kind.exit_code in {1, 2, 3, 69, 78}
    assert (kind.__doc__ or "").splitlines()[0].endswith(".")
    assert kind.__name__ in errors.__doc__.replace("\n", " ")
    assert kind.__name__ in errors.__all__


def tracked(root: Path) -> list[Path]:
    """Files of ours: the model's vocabulary is data."""
    listed = subprocess.run(["git", "ls-files"], cwd=root, capture_output=True, text=True, check=True).stdout
    names = [name for name in listed.splitlines() if not name.startswith("gateway/detect/model/vocab")]
    return [root / name for name in names if (root / name).is_file()]


FORBIDDEN = {
    "a path of some machine": re.compile(r"(?<![\w.-])/(work|farm|root)/"),
    "something left for later": re.compile("|".join(["TO" + "DO", "FIX" + "ME", "NotImplemented" + "Error"])),
    "the host of a package registry": re.compile(
        "|".join(["pypi" + r"\.org", "python" + "hosted", "npmjs" + r"\.", "deb" + r"\.debian"])
    ),
}


@pytest.mark.parametrize("what", FORBIDDEN)
def test_no_file_holds(root: Path, what: str) -> None:
    found = []
    for file in tracked(root):
        try:
            lines = file.read_text(encoding="utf-8").splitlines()
        except UnicodeDecodeError:
            continue
        found += [
            f"{file.relative_to(root)}:{number}" for number, line in enumerate(lines, 1) if FORBIDDEN[what].search(line)
        ]

    assert found == []


def test_the_locks_hold_no_address(root: Path) -> None:
    for file in sorted((root / "requirements").glob("*.txt")):
        assert "://" not in file.read_text(encoding="utf-8"), file.name
