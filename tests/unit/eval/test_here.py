import pytest

from gateway.core.content import PartKind, Segment
from gateway.core.errors import GatewayError
from gateway.core.sensitive import Sensitive
from gateway.eval.here import KeyedByWord, detector
from gateway.eval.sides import Plan, policy_of


async def test_segments_are_read_as_the_gateway_reads_them() -> None:
    segments = [
        Segment(pointer=f"/{number}", kind=PartKind.TEXT, text=Sensitive(text))
        for number, text in enumerate(("mail bob@corp.local", "nothing"))
    ]

    first, second = await detector("patterns", "").analyze(segments, policy_of(Plan()), asker=("t", "a"))

    assert [(found.entity_type, found.start, found.end) for found in first] == [("EMAIL_ADDRESS", 5, 19)]
    assert second == ()


def test_a_model_that_is_not_there_is_refused() -> None:
    with pytest.raises(GatewayError):
        detector("spacy", "/nowhere")


def test_hashes_are_keyed_by_tenant_and_type_and_the_same_for_every_spelling() -> None:
    of = KeyedByWord().fingerprint
    same = of("t", "PERSON", "Ann  Lee")

    assert same == of("t", "PERSON", "ann lee")
    assert len({same, of("u", "PERSON", "Ann Lee"), of("t", "USERNAME", "Ann Lee"), of("t", "PERSON", "Ann Li")}) == 4
    assert len(same) == 64
