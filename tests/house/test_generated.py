import runpy
from pathlib import Path

import msgspec
import pytest

from gateway import settings
from gateway.core import errors
from gateway.core.audit import ACTIONS

ROOT = Path(__file__).parent.parent.parent
GENERATE = runpy.run_path(str(ROOT / "docs/generate.py"))


@pytest.mark.parametrize("file", GENERATE["FILES"])
def test_a_generated_file_is_what_the_code_generates(file: str) -> None:
    assert (ROOT / file).read_text(encoding="utf-8") == GENERATE["FILES"][file](), "run `make generate`"


def test_make_generate_writes_them() -> None:
    assert "$(BIN)/python docs/generate.py" in (ROOT / "Makefile").read_text(encoding="utf-8")


def keys(section: type[settings.Section], prefix: str) -> list[str]:
    found = []
    for field in msgspec.structs.fields(section):
        default = field.default
        if isinstance(default, settings.Section):
            found += keys(type(default), f"{prefix}{field.name}.")
        elif field.name == "backends":
            found += keys(settings.BackendSettings, "backends[].")
        elif field.name != "home":
            found.append(prefix + field.name)
    return found


@pytest.mark.parametrize("key", keys(settings.Settings, ""))
def test_every_setting_is_explained(key: str) -> None:
    [row] = [line for line in GENERATE["settings_page"]().splitlines() if line.startswith(f"| `{key}` |")]
    cells = [cell.strip() for cell in row.strip("|").split("|")]

    assert all(cells)
    assert cells[-1].endswith(".")


def test_every_error_and_action_is_listed() -> None:
    assert all(
        f"| `{getattr(errors, name).code}` |" in GENERATE["errors_page"]()
        for name in errors.__all__
        if name != "Problem"
    )
    assert all(f"| {note.code} | `{action}` |" in GENERATE["actions_page"]() for action, note in ACTIONS.items())
