"""Files that would take all time or memory, if they were let.

Law: run as a program, this refuses each of them within 100 MB of address space beyond what the imports take, and prints
the codes; ``MemoryError`` ends it otherwise.
"""

from __future__ import annotations

import json
import resource
import sys
from collections.abc import Callable
from pathlib import Path

HEAD = "apiVersion: cloister/v1\nkind: RedactionPolicy\nmetadata: {name: p}\nspec:\n"
MILLION = 1_000_000
ROOM = 100 * MILLION


def _laughs() -> str:
    """Nine times nine, ten times over."""
    lines = ["a: &a [" + "ha," * 9 + "]\n"]
    lines += [f"{mine}: &{mine} [{f'*{above},' * 9}]\n" for above, mine in zip("abcdefghi", "bcdefghij", strict=True)]
    return "".join(lines)


def _patterns(pattern: str, times: int) -> str:
    return f"{HEAD}  allow:\n    patterns:\n" + f"      - '{pattern}'\n" * times


BOMBS: dict[str, tuple[Callable[[], str], str]] = {
    "ten megabytes": (lambda: "a: " + "x" * 10 * MILLION, "CL1009"),
    "ten megabytes of items in a line": (lambda: "a: [" + "x," * 5 * MILLION + "]", "CL1009"),
    "ten megabytes of tabs": (lambda: "\t" * 10 * MILLION, "CL1009"),
    "a million documents": (lambda: "---\n" * MILLION, "CL1009"),
    "as many documents as a file may hold": (lambda: "---\n" * 65_000, "CL1009"),
    "a billion laughs": (_laughs, "CL1007"),
    "laughs without end": (lambda: _laughs() * 300, "CL1007"),
    "brackets": (lambda: "[" * 260_000, "CL1001"),
    "braces": (lambda: "a: " + "{b: " * 60_000, "CL1001"),
    "blocks in blocks": (lambda: "".join(" " * depth + "a:\n" for depth in range(700)), "CL1001"),
    "questions": (lambda: "? " * 130_000, "CL1001"),
    "dashes": (lambda: "- " * 130_000, "CL1001"),
    "an integer of a quarter of a million digits": (
        lambda: f"{HEAD}  defaults: {{threshold: {'9' * 260_000}}}",
        "CL2002",
    ),
    "keys": (lambda: "".join(f"k{number}: 1\n" for number in range(20_000)), "CL1009"),
    "keys that are nearly right": (lambda: HEAD + "".join(f"  entites{n}: 1\n" for n in range(4900)), "CL1003"),
    "types that are nearly right": (
        lambda: f"{HEAD}  entities:\n" + "".join(f"    EMAIL_ADRES{n}: {{}}\n" for n in range(3300)),
        "CL2001",
    ),
    "one key again and again": (lambda: f"{HEAD}  allow: {{{'values: [], ' * 3300}}}", "CL1002"),
    "a line of numbers": (lambda: f"{HEAD}  allow: {{values: [{'1, ' * 9800}]}}", "CL1005"),
    "quotes that are never closed": (lambda: "--- '\n" * 43_000, "CL1001"),
    "brackets that are never closed": (lambda: "--- [\n" * 43_000, "CL1001"),
    "tabs": (lambda: "\t\n" * 130_000, "CL1012"),
    "zeroes": (lambda: "\x00" * 260_000, "CL1015"),
    "bytes that are no text": (lambda: "\udcff" * 260_000, "CL1015"),
    "empty lines": (lambda: "\n" * 260_000, "CL1010"),
    "a text over all lines": (lambda: "a\n" * 130_000, "CL1005"),
    "a word of a quarter of a megabyte": (lambda: f"{HEAD}  {'m' * 250_000}: 1", "CL1001"),
    "patterns in patterns": (lambda: _patterns("((x{1,50}){1,50}){1,50}", 5000), "CL2003"),
    "patterns of all letters": (lambda: _patterns(r"\pL{3,9}\d+" * 40, 400), "CL1009"),
    "patterns of doubt": (lambda: _patterns("(a?){50}a{50}!", 5000), "CL1009"),
    "policies for one app": (
        lambda: "---\n".join(HEAD.replace("p}", f"p{number}}}") + "  match: {apps: [crm]}\n" for number in range(100)),
        "CL2009",
    ),
}
"""Each bomb, and a code that it is refused with."""


def main() -> None:
    """Refuse all of them."""
    from gateway.core.errors import PolicyInvalid
    from gateway.policy.load import Source, load

    taken = int(Path("/proc/self/statm").read_text(encoding="ascii").split()[0]) * resource.getpagesize()
    resource.setrlimit(resource.RLIMIT_AS, (taken + ROOM, taken + ROOM))
    told = {}
    for name, (make, _) in BOMBS.items():
        try:
            load([Source("p.yaml", make())], scope="platform")
        except PolicyInvalid as invalid:
            told[name] = sorted({problem.code for problem in invalid.problems})
    json.dump(told, sys.stdout)


if __name__ == "__main__":
    main()
