import json
from pathlib import Path

import jsonschema
import pytest
from ruamel.yaml import YAML

from gateway.api.routes import LENSES
from gateway.core.exchange import ENDPOINTS
from gateway.policy.schema import json_schema


def test_the_file_is_what_the_code_generates(root: Path) -> None:
    assert json.loads((root / "policies" / "schema.json").read_text()) == json_schema()


@pytest.mark.parametrize("name", ["default", "strict", "observe"])
def test_shipped_policies_hold_under_it(root: Path, name: str) -> None:
    for document in YAML(typ="safe").load_all((root / "policies" / f"{name}.yaml").read_text()):
        jsonschema.validate(document, json_schema())


@pytest.mark.parametrize(
    "spec", [{"mode": "shadows"}, {"entites": {}}, {"entities": {"persn": {}}}, {"defaults": {"threshold": 2}}]
)
def test_it_refuses_what_the_gateway_refuses(spec: object) -> None:
    document = {"apiVersion": "cloister/v1", "kind": "RedactionPolicy", "metadata": {"name": "p"}, "spec": spec}

    with pytest.raises(jsonschema.ValidationError):
        jsonschema.validate(document, json_schema())


def test_every_endpoint_of_applications_can_be_named() -> None:
    assert sorted(lens.endpoint for lens in LENSES) == list(ENDPOINTS)
