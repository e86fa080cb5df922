from gateway.core.operators import STRENGTH, Operator


def test_operators_are_ordered_by_what_they_hide() -> None:
    assert sorted(STRENGTH, key=STRENGTH.__getitem__) == [
        Operator.KEEP,
        Operator.PSEUDONYMISE,
        Operator.MASK,
        Operator.HASH,
        Operator.REDACT,
        Operator.BLOCK,
    ]
