"""Write what is generated from code: ``make generate``.

Law: each page is a function of the code alone; ``tests/house/test_generated.py`` fails while a file differs.
"""

from __future__ import annotations

import ast
import inspect
import itertools
import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Annotated, Any, Final, Literal, get_args, get_origin, get_type_hints

import msgspec
from prometheus_client.metrics import MetricWrapperBase

from gateway import settings
from gateway.api.routes import LENSES
from gateway.core import errors
from gateway.core.audit import ACTIONS
from gateway.core.errors import GatewayError
from gateway.eval.cases import SUITE
from gateway.observability import metrics
from gateway.policy.codes import CODES, MENDS
from gateway.policy.schema import json_schema, schema_of
from gateway.protocols import coverage, observed

ROOT: Final = Path(__file__).parent.parent
_NOTE: Final = "<!-- Written by `make generate` from {source}: change it there. -->"


def settings_page() -> str:
    """Every key of the configuration, section by section."""
    lines = [
        "# Settings",
        _NOTE.format(source="gateway/settings.py"),
        "",
        "A file (`--config` or `CLOISTER_CONFIG`) in TOML, and the environment, which wins: `CLOISTER_`, the key in",
        "capitals, `__` for each dot: `server.port` is `CLOISTER_SERVER__PORT`. Lists are JSON there:",
        '`CLOISTER_BACKENDS=\'[{"name": "vllm", "url": "http://vllm:8000"}]\'`. An unknown key is refused, and',
        "so is a password that is not in a file. `CLOISTER_HOME` (default `./.cloister`) is the folder of the",
        "embedded Postgres, the keys and `bootstrap.json`; it stands in the environment alone. Where root may not",
        "use user namespaces, the files of that Postgres are in `/var/lib/cloister` instead. What is looked for,",
        "and what happens to it, is not configuration but policy: `cloister policy`.",
    ]
    for name, section in _sections():
        documents = _field_documents(section)
        hints = get_type_hints(section, include_extras=True)
        rows = [
            (f"`{name}.{field.name}`", _kind(hints[field.name]), _default(field), documents.get(field.name, ""))
            for field in msgspec.structs.fields(section)
        ]
        lines += ["", f"## `{name}`", _summary(section), "", *_table(("key", "value", "default", "meaning"), rows)]
    return "\n".join(lines) + "\n"


def _sections() -> Iterator[tuple[str, type[settings.Section]]]:
    for name, hint in get_type_hints(settings.Settings).items():
        if isinstance(hint, type) and issubclass(hint, settings.Section):
            yield name, hint
        elif get_origin(hint) is tuple:
            yield f"{name}[]", get_args(hint)[0]


def _field_documents(section: type) -> dict[str, str]:
    """Return the strings that stand under a class's fields."""
    [body] = [node.body for node in ast.parse(inspect.getsource(section)).body if isinstance(node, ast.ClassDef)]
    found = {}
    for field, text in itertools.pairwise(body):
        if isinstance(field, ast.AnnAssign) and isinstance(field.target, ast.Name) and isinstance(text, ast.Expr):
            found[field.target.id] = " ".join(str(ast.literal_eval(text.value)).split()).replace("``", "`")
    return found


def _kind(hint: Any) -> str:  # noqa: ANN401 - any annotation
    if get_origin(hint) is Annotated:
        base, meta = get_args(hint)
        if base is str:
            return f"text like `{meta.pattern}`"
        low = f"above {meta.gt:,}" if meta.ge is None else f"from {meta.ge:,}"
        return f"{'whole number' if base is int else 'number'} {low} to {meta.le:,}"
    if get_origin(hint) is Literal:
        return ", ".join(f"`{choice}`" for choice in get_args(hint))
    if get_origin(hint) is tuple:
        return "list of texts"
    return {str: "text", bool: "`true`, `false`"}[hint]


def _default(field: msgspec.structs.FieldInfo) -> str:
    if field.required:
        return "required"
    value = list(field.default) if isinstance(field.default, tuple) else field.default
    return f"`{json.dumps(value)}`" if value not in ("", []) else "none"


def errors_page() -> str:
    """Every error that a client or an operator can meet, and every mistake in a policy file."""
    kinds = [kind for kind in vars(errors).values() if isinstance(kind, type) and issubclass(kind, GatewayError)]
    rows = [
        (f"`{kind.code}`", kind.status, kind.exit_code, kind.retry_after or "", _summary(kind))
        for kind in sorted(kinds, key=lambda kind: (kind.status, kind.code, kind.__name__))
    ]
    return "\n".join(
        [
            "# Errors",
            _NOTE.format(source="gateway/core/errors.py and gateway/policy/codes.py"),
            "",
            "A message may go on with a detail: a limit, a field, the mend. It never holds text from a request.",
            "`exit` is the command's exit code, `retry` the seconds of `Retry-After`.",
            "A command that fails by a mistake of its own exits 70.",
            "",
            *_table(("code", "HTTP", "exit", "retry", "message"), rows),
            "",
            "## Mistakes in policy files",
            "CL1…: form. CL2…: meaning. CL3…: not enforced by this version, and therefore refused. CL4…: warnings, of",
            "what is valid and hardly meant; `cloister policy validate --strict` exits 1 for them.",
            "",
            "A mistake is shown with its line, in which `…` stands for all but the wrong word and words of the schema:",
            "a policy may hold what not everybody may read who sees its mistakes. Of values to find or to let through,",
            "none is ever shown.",
            "",
            *_table(
                ("code", "mistake", "mend"),
                [(f"`{code}`", text, MENDS.get(code, "")) for code, text in CODES.items()],
            ),
            "",
        ]
    )


