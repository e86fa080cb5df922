"""Files that ship with the package but are not Python: migrations and policies.

Law: in a source tree they stand at its top level; a wheel carries the same files under ``gateway/_shipped``.
"""

from __future__ import annotations

from pathlib import Path
from typing import Final

_PACKAGE: Final = Path(__file__).parent.parent


def shipped(name: str) -> Path:
    """Return the folder of that name, such as ``migrations``. Raise FileNotFoundError where it did not ship."""
    for folder in (_PACKAGE / "_shipped" / name, _PACKAGE.parent / name):
        if folder.is_dir():
            return folder
    message = f"'{name}' did not ship with this installation"
    raise FileNotFoundError(message)
