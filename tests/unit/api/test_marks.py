import uuid

from gateway.api.marks import marked
from gateway.system import SystemIds


def test_an_answer_that_is_no_exchange_gets_the_headers_of_one() -> None:
    found = dict(marked([(b"content-type", b"text/plain")], 200, SystemIds()))

    assert found.pop(b"content-type") == b"text/plain"
    assert uuid.UUID(found.pop(b"x-cloister-exchange").decode()).version == 7
    assert found.pop(b"x-cloister-decision") == b"permit"
    assert found == {b"x-cloister-policy": b"", b"x-cloister-entities": b"", b"server-timing": b""}


def test_a_refusal_is_a_denial() -> None:
    assert dict(marked([], 404, SystemIds()))[b"x-cloister-decision"] == b"deny"


def test_an_exchange_keeps_its_own() -> None:
    own = [(b"x-cloister-exchange", b"its own")]

    assert marked(own, 500, SystemIds()) == own
