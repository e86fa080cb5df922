import hashlib

from gateway.audit.offline import leaf_hash


def test_the_empty_leaf_of_rfc_6962() -> None:
    assert leaf_hash(b"").hex() == "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d"


def test_a_leaf_is_no_plain_hash() -> None:
    assert leaf_hash(b"x") != hashlib.sha256(b"x").digest()
