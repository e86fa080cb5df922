"""Making text safe.

Takes: segments, and a decision that names an operator for every finding.
Gives: the same segments with values replaced, and the table that says what each placeholder stands for.
Knows: the grammar of placeholders.
Never: reads a clock, keeps a value beyond its exchange, or gives two values one placeholder.
"""

from gateway.transform.apply import Transformed, apply

__all__ = ["Transformed", "apply"]
