"""The one way out of ``Sensitive`` is used in these files alone."""

import re
from pathlib import Path

REVEAL = re.compile(r"\.reveal\(\)")
SITES = {
    "api/inference.py",
    "api/policies.py",
    "app.py",
    "bench/load.py",
    "cli/access.py",
    "cli/redact.py",
    "detect/analyzer.py",
    "detect/passages.py",
    "egress/admin.py",
    "egress/caller.py",
    "eval/explain.py",
    "eval/gate.py",
    "eval/rehearsal.py",
    "eval/trials.py",
    "exchange/looks.py",
    "exchange/pipeline.py",
    "exchange/screen.py",
    "exchange/shadow.py",
    "exchange/stream.py",
    "exchange/values.py",
    "forward/send.py",
    "identity/api_keys.py",
    "identity/authenticate.py",
    "identity/bootstrap.py",
    "keys/fingerprint.py",
    "keys/keyring.py",
    "keys/notes.py",
    "protocols/inner.py",
    "protocols/observed.py",
    "protocols/template.py",
    "restore/automaton.py",
    "restore/body.py",
    "restore/stream.py",
    "transform/apply.py",
}


def test_text_leaves_sensitive_in_named_files_only(root: Path) -> None:
    found = {
        str(file.relative_to(root / "gateway"))
        for file in (root / "gateway").rglob("*.py")
        if REVEAL.search(file.read_text(encoding="utf-8"))
    }

    assert found - {"core/sensitive.py"} == SITES