def actions_page() -> str:
    """Every action of the audit log."""
    rows = [(note.code, f"`{action}`", note.text) for action, note in ACTIONS.items()]
    return "\n".join(
        [
            "# Audit actions",
            _NOTE.format(source="gateway/core/audit.py"),
            "",
            "One closed list. A code outlives its action's name and is never given again.",
            "",
            *_table(("code", "action", "meaning"), sorted(rows)),
            "",
        ]
    )


def metrics_page() -> str:
    """Every metric."""
    found = [metric for metric in vars(metrics).values() if isinstance(metric, MetricWrapperBase)]
    rows = [
        (f"`{told.name}{'_total' if told.type == 'counter' else ''}`", told.type, _labels(metric), told.documentation)
        for metric in found
        for told in metric.describe()
    ]
    return "\n".join(
        [
            "# Metrics",
            _NOTE.format(source="gateway/observability/metrics.py"),
            "",
            "`GET /metrics` with a key of role `platform` (Prometheus text), over all workers of a gateway.",
            "",
            *_table(("metric", "type", "labels", "meaning"), sorted(rows)),
            "",
        ]
    )


def _labels(metric: MetricWrapperBase) -> str:
    return ", ".join(f"`{label}`" for label in metric._labelnames)  # noqa: SLF001 - told nowhere else without a sample


def coverage_page() -> str:
    """What becomes of every field of a request to every endpoint, and of what comes back."""
    lines = [
        "# Coverage",
        _NOTE.format(source="the tables in gateway/protocols"),
        "",
        "What becomes of each field; `GET /api/coverage` tells the same. *Scanned*: searched for entities, replaced by",
        "policy. *Checked*: only what the note says is accepted; of a reply, a number or a word of the protocol. *Left",
        "out*: not forwarded, and named in the audit log; of a reply, not passed on. *Refused*: 400. A field of a",
        "request in no table is refused, one of a reply is left out, an event of an unknown type ends a stream.",
        "*Restored*: text, screened by policy and then given its values; of a call, only where policy puts values into",
        "its tool. *Passed on*: the id of a call, screened unless it is an identifier. *Made anew*: by the gateway.",
        "`*` is any item of a list; brackets hold the variant of an object.",
        "`tests/house/test_lenses_are_total.py` plants a marker in every string, key and number of a request with all",
        "of these fields, and `tests/e2e/test_every_door.py` looks for it at the model server. The tables of replies",
        "come of sending one with every field of vLLM's through the gateway's code;",
        "`tests/contract/test_recorded_coverage.py` holds replies of the real server against them.",
    ]
    for lens in LENSES:
        told = [(f"`{row.path}`", row.treatment, row.note) for row in dict.fromkeys(coverage.rows(lens.shape))]
        lines += ["", f"## `{lens.endpoint}`", "", *_table(("field", "what becomes of it", "note"), told)]
        for title, found in (("Reply", observed.reply_rows(lens)), ("Stream", observed.event_rows(lens))):
            if listed := [(f"`{row.path}`", row.treatment) for row in found]:
                lines += ["", f"### {title}", "", *_table(("field", "what becomes of it"), listed)]
    return "\n".join(lines) + "\n"


def policy_schema() -> str:
    """The JSON Schema of policy files, for editors."""
    return json.dumps(json_schema(), indent=2, ensure_ascii=False) + "\n"


def cases_schema() -> str:
    """The JSON Schema of files of cases, for editors."""
    return json.dumps(schema_of(SUITE, "Cases of Cloister's policies"), indent=2, ensure_ascii=False) + "\n"


def _summary(documented: type) -> str:
    return (documented.__doc__ or "").strip().splitlines()[0].replace("``", "`")


def _table(titles: Sequence[str], rows: Sequence[Sequence[object]]) -> list[str]:
    lines = [titles, ["---"] * len(titles), *rows]
    return ["| " + " | ".join(str(cell).replace("|", "\\|") for cell in line) + " |" for line in lines]


FILES: Final[Mapping[str, Callable[[], str]]] = {
    "docs/actions.md": actions_page,
    "docs/coverage.md": coverage_page,
    "docs/errors.md": errors_page,
    "docs/metrics.md": metrics_page,
    "docs/settings.md": settings_page,
    "policies/cases/schema.json": cases_schema,
    "policies/schema.json": policy_schema,
}


if __name__ == "__main__":
    for file, page in FILES.items():
        (ROOT / file).write_text(page(), encoding="utf-8")
