from collections.abc import Callable

import pytest

from gateway.core.actor import PLATFORM
from gateway.policy.compile import Bundle, compile_bundle
from gateway.policy.load import Source

HEAD = "apiVersion: cloister/v1\nkind: RedactionPolicy\nmetadata: {name: p}\nspec:\n"


@pytest.fixture
def compiled() -> Callable[..., Bundle]:
    """Compile the lines of one spec, indented by two spaces."""

    def make(*lines: str, scope: str = PLATFORM) -> Bundle:
        text = HEAD + "".join(f"  {line}\n" for line in lines or ("mode: enforce",))
        return compile_bundle([Source("p.yaml", text)], scope=scope)

    return make
